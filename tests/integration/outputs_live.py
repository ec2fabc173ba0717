"""The launch lines of docs/captions.md that burn captions into a live picture: with a
microphone of the test's own, what was recorded is held against what is heard in it."""
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

from harness import BUILD, SKIP, Server, main, speak
from launchlines import read_page
from microphone import Sound

LINES = ["hello how are you today", "turn on the lights in the living room"]
# Text that is a third of a second off the words is in step for whoever looks.
IN_STEP = 0.35


def spans(times, gap):
    """(first, last) of each run of times that are not further apart than the gap."""
    found = []
    for time in times:
        if found and time - found[-1][1] <= gap:
            found[-1] = (found[-1][0], time)
        else:
            found.append((time, time))
    return found


def decode(path, *arguments):
    return subprocess.run(["ffmpeg", "-v", "error", "-i", path, *arguments, "-"],
                          stdout=subprocess.PIPE, check=True).stdout


def read_speech(path):
    """When something is heard in a recording."""
    import numpy
    rate, piece = 16000, 160
    data = decode(path, "-af", "aresample=async=1:first_pts=0", "-ac", "1", "-ar", str(rate),
                  "-f", "s16le")
    samples = numpy.frombuffer(data, dtype="<i2") / 32768
    power = (samples[:len(samples) // piece * piece].reshape(-1, piece) ** 2).mean(1) ** 0.5
    return spans(numpy.nonzero(power > 0.02)[0] * piece / rate, 0.6)


def read_frames(path):
    """(time, whether there are letters) of each frame, which are 640 by 360."""
    import numpy
    times = subprocess.run(["ffprobe", "-v", "error", "-select_streams", "v", "-show_entries",
                            "frame=pts_time", "-of", "csv=p=0", path],
                           stdout=subprocess.PIPE, text=True, check=True).stdout.split()
    data = decode(path, "-vsync", "passthrough", "-f", "rawvideo", "-pix_fmt", "gray")
    frames = numpy.frombuffer(data, dtype="uint8").reshape(-1, 360, 640)
    white = (frames[:, 270:] > 200).sum((1, 2))
    return [(float(time.strip(",")), bool(count > 200)) for time, count in zip(times, white)]


class LiveOutputs(unittest.TestCase):
    def setUp(self):
        self.sound = Sound()
        self.addCleanup(self.sound.stop)
        self.server = Server("--no-reply")
        self.addCleanup(self.server.__exit__)
        self.folder = tempfile.mkdtemp(prefix="realtime-test-")
        self.addCleanup(shutil.rmtree, self.folder)

    def run_line(self, heading):
        """Runs the line under a heading of the page, speaks when it is connected, and
        ends it with Ctrl-C when all was heard."""
        line = read_page()[0][heading]
        # to know when to speak and when to end
        line = line.replace("gst-launch-1.0", "exec gst-launch-1.0 -m").replace(
            "rt.event_src !", "rt.event_src ! tee name=events events. ! queue ! transcriptsink "
            "events. ! queue !")
        talk = os.path.join(self.folder, "talk.wav")
        speak(talk, LINES, "--pause", "1.0")
        process = subprocess.Popen(line, shell=True, executable="/bin/bash", cwd=self.folder,
                                   env={**self.sound.environment, **self.server.exports},
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.kill)
        self.read_until(process, "connection=(GstRealtimeConnectionState)connected")
        self.sound.play(talk)
        # whatever words were recognised
        for _ in LINES:
            self.read_until(process, "final=(boolean)true")
        process.send_signal(signal.SIGINT)
        output = process.stdout.read()
        self.assertEqual(process.wait(timeout=60), 0, output)

    def read_until(self, process, text):
        for line in process.stdout:
            if text in line:
                return line
        self.fail("the line ended before it said " + text)

    def save_picture(self, name, time):
        os.makedirs(os.path.join(BUILD, "pictures"), exist_ok=True)
        subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", os.path.join(self.folder, name),
                        "-ss", str(time), "-frames:v", "1",
                        os.path.join(BUILD, "pictures", name.replace(".mkv", ".png"))], check=True)

    def test_in_step(self):
        self.run_line("Live, in step")
        path = os.path.join(self.folder, "in-step.mkv")
        speech = read_speech(path)
        letters = spans([time for time, shown in read_frames(path) if shown], 0.1)
        print("heard", speech, "seen", letters)
        self.assertEqual(len(speech), len(LINES))
        self.assertEqual(len(letters), len(LINES))
        for heard, seen in zip(speech, letters):
            self.assertLess(abs(seen[0] - heard[0]), IN_STEP)
            # a cue stays long enough to be read
            self.assertGreater(seen[1], heard[1] - IN_STEP)
            self.assertLess(seen[1], heard[1] + IN_STEP + 1)
        self.save_picture("in-step.mkv", sum(speech[-1]) / 2)

    def test_at_once(self):
        self.run_line("Live, at once")
        path = os.path.join(self.folder, "at-once.mkv")
        speech = read_speech(path)
        frames = read_frames(path)
        letters = [time for time, shown in frames if shown]
        print("heard", speech, "seen", spans(letters, 0.1))
        self.assertEqual(len(speech), len(LINES))
        # not before, and while the talk still goes on
        self.assertGreater(letters[0], speech[0][0])
        self.assertLess(letters[0], speech[-1][1])
        self.save_picture("at-once.mkv", letters[-1])


if __name__ == "__main__":
    if not shutil.which("pulseaudio") or not shutil.which("pactl"):
        print("no pulseaudio here")
        sys.exit(SKIP)
    main()
