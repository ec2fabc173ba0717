"""examples/wer counts wrong words as the textbook does."""
import json
import os
import subprocess
import sys
import tempfile
import unittest

WER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "examples", "wer")
COMPLETED = "conversation.item.input_audio_transcription.completed"


class WordErrorRate(unittest.TestCase):
    def rate(self, spoken, *transcripts, options=(), kind=COMPLETED):
        with tempfile.TemporaryDirectory() as folder:
            said = os.path.join(folder, "spoken.txt")
            session = os.path.join(folder, "session.jsonl")
            with open(said, "w", encoding="utf-8") as out:
                out.write(spoken)
            with open(session, "w", encoding="utf-8") as out:
                out.write('{"type":"session.created"}\nnot JSON\n[]\n')
                for text in transcripts:
                    out.write(json.dumps({"type": kind, "transcript": text}) + "\n")
            done = subprocess.run([sys.executable, WER, *options, said, session],
                                  capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr

    def test_case_and_punctuation_do_not_count(self):
        status, text = self.rate("Hello, World! It\u2019s me.", "hello world", "it's me")
        self.assertEqual(status, 0)
        self.assertIn("rate 0.0 %: of 4 words 0 other, 0 missing, 0 too many", text)

    def test_each_kind_of_error(self):
        text = self.rate("one two three four", "one too three four")[1]
        self.assertIn("rate 25.0 %: of 4 words 1 other, 0 missing, 0 too many", text)
        text = self.rate("one two three four", "one three four")[1]
        self.assertIn("rate 25.0 %: of 4 words 0 other, 1 missing, 0 too many", text)
        text = self.rate("one two three four", "one two two three four")[1]
        self.assertIn("rate 25.0 %: of 4 words 0 other, 0 missing, 1 too many", text)

    def test_limit(self):
        self.assertEqual(self.rate("a b c d", "a b c x", options=["--max", "25"])[0], 0)
        status, text = self.rate("a b c d", "a b c x", options=["--max", "24"])
        self.assertEqual(status, 1)
        self.assertIn("above 24 %", text)

    def test_silence_is_no_success(self):
        status, text = self.rate("a b c d")
        self.assertEqual(status, 1)
        self.assertIn("no transcript of the user", text)

    def test_roles_are_kept_apart(self):
        self.assertEqual(self.rate("a b", "a b", kind="response.output_audio_transcript.done")[0], 1)
        self.assertEqual(self.rate("a b", "a b", kind="response.output_audio_transcript.done",
                                   options=["--role", "assistant"])[0], 0)


if __name__ == "__main__":
    unittest.main()
