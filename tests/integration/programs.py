"""The programs of docs/conversation.md, each run as it stands there."""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

from harness import SOURCE, Server, main, speak
from microphone import Sound

PAGE = os.path.join(SOURCE, "docs", "conversation.md")
SCRIPT = re.compile(r"^\{", re.MULTILINE)


def read_page():
    """The lines that all programs begin with, {heading: program} and {heading: script}."""
    with open(PAGE, encoding="utf-8") as file:
        page = file.read()
    programs, scripts = {}, {}
    for heading, body in re.findall(r"^##? (.*)\n((?:(?!##? ).*\n?)*)", page, re.MULTILINE):
        for block in re.findall(r"(?:^    .*\n(?:\n(?=    ))?)+", body, re.MULTILINE):
            block = re.sub(r"^    ", "", block, flags=re.MULTILINE)
            (scripts if SCRIPT.match(block) else programs)[heading] = block
    return programs.pop("Conversations"), programs, scripts


class Programs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="realtime-test-")
        cls.begin, cls.programs, cls.scripts = read_page()
        cls.talk = os.path.join(cls.folder, "talk.wav")
        speak(cls.talk, ["hello how are you today"], "--pause", "0.2")

    def start(self, heading, *options, environment=None):
        if heading in self.scripts:
            path = os.path.join(self.folder, "script")
            with open(path, "w", encoding="utf-8") as file:
                file.write(self.scripts[heading])
            options += ("--script", path)
        self.server = Server(*options)
        self.addCleanup(self.server.__exit__)
        program = subprocess.Popen(
            [sys.executable, "-u", "-c", self.begin + self.programs[heading]], text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            env={**os.environ, **(environment or {}), **self.server.exports})
        self.addCleanup(program.stdout.close)
        self.addCleanup(program.stdin.close)
        self.addCleanup(program.kill)
        return program

    def finish(self, program):
        output = program.stdout.read()
        self.assertEqual(program.wait(timeout=60), 0, output)
        return output.strip().splitlines()

    def run_program(self, heading):
        return self.finish(self.start(heading, "--asr", "none"))

    def test_every_program_has_its_test(self):
        with open(__file__, encoding="utf-8") as file:
            tested = set(re.findall(r"(?:run_program|talk_to)\(\"(.*?)\"", file.read()))
        self.assertEqual(set(self.programs), tested)

    def test_text(self):
        self.assertEqual(self.run_program("Text"), [
            "Why did the buffer cross the pipeline? To get to the other sink."])

    def test_pictures(self):
        self.assertEqual(self.run_program("Pictures"),
                         ["I see a JPEG picture of 320 by 240 pixels."])

    def test_functions(self):
        self.assertEqual(self.run_program("Functions"), [
            "get_weather {'city': 'berlin'}", "The answer is: sky clear, degrees 21."])

    def test_responses(self):
        self.assertEqual(self.run_program("Responses"), ["Good morning! How can I help you?"])

    def test_responses_beside_the_conversation(self):
        self.assertEqual(self.run_program("Responses beside the conversation"), [
            "title: a greeting", "Hello! How can I help you?"])

    def test_approvals(self):
        self.assertEqual(self.run_program("Approvals"),
                         ['may call search {"query":"opus"}', "called"])

    def test_interruption(self):
        line, = self.run_program("Interruption")
        self.assertTrue(line.startswith("one two"), line)
        self.assertTrue(line.endswith("--"), line)
        self.assertNotIn("ten", line)

    def talk_to(self, heading):
        """A program with a microphone and a loudspeaker, of a sound server of the test's own."""
        if not shutil.which("pulseaudio") or not shutil.which("pactl"):
            self.skipTest("no pulseaudio here")
        sound = Sound()
        self.addCleanup(sound.stop)
        program = self.start(heading, environment=sound.environment)
        self.assertEqual(program.stdout.read(len("Enter to")), "Enter to")
        program.stdin.write("\n")
        program.stdin.flush()
        while program.stdout.read(1) != "t":
            pass
        while program.stdout.read(1) != "d":
            pass
        sound.play(self.talk)
        program.stdin.write("\n")
        program.stdin.flush()
        return self.finish(program)

    def test_push_to_talk(self):
        self.assertIn("Hello! How can I help you?", self.talk_to("Push to talk"))

    def test_turns_by_hand(self):
        self.assertIn("Hello! How can I help you?", self.talk_to("Turns by hand"))


if __name__ == "__main__":
    main()
