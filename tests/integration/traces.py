"""A whole session, logged at the highest level and traced for leaks."""
import os
import pathlib
import subprocess
import tempfile
import unittest

from harness import Server, main, speak

LINE = ("tokensrc ! rt.token_sink filesrc location={talk} ! decodebin ! realtimebin name=rt "
        "session-type={kind} ! fakesink rt.event_src ! tee name=t ! queue ! transcriptsink "
        "t. ! queue ! transcriptcaptions ! fakesink")


class WholeSession(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="realtime-test-")
        self.talk = os.path.join(self.folder, "talk.wav")
        speak(self.talk, ["hello how are you today"], "--pause", "0.2")
        self.server = Server()
        self.addCleanup(self.server.__exit__)

    def launch(self, line, **environment):
        log = os.path.join(self.folder, "log")
        result = subprocess.run(["gst-launch-1.0", "-v", "-m", *line.split()], text=True,
                                env={**os.environ, **self.server.exports, **environment,
                                     "GST_DEBUG_FILE": log, "GST_DEBUG_NO_COLOR": "1",
                                     "GST_DEBUG_DUMP_DOT_DIR": self.folder},
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=240,
                                check=False)
        self.assertEqual(result.returncode, 0, result.stdout[-4000:])
        with open(log, encoding="utf-8", errors="replace") as file:
            return result.stdout, file.read()

    def test_secrets(self):
        """Neither key nor token is in a log at any level, on the screen, or in a dump."""
        for kind, by_pad in (("transcription", False), ("conversation", True)):
            with self.subTest(kind):
                line = LINE.format(talk=self.talk, kind=kind)
                if not by_pad:
                    line = line.removeprefix("tokensrc ! rt.token_sink ")
                screen, log = self.launch(line, GST_DEBUG="*:9", G_MESSAGES_DEBUG="all")
                self.assertGreater(len(log), 1000000, "the log is not at its highest level")
                dumps = "".join(path.read_text(encoding="utf-8")
                                for path in pathlib.Path(self.folder).glob("*.dot"))
                self.assertIn("realtimebin", dumps.lower())
                tokens = {event for event in log.split() if "ek_" in event}
                self.assertEqual(tokens, set())
                for place in (screen, log, dumps):
                    self.assertNotIn(self.server.api_key, place)
                    self.assertNotIn("ek_", place)

    def test_leaks(self):
        """Nothing lives on but the certificate, which is the process's own."""
        processed = ("conversation echo-cancel=true noise-suppression=low gain-control=true "
                     "turn-detection=client")
        for kind in ("conversation", processed):
            with self.subTest(kind):
                _, log = self.launch(LINE.format(talk=self.talk, kind=kind),
                                     GST_TRACERS="leaks", GST_DEBUG="GST_TRACER:7")
                alive = [line for line in log.splitlines() if "object-alive, type-name" in line
                         and "new format string" not in line]
                print(*alive, sep="\n")
                others = [line for line in alive if "GstDtlsAgent" not in line]
                self.assertEqual(others, [])
                self.assertLessEqual(len(alive), 1)


if __name__ == "__main__":
    main()
