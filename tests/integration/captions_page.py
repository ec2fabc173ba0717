"""Every launch line of the page of transcriptcaptions, run as it stands there."""
import os
import re
import subprocess
import tempfile
import unittest

from harness import SOURCE, Server, main, speak

LINES = [
    "hello how are you today",
    "turn on the lights in the living room",
]


def read_lines():
    """The launch lines of the page."""
    with open(os.path.join(SOURCE, "docs", "transcriptcaptions.md"), encoding="utf-8") as file:
        text = file.read()
    lines = re.findall(r"^    gst-launch-1\.0 ((?:.*\\\n)*.*)$", text, re.MULTILINE)
    return [re.sub(r"\\\n\s*", " ", line) for line in lines]


class Page(unittest.TestCase):
    """The lines run as they stand, but for the devices."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="realtime-test-")
        speak(os.path.join(cls.folder, "talk.wav"), LINES, "--pause", "1.0")
        server = Server("--no-reply")
        try:
            cls.run_in_folder(
                "filesrc location=talk.wav ! decodebin ! realtimebin session-type=transcription "
                "name=rt rt.event_src ! filesink location=session.jsonl", server)
            cls.run_in_folder(
                "filesrc location=talk.wav ! decodebin ! audioconvert ! vorbisenc ! queue ! "
                "matroskamux name=mux ! filesink location=talk.mkv "
                "videotestsrc num-buffers=150 ! video/x-raw,framerate=25/1 ! vp8enc deadline=1 ! "
                "queue ! mux.", server)
        finally:
            server.__exit__()

    @classmethod
    def run_in_folder(cls, line, server, seconds=None):
        options = ("-m", "-e") if seconds else ("-m",)
        before = f"cd {cls.folder} && "
        if seconds:
            before += f"timeout --preserve-status -s INT {seconds} "
        result = subprocess.run(
            before + "gst-launch-1.0 " + " ".join(options) + " " + line, shell=True, check=False,
            executable="/bin/bash", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env={**os.environ, **server.exports}, timeout=200)
        # 130 is how the tool says that it was interrupted
        assert result.returncode in ((0, 130) if seconds else (0,)) \
            and "ERROR" not in result.stdout, \
            f"{line}: {result.returncode}\n{result.stdout[-4000:]}"
        return result.stdout

    def test_lines(self):
        lines = read_lines()
        self.assertGreater(len(lines), 8)
        for line in lines:
            with self.subTest(line=line), Server("--no-reply") as server:
                # nobody hears or sees it here; the room is silent
                for device, other in (("autovideosink", "fakesink sync=true"),
                                      ("autoaudiosink", "fakesink sync=true"),
                                      ("autoaudiosrc", "audiotestsrc is-live=true volume=0")):
                    line = line.replace(device, other)
                live = "is-live" in line
                output = self.run_in_folder(line, server, 8 if live else None)
                self.assertIn("Setting pipeline to PLAYING", output)
        for name in ("talk.vtt", "talk.srt", "user.srt", "voices.vtt"):
            with open(os.path.join(self.folder, name), encoding="utf-8") as file:
                self.assertIn("living room", file.read().replace("\n", " "), name)


if __name__ == "__main__":
    main()
