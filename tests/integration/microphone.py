"""The line for a microphone and a loudspeaker, as a user types it: on a sound server of
the test's own, with a null sink for each and their monitors as what is heard there."""
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

from harness import SKIP, Server, main, read_wave, speak

LINE = "autoaudiosrc ! realtimebin name=rt ! autoaudiosink rt.event_src ! transcriptsink"


class Sound:
    """A PulseAudio of our own: "room" is what the microphone hears, "speaker" what is played."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="realtime-test-")
        socket = os.path.join(self.folder, "socket")
        self.environment = {**os.environ, "PULSE_SERVER": "unix:" + socket,
                            "PULSE_COOKIE": os.path.join(self.folder, "cookie"),
                            "XDG_RUNTIME_DIR": self.folder, "HOME": self.folder}
        self.log = open(os.path.join(self.folder, "log"), "w+")
        self.process = subprocess.Popen(
            ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no",
             "--disable-shm=yes", "--realtime=no", "--high-priority=no",
             "-L", f"module-native-protocol-unix auth-anonymous=1 socket={socket}",
             "-L", "module-null-sink sink_name=room rate=48000",
             "-L", "module-null-sink sink_name=speaker rate=48000",
             "-L", "module-position-event-sounds"],
            env=self.environment, stdout=self.log, stderr=subprocess.STDOUT)
        deadline = time.monotonic() + 30
        while self.control("set-default-sink", "speaker") != 0:
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.log.seek(0)
                raise RuntimeError("no sound server: " + self.log.read())
            time.sleep(0.1)
        self.control("set-default-source", "room.monitor")

    def control(self, *words):
        return subprocess.run(["pactl", *words], env=self.environment, check=False,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode

    def play(self, path):
        subprocess.run(["gst-launch-1.0", "-q", "filesrc", f"location={path}", "!", "wavparse",
                        "!", "audioconvert", "!", "audioresample", "!", "pulsesink",
                        "device=room"], env=self.environment, check=True, timeout=120)

    def record(self, path):
        return subprocess.Popen(["gst-launch-1.0", "-q", "-e", "pulsesrc",
                                 "device=speaker.monitor", "!", "audioconvert", "!",
                                 "audio/x-raw,channels=1,format=S16LE", "!", "wavenc", "!",
                                 "filesink", f"location={path}"], env=self.environment)

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=30)
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)


class Microphone(unittest.TestCase):
    def setUp(self):
        self.sound = Sound()
        self.addCleanup(self.sound.stop)
        self.server = Server()
        self.addCleanup(self.server.__exit__)
        self.folder = tempfile.mkdtemp(prefix="realtime-test-")
        self.talk = os.path.join(self.folder, "talk.wav")
        speak(self.talk, ["hello how are you today"], "--pause", "0.2")

    def start(self, *options):
        process = subprocess.Popen(["gst-launch-1.0", "-m", *options, *LINE.split()],
                                   env={**self.sound.environment, **self.server.exports},
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.kill)
        self.read_until(process, "connection=(GstRealtimeConnectionState)connected")
        return process

    def read_until(self, process, text):
        for line in process.stdout:
            if text in line:
                return line
        self.fail("the line ended before it said " + text)

    def test_interrupted(self):
        """Ctrl-C hangs up and ends at once."""
        recorded = os.path.join(self.folder, "speaker.wav")
        recorder = self.sound.record(recorded)
        process = self.start()
        self.sound.play(self.talk)
        while True:
            line = self.read_until(process, "realtime/transcript")
            if "final=(boolean)true" in line and "role=(string)assistant" in line:
                break
        begin = time.monotonic()
        process.send_signal(signal.SIGINT)
        process.stdout.read()
        self.assertEqual(process.wait(timeout=30), 0)
        print(f"ended {time.monotonic() - begin:.2f} s after Ctrl-C")
        recorder.send_signal(signal.SIGINT)
        recorder.wait(timeout=30)
        _, samples = read_wave(recorded)
        self.assertGreater(abs(samples).max(), 0.05, "nothing came out of the loudspeaker")
        # the call was hung up: the recording is complete while the server still runs
        self.assertEqual(len(self.server.files("-said.wav")), 1)

    def test_ended(self):
        """Ctrl-C with -e: what was said just before still gets its words and its reply."""
        process = self.start("-e")
        self.sound.play(self.talk)
        process.send_signal(signal.SIGINT)
        output = process.stdout.read()
        self.assertEqual(process.wait(timeout=60), 0)
        finals = [line for line in output.splitlines()
                  if "realtime/transcript" in line and "final=(boolean)true" in line]
        self.assertTrue(any("role=(string)user" in line for line in finals), output)
        self.assertTrue(any("role=(string)assistant" in line for line in finals), output)
        self.assertIn("Got EOS from element", output)


if __name__ == "__main__":
    if not shutil.which("pulseaudio") or not shutil.which("pactl"):
        print("no pulseaudio here")
        sys.exit(SKIP)
    main()
