"""What tests of live conversations share: a microphone and an ear, and how long the ear
still hears what was broken off."""
import json
import os
import tempfile
import threading
import time
import unittest

import numpy

from harness import Gst, Pipeline, Server, read_wave, speak

RATE = 16000
PIECE = RATE // 50
CAPS = f"audio/x-raw,format=S16LE,layout=interleaved,rate={RATE},channels=1"
LONG = "Say: one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
LINE = (f"appsrc name=mic is-live=true format=time do-timestamp=true caps={CAPS} ! "
        "realtimebin name=rt {} {} rt.event_src ! tee name=t ! queue ! "
        "appsink name=events sync=false async=false t. ! queue ! transcriptsink")
SINK = "! queue ! fakesink name=ear sync=true"
LOUD = 330  # of S16: -40 dBFS


class Microphone(threading.Thread):
    """A live source: a room with a little noise, and what is said into it, in real time."""

    def __init__(self, source):
        super().__init__(daemon=True)
        self.source = source
        self.words = []
        self.condition = threading.Condition()
        self.running = True
        self.noise = numpy.random.default_rng(1).normal(0, 3, PIECE).astype("<i2")

    def run(self):
        due = time.monotonic()
        while self.running:
            with self.condition:
                piece = self.words.pop(0) if self.words else self.noise
                self.condition.notify_all()
            self.source.emit("push-buffer", Gst.Buffer.new_wrapped(piece.tobytes()))
            due = max(due + 0.02, time.monotonic() - 0.2)
            with self.condition:
                self.condition.wait_for(lambda: not self.running, max(0, due - time.monotonic()))

    def say(self, samples, wait=True):
        """Says it, and returns when the last of it has been said."""
        whole = len(samples) // PIECE * PIECE
        with self.condition:
            self.words += list((samples[:whole] * 32767).astype("<i2").reshape(-1, PIECE))
            while wait and self.words:
                self.condition.wait()

    def stop(self):
        with self.condition:
            self.running = False
            self.condition.notify_all()
        self.join()


class Ear:
    """What came out of a pad and when, and what of it was loud."""

    def __init__(self, pad, passing=True):
        self.buffers = []  # (monotonic time, PTS, loud samples, samples)
        self.condition = threading.Condition()
        self.flushes = 0
        if passing:  # else hear() is called
            pad.add_probe(Gst.PadProbeType.BUFFER, self.on_buffer)
        pad.add_probe(Gst.PadProbeType.EVENT_FLUSH, self.on_flush)

    def on_buffer(self, pad, info):
        self.hear(info.get_buffer())
        return Gst.PadProbeReturn.OK

    def hear(self, buffer, when=None):
        """@when: what came is heard, if not now."""
        samples = numpy.frombuffer(buffer.extract_dup(0, buffer.get_size()), dtype="<i2")
        loud = numpy.count_nonzero(numpy.abs(samples.astype(int)) > LOUD)
        with self.condition:
            self.buffers.append((when or time.monotonic(), buffer.pts, loud, len(samples)))
            self.condition.notify_all()

    def on_flush(self, pad, info):
        self.flushes += info.get_event().type == Gst.EventType.FLUSH_STOP
        return Gst.PadProbeReturn.OK

    def ms_until_silent(self, since):
        """How much came after @since before the last loud sample of that speech, in ms of
        samples: a pause of half a second ends it, and is waited for."""
        with self.condition:
            self.condition.wait_for(lambda: self.sound_after(since)[1] >= 24000, 10)
            sound, quiet = self.sound_after(since)
        assert quiet >= 24000, "no pause after the interruption"
        return sound / 48

    def sound_after(self, since):
        """(samples up to the last loud one, samples of the pause that follows)"""
        sound = quiet = passed = 0
        for when, _, loud, count in self.buffers:
            if when < since:
                continue
            passed += count
            quiet = 0 if loud else quiet + count
            sound = passed if loud else sound
            if quiet >= 24000:
                break
        return sound, quiet

    def steps(self):
        """From one buffer to the next, ms: 20 each, where the stream has no break."""
        pts = [pts // 1000 for _, pts, _, _ in self.buffers]
        return set((numpy.diff(pts) / 1000).tolist())


def turn_is(turn):
    return lambda event: event["turn"] == turn


class Live(unittest.TestCase):
    """Tests with a live source, on the local server."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="realtime-test-")
        path = os.path.join(cls.folder, "talk.wav")
        (begin, end, _), = speak(path, ["hello how are you today"], "--pause", "0.3")
        rate, samples = read_wave(path)
        cls.words = samples[int(begin * rate):int(end * rate)]
        assert rate == RATE

    def play(self, properties="", *options, sink=SINK, asr="none"):
        self.server = Server("--asr", asr, *options)
        self.addCleanup(self.server.__exit__)
        pipeline = Pipeline(LINE.format(properties, sink), self.server.base_url,
                            self.server.api_key)
        self.ear = Ear(pipeline.rt.get_static_pad("src"))
        self.arrivals = {}
        pipeline.rt.get_static_pad("event_src").add_probe(Gst.PadProbeType.BUFFER, self.on_event)
        self.mic = Microphone(pipeline.mic)
        self.mic.start()
        self.addCleanup(pipeline.stop)
        self.addCleanup(self.mic.stop)
        pipeline.play()
        pipeline.wait_for_event("realtimebin.state", lambda e: e["connection"] == "connected")
        return pipeline

    def on_event(self, pad, info):
        """When the last event of each type was on event_src."""
        data = info.get_buffer().extract_dup(0, info.get_buffer().get_size())
        self.arrivals[json.loads(data)["type"]] = time.monotonic()
        return Gst.PadProbeReturn.OK

    def speak_long(self, pipeline, instructions=LONG):
        """Returns when some of it was heard."""
        self.assertTrue(pipeline.rt.emit("create-response", instructions))
        pipeline.wait_for_event("response.output_audio_transcript.delta",
                                lambda event: "three" in event["delta"])

    def end(self, pipeline):
        pipeline.rt.send_event(Gst.Event.new_eos())
        pipeline.wait_for_end()
        pipeline.stop()
        self.server.stop()
        return [event["type"] for event in self.server.client_events()][1:]

    def wait_for_cut(self, pipeline):
        """The final of the reply that was broken off."""
        line = pipeline.wait_for_element("realtime/transcript",
                                         lambda s: s.get_value("interrupted"))
        text = line.get_string("text")
        self.assertTrue(LONG[5:].startswith(text), text)
        self.assertNotIn("fourteen", text)
        # no word shows that was not heard, and no partial came after it
        partials = [s.get_string("text") for s in pipeline.transcripts("assistant", final=False)
                    if s.get_string("item-id") == line.get_string("item-id")]
        self.assertEqual(partials[-1], text)
        self.assertLess(len(partials[-2]), len(LONG) - 10)
        return text

    def report(self, what, silent):
        print(f"{what}: {silent:.0f} ms of sound after it")
        self.assertLess(silent, 100)
