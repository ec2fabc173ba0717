"""Captions in the picture of a live pipeline: in sync with what is heard, or behind it."""
import os
import tempfile
import unittest

from harness import Pipeline, Server, main, read_wave, speak

from gi.repository import Gst

LINES = [
    "hello how are you today",
    "turn on the lights in the living room",
]
# What the recogniser may take, on a machine that does much else.
PATIENCE_MS = 8000
# A live source: the samples come when they are due.
AUDIO = ("appsrc name=talk is-live=true format=time max-bytes=0 "
         "caps=audio/x-raw,format=S16LE,channels=1,layout=interleaved,rate={rate} ! "
         "clocksync ! realtimebin name=rt session-type=transcription ")
VIDEO = ("videotestsrc is-live=true pattern=black ! "
         "video/x-raw,width=320,height=240,framerate=25/1,format=GRAY8 ! "
         "queue max-size-time=0 max-size-bytes=0 max-size-buffers=0 ! "
         "textoverlay name=overlay ! appsink name=screen sync=true ")


class CaptionsLive(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="realtime-test-")
        cls.talk = os.path.join(cls.folder, "talk.wav")
        cls.positions = speak(cls.talk, LINES, "--pause", "2.5")

    def setUp(self):
        self.server = Server("--no-reply")
        self.addCleanup(self.server.__exit__)

    def say(self, pipeline, seconds):
        """The talk, in silence, as soon as there is a session to hear it; returns the
        running time where it begins."""
        import numpy
        rate, samples = read_wave(self.talk)
        pipeline.wait_for_element("realtime/state", lambda state:
                                  state.get_value("connection").value_nick == "connected")
        now = pipeline.pipeline.get_clock().get_time() - pipeline.pipeline.get_base_time()
        sound = numpy.concatenate([numpy.zeros(2 * rate, "<i2"),
                                   (samples * 32767).astype("<i2"),
                                   numpy.zeros(int(seconds * rate), "<i2")])
        step = rate // 50
        for begin in range(0, len(sound) - step, step):
            buffer = Gst.Buffer.new_wrapped(sound[begin:begin + step].tobytes())
            buffer.pts = now + begin * Gst.SECOND // rate
            buffer.duration = step * Gst.SECOND // rate
            pipeline.talk.emit("push-buffer", buffer)
        return now / Gst.SECOND + 2

    def watch(self, pipeline, seconds):
        """When the picture had text, as spans of its own seconds."""
        shown = []
        time = 0.0
        while time < seconds:
            sample = pipeline.screen.emit("try-pull-sample", 30 * Gst.SECOND)
            self.assertIsNotNone(sample, "the picture stands still")
            buffer = sample.get_buffer()
            time = buffer.pts / Gst.SECOND
            if max(buffer.extract_dup(0, buffer.get_size())) > 60:
                if not shown or shown[-1][1] < time - 0.05:
                    shown.append([time, time])
                shown[-1][1] = time + 0.04
            for text in pipeline.warnings():
                print("warning:", text)
        return shown

    def show(self, settings):
        """Returns the spans of text, the pipeline's latency in seconds, and the longest
        delay of a word in ms, up to which nothing can be in time."""
        rate, _ = read_wave(self.talk)
        seconds = 10 + PATIENCE_MS / 1000
        line = (AUDIO.format(rate=rate) + "rt.event_src ! tee name=stream "
                "stream. ! queue ! transcriptsink stream. ! queue ! "
                f"transcriptcaptions name=captions {settings} ! overlay.text_sink " + VIDEO)
        with Pipeline(line, self.server.base_url, self.server.api_key) as pipeline:
            pipeline.play()
            start = self.say(pipeline, seconds + 30)
            shown = self.watch(pipeline, start + seconds)
            query = Gst.Query.new_latency()
            self.assertTrue(pipeline.pipeline.query(query))
            _, latency, _ = query.parse_latency()
            delay = pipeline.captions.get_property("max-observed-delay")
        shown = [(begin - start, end - start) for begin, end in shown]
        print(f"{settings}: text at {shown}, latency {latency / Gst.SECOND:.2f} s, "
              f"words {delay} ms behind")
        self.assertTrue(shown, "no captions")
        return shown, latency / Gst.SECOND, delay

    def check_begins(self, shown, later=0.0):
        """Each line has its text when it is said."""
        for begin, _, text in self.positions:
            error = min((at - later - begin for at, _ in shown), key=abs)
            print(f"{text}: {error:+.3f} s")
            self.assertLess(abs(error), 0.25, text)

    def test_in_sync(self):
        shown, latency, delay = self.show(f"latency={PATIENCE_MS}")
        self.assertGreaterEqual(latency, PATIENCE_MS / 1000)
        # where the machine is slower than that, nothing can be in sync, and a warning says so
        if delay < PATIENCE_MS:
            self.check_begins(shown)

    def test_behind(self):
        shown, latency, delay = self.show(f"mode=roll-up max-duration=1500 lateness={PATIENCE_MS}")
        self.assertLess(latency, 1.0)
        if delay < PATIENCE_MS:
            self.check_begins(shown, PATIENCE_MS / 1000)

    def test_immediate(self):
        shown, latency, _ = self.show("mode=roll-up")
        self.assertLess(latency, 1.0)
        # not before it is said
        self.assertGreater(shown[0][0], self.positions[0][0] - 0.2)


if __name__ == "__main__":
    main()
