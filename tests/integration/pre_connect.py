"""Live input from before the session was there: who speaks at once is heard."""
import os
import tempfile
import unittest

from caption_file import error_rate, words
from harness import Pipeline, Server, main, speak

LINES = ["hello how are you today", "turn on the lights in the living room"]


class PreConnect(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="realtime-test-")
        cls.talk = os.path.join(cls.folder, "talk.wav")
        cls.positions = speak(cls.talk, LINES, "--pause", "1.0")

    def transcribe(self, properties):
        """The lines of a source that is live: what it gives is gone when nobody takes it."""
        server = Server("--no-reply", "--fault", "answer-delay=2000")
        self.addCleanup(server.__exit__)
        with Pipeline(f"filesrc location={self.talk} ! decodebin ! audioconvert ! identity sync=true ! "
                      f"realtimebin session-type=transcription {properties} ! transcriptsink",
                      server.base_url, server.api_key).play() as pipeline:
            pipeline.wait_for_end()
            return pipeline.transcripts("user")

    def rate(self, finals):
        heard = " ".join(final.get_value("text") for final in finals)
        print(heard)
        return error_rate(words(" ".join(LINES)), words(heard))

    def test_kept(self):
        finals = self.transcribe("pre-connect-buffer=30000")
        self.assertLessEqual(self.rate(finals), 0.2)
        for (begin, end, _), final in zip(self.positions, finals):
            # where it was spoken, though it was sent later
            self.assertLess(abs(final.get_value("start") / 1e9 - begin), 0.2)
            self.assertLess(abs(final.get_value("end") / 1e9 - end), 0.2)

    def test_not_kept(self):
        """As it is without: so that the other test does test something."""
        self.assertGreater(self.rate(self.transcribe("")), 0.2)


if __name__ == "__main__":
    main()
