"""When words were spoken: sentences at known places of a live source to which all sorts of
things happen, against the times of their transcripts."""
import math
import os
import statistics
import tempfile
import threading
import time
import unittest

from harness import Gst, Pipeline, Server, main, read_events, read_wave, speak

RATE = 48000
FRAME = RATE // 50
CAPS = f"audio/x-raw,format=S16LE,layout=interleaved,rate={RATE},channels=1"
SENTENCES = ["hello how are you today", "turn on the lights in the living room",
             "the train to london leaves at half past seven"]
# what a caption may be wrong by, and the median (s)
LIMIT, MEDIAN = 0.150, 0.060


class Programme:
    """A live source's sound as it should be heard: what is said where, and what happens."""

    def __init__(self, folder):
        self.pieces, self.length = [], 0.0
        self.said = []          # (name, begin, end) of each sentence
        self.actions = []       # (place, function)
        self.missing = []       # (from, to) that the source does not give
        self.late = []          # (from, to) that it gives at the end of that, at once
        self.spoken = []
        for number, text in enumerate(SENTENCES):
            path = os.path.join(folder, f"sentence-{number}.wav")
            (begin, end, _), = speak(path, [text], "--pause", "0.1")
            self.spoken.append((begin, end, resample(*read_wave(path))))

    def say(self, name, heard=True):
        begin, end, samples = self.spoken[len(self.pieces) % len(self.spoken)]
        if heard:
            self.said.append((name, self.length + begin, self.length + end))
        self.pieces.append((self.length, samples))
        self.length += len(samples) / RATE
        return self

    def wait(self, seconds):
        self.length += seconds
        return self

    def do(self, function):
        self.actions.append((self.length, function))
        return self

    def lose(self, seconds, late=False):
        (self.late if late else self.missing).append((self.length, self.length + seconds))
        return self.wait(seconds)

    def render(self):
        import numpy
        sound = numpy.zeros(math.ceil(self.length * RATE / FRAME) * FRAME)
        for place, samples in self.pieces:
            at = round(place * RATE)
            sound[at:at + len(samples)] += samples[:len(sound) - at]
        return (numpy.clip(sound, -1, 1) * 32767).astype("<i2")


def resample(rate, samples):
    """At RATE, by the spectrum."""
    import numpy
    length = len(samples) * RATE // rate
    return numpy.fft.irfft(numpy.fft.rfft(samples), length) * (length / len(samples))


class Source(threading.Thread):
    """Feeds an appsrc as a microphone would: each frame when it has been spoken."""

    def __init__(self, pipeline, programme):
        super().__init__(daemon=True)
        self.pipeline, self.programme = pipeline, programme
        self.source = pipeline.__getattr__("in")
        self.start_time = 0     # running time of the programme's beginning, s

    def now(self):
        clock = self.pipeline.pipeline.get_pipeline_clock()
        if self.pipeline.pipeline.get_state(0)[1] != Gst.State.PLAYING:
            return 0
        return (clock.get_time() - self.pipeline.pipeline.get_base_time()) / 1e9

    def wait_until(self, place):
        while self.now() < self.start_time + place:
            time.sleep(0.004)

    def run(self):
        sound = self.programme.render()
        actions = sorted(self.programme.actions, key=lambda action: action[0])
        held = []
        self.start_time = math.ceil(self.now() * 50) / 50
        for number in range(len(sound) // FRAME):
            place = number / 50
            while actions and actions[0][0] <= place:
                actions.pop(0)[1]()
            self.wait_until(place + 0.02)
            if any(begin <= place < end for begin, end in self.programme.missing):
                continue
            buffer = Gst.Buffer.new_wrapped(
                sound[number * FRAME:(number + 1) * FRAME].tobytes())
            buffer.pts = round((self.start_time + place) * Gst.SECOND)
            buffer.duration = Gst.SECOND // 50
            held.append(buffer)
            if any(begin <= place < end for begin, end in self.programme.late):
                continue
            for buffer in held:
                self.source.emit("push-buffer", buffer)
            held = []
        self.source.emit("end-of-stream")


class Loss:
    """Drops what realtimebin sends by RTP while it is on."""

    def __init__(self, rt):
        self.on = False
        rt.connect("webrtcbin-ready", self.ready)

    def ready(self, _, webrtcbin):
        webrtcbin.connect("deep-element-added", self.added)

    def added(self, _, bin_, element):
        factory = element.get_factory()
        if factory and factory.get_name() == "nicesink":
            element.get_static_pad("sink").add_probe(
                Gst.PadProbeType.BUFFER | Gst.PadProbeType.BUFFER_LIST, self.look)

    def look(self, pad, info):
        buffer = info.get_buffer()
        if buffer is None:
            buffer = info.get_buffer_list().get(0)
        is_rtp = 128 <= buffer.extract_dup(0, 1)[0] < 192
        return Gst.PadProbeReturn.DROP if self.on and is_rtp else Gst.PadProbeReturn.OK


class Report:
    """The errors of all tests, for the end."""
    errors = {}

    @classmethod
    def add(cls, kind, values):
        cls.errors.setdefault(kind, []).extend(values)

    @classmethod
    def show(cls):
        every = [value for values in cls.errors.values() for value in values]
        for kind, values in [*cls.errors.items(), ("all", every)]:
            if values:
                print(f"{kind}: {len(values)} times, median {1000 * median(values):.0f} ms, "
                      f"p95 {1000 * percentile(values, 0.95):.0f} ms, "
                      f"worst {1000 * max(map(abs, values)):.0f} ms")


def median(values):
    return statistics.median(map(abs, values))


def percentile(values, share):
    values = sorted(map(abs, values))
    return values[min(len(values) - 1, math.ceil(share * len(values)) - 1)]


class Times(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="realtime-test-")

    @classmethod
    def tearDownClass(cls):
        Report.show()

    def listen(self, kind, programme, *options, live=True, prepare=lambda pipeline: None):
        """Plays the programme to a server that takes it down; checks all times."""
        script = os.path.join(self.folder, "script.jsonl")
        with open(script, "w", encoding="utf-8") as file:
            file.writelines(f'{{"heard":"{name}"}}\n' for name, _, _ in programme.said)
        server = Server("--asr", "none", "--no-reply", "--script", script, *options)
        self.addCleanup(server.__exit__)
        log = os.path.join(self.folder, "session.jsonl")
        pipeline = Pipeline(
            f"appsrc name=in is-live={'true' if live else 'false'} format=time caps={CAPS} "
            "max-bytes=0 ! realtimebin name=rt session-type=transcription "
            f"rt.event_src ! tee name=t ! queue ! filesink async=false location={log} "
            "t. ! queue ! transcriptsink partials=false", server.base_url, server.api_key)
        self.addCleanup(pipeline.stop)
        prepare(pipeline)
        pipeline.play().wait_for_element("realtime/state", connected)
        source = Source(pipeline, programme)
        source.start()
        pipeline.wait_for_end()
        source.join()
        pipeline.stop()
        server.stop()
        finals = pipeline.transcripts("user")
        self.assertEqual([final.get_string("text") for final in finals],
                         [name for name, _, _ in programme.said])
        offset = source.start_time if live else 0
        errors = []
        for final, (name, begin, end) in zip(finals, programme.said):
            start_error = final.get_value("start") / 1e9 - offset - begin
            end_error = final.get_value("end") / 1e9 - offset - end
            print(f"{kind}, {name}: start {start_error:+.3f} s, end {end_error:+.3f} s")
            errors += [start_error, end_error]
        Report.add(kind, errors)
        for error in errors:
            self.assertLess(abs(error), LIMIT)
        self.assertLess(median(errors), MEDIAN)
        return read_events(log)

    def programme(self):
        return Programme(self.folder).wait(1)

    def test_live(self):
        self.listen("live", self.programme().say("one").wait(1.5).say("two").wait(1.5)
                    .say("three").wait(0.5))

    def test_silence(self):
        """Nobody speaks for ten seconds."""
        self.listen("silence", self.programme().say("one").wait(10).say("two").wait(0.5))

    def test_mute(self):
        programme = self.programme()
        rt = []
        programme.say("one").wait(1.5).do(lambda: rt[0].set_property("mute", True))
        programme.say("unheard", heard=False).wait(1)
        programme.do(lambda: rt[0].set_property("mute", False)).wait(0.5).say("two").wait(0.5)
        self.listen("mute", programme, prepare=lambda pipeline: rt.append(pipeline.rt))

    def test_loss(self):
        """200 ms of packets are lost, in silence and in mid-sentence."""
        programme = self.programme()
        loss = []
        for name in ("one", "two"):
            programme.say(name).wait(1.2).do(lambda: loss[0].set(True)).wait(0.2)
            programme.do(lambda: loss[0].set(False)).wait(0.5)
        programme.say("three").wait(0.5)
        begin, end = programme.said[1][1:]
        programme.actions.append(((begin + end) / 2, lambda: loss[0].set(True)))
        programme.actions.append(((begin + end) / 2 + 0.2, lambda: loss[0].set(False)))
        self.listen("loss", programme,
                    prepare=lambda pipeline: loss.append(Switch(Loss(pipeline.rt))))

    def test_stalled_source(self):
        """A live source that gives nothing for three seconds, and for 15."""
        self.listen("stalled source", self.programme().say("one").wait(1.5).lose(3).wait(0.5)
                    .say("two").wait(1.5).lose(15).wait(0.5).say("three").wait(0.5))

    def test_late_source(self):
        """A live source that brings a second of sound at its end."""
        self.listen("late source", self.programme().say("one").wait(1.5).lose(1.5, late=True)
                    .wait(0.5).say("two").wait(0.5))


class Switch:
    def __init__(self, loss):
        self.loss = loss

    def set(self, on):
        self.loss.on = on


def connected(structure):
    state = structure.get_value("connection")
    return getattr(state, "value_nick", str(state)) == "connected"


if __name__ == "__main__":
    main()
