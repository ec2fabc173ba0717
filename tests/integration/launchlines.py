"""The launch lines of docs/captions.md, for the tests that run them."""
import os
import re

from harness import SOURCE

PAGE = os.path.join(SOURCE, "docs", "captions.md")
TESTS = ("outputs.py", "outputs_live.py")


def read_page():
    """{heading: launch line} of the page, and the headings that its table names."""
    with open(PAGE, encoding="utf-8") as file:
        page = file.read()
    lines = {}
    for heading, body in re.findall(r"^##+ (.*)\n((?:(?!##).*\n?)*)", page, re.MULTILINE):
        blocks = re.findall(r"(?:^    .*\n?)+", body, re.MULTILINE)
        assert len(blocks) <= 1, f"more than one line under {heading}"
        if blocks:
            lines[heading] = re.sub(r"\\\n\s*", " ", blocks[0]).strip()
    return lines, re.findall(r"\[([^\]]*)\]\(#", page)


def tested_headings():
    """The headings whose line a test runs."""
    found = set()
    for name in TESTS:
        path = os.path.join(os.path.dirname(os.path.abspath(__file__)), name)
        with open(path, encoding="utf-8") as file:
            found.update(re.findall(r"\.run_line\(\"(.*?)\"", file.read()))
    return found


def words(text):
    return re.findall(r"[a-z']+", text.lower())
