"""The programs of examples/: a spoken exchange with a tool call, an interruption and a text
turn, in Python and in C, on the same words."""
import os
import subprocess
import sys
import tempfile
import unittest

from harness import BUILD, SOURCE, Server, main, read_events, read_wave, speak

PROGRAMS = {
    "python": [sys.executable, os.path.join(SOURCE, "examples", "converse.py")],
    "c": [os.path.join(BUILD, "examples", "converse")],
}


class Examples(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="realtime-test-")
        cls.talk = os.path.join(cls.folder, "talk.wav")
        # what follows is silence, in which the keyboard is used
        speak(cls.talk, ["turn the volume down to six"], "--pause", "60")

    def read_until(self, program, *words, end="\n"):
        """What the program writes, to where a line ends (or what else it is to end with) and
        all these words came."""
        text = ""
        while not all(word in text for word in words) or not text.endswith(end):
            letter = program.stdout.read(1)
            self.assertTrue(letter, "the program ended after: " + text)
            text += letter
        return text

    def converse(self, name):
        reply = os.path.join(self.folder, name + ".wav")
        with Server() as server:
            program = subprocess.Popen(
                [*PROGRAMS[name], f"filesrc location={self.talk} ! wavparse",
                 f"audioconvert ! wavenc ! filesink location={reply}"],
                env={**os.environ, **server.exports}, text=True,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            self.addCleanup(program.stdout.close)
            self.addCleanup(program.kill)

            def write(line):
                program.stdin.write(line + "\n")
                program.stdin.flush()

            # a spoken question, a function, a spoken answer
            self.read_until(program, "you: ", "The answer is: volume 6.",
                            '[set_volume {"level":6} = {"volume": 6}]')
            # a written question, and an interruption of its answer
            write("this is a long story about a short walk through a small town")
            self.read_until(program, "a long story", end="story")
            write("")
            text = self.read_until(program, " --")
            self.assertNotIn("town", text)
            # a written one that is answered to its end
            write("tell me a joke")
            text = self.read_until(program, "To get to the other sink.")
            program.stdin.close()
            rest = program.stdout.read()
            self.assertEqual(program.wait(timeout=60), 0, rest)
            self.assertEqual(rest, "")
            server.stop()
            self.check_voice(server, reply)
            codes = [event["error"]["code"] for path in server.files("-server.jsonl")
                     for event in read_events(path) if event["type"] == "error"]
            self.assertEqual(codes, [])

    def check_voice(self, server, reply):
        """From the function's call on the voice is as loud as the function made it."""
        said = abs(read_wave(server.files("-said.wav")[0])[1]).max()
        heard = abs(read_wave(reply)[1]).max()
        print(f"peak said {said:.2f}, played {heard:.2f}")
        self.assertLess(abs(heard / said - 0.6), 0.1)

    def test_python(self):
        with open(PROGRAMS["python"][1], encoding="utf-8") as file:
            self.assertLess(len(file.readlines()), 60)
        self.converse("python")

    def test_c(self):
        self.converse("c")

    def test_mistakes(self):
        for name, program in PROGRAMS.items():
            with self.subTest(name):
                result = subprocess.run([*program, "no-such-element"], text=True, check=False,
                                        stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
                self.assertNotEqual(result.returncode, 0)
                self.assertIn("no-such-element", result.stderr)


if __name__ == "__main__":
    main()
