"""Every relative link of the documentation leads to a file, every #part to a heading."""
import os
import re
import unittest

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)


def pages():
    for folder in (ROOT, os.path.join(ROOT, "docs")):
        for name in sorted(os.listdir(folder)):
            if name.endswith(".md"):
                yield os.path.join(folder, name)


def read(path):
    with open(path, encoding="utf-8") as page:
        return page.read()


def anchors(path):
    """The anchors that the common renderers make of a page's headings."""
    for heading in HEADING.findall(read(path)):
        yield re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


class Links(unittest.TestCase):
    def test_links_lead_somewhere(self):
        checked = 0
        for page in pages():
            for link in LINK.findall(read(page)):
                if re.match(r"[a-z]+:", link):
                    continue
                target, _, part = link.partition("#")
                path = os.path.normpath(os.path.join(os.path.dirname(page), target)) \
                    if target else page
                with self.subTest(page=os.path.relpath(page, ROOT), link=link):
                    self.assertTrue(os.path.exists(path))
                    if part:
                        self.assertIn(part, list(anchors(path)))
                    checked += 1
        self.assertGreater(checked, 10)


if __name__ == "__main__":
    unittest.main()
