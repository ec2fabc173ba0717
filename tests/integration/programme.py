"""Sound of which it is known what is said where, and sources that bring it."""
import math
import os
import threading
import time

from harness import Gst, read_wave, speak

RATE = 48000
FRAME = RATE // 50
CAPS = f"audio/x-raw,format=S16LE,layout=interleaved,rate={RATE},channels=1"
SENTENCES = ["hello how are you today", "turn on the lights in the living room",
             "the train to london leaves at half past seven"]


def speak_sentences(folder):
    """(begin, end, samples) of each, for a Programme."""
    spoken = []
    for number, text in enumerate(SENTENCES):
        path = os.path.join(folder, f"sentence-{number}.wav")
        (begin, end, _), = speak(path, [text], "--pause", "0.1")
        spoken.append((begin, end, resample(*read_wave(path))))
    return spoken


class Programme:
    """A source's sound as it should be heard: what is said where, and what happens."""

    def __init__(self, spoken):
        self.spoken = spoken    # (begin, end, samples) of each sentence there is
        self.pieces, self.length = [], 1.0
        self.said = []          # (after what, begin, end) of each sentence that is heard
        self.actions = []       # (place, function)
        self.missing = []       # (from, to) that the source does not give
        self.late = []          # (from, to) that it gives at the end of that, at once

    def say(self, after, heard=True):
        begin, end, samples = self.spoken[len(self.pieces) % len(self.spoken)]
        if heard:
            self.said.append((after, self.length + begin, self.length + end))
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


def find(piece, where):
    """The sample from which on piece is found in where."""
    import numpy
    size = 1 << (len(where) + len(piece)).bit_length()
    product = numpy.fft.irfft(numpy.fft.rfft(where, size)
                              * numpy.conj(numpy.fft.rfft(piece, size)))
    return int(numpy.argmax(product[:max(1, len(where) - len(piece) + 1)]))


class Source(threading.Thread):
    """Feeds an appsrc: as a microphone would, each frame when it has been spoken, or as a
    file, as fast as it is taken."""

    def __init__(self, pipeline, programme, live):
        super().__init__(daemon=True)
        self.pipeline, self.programme, self.live = pipeline, programme, live
        self.source = pipeline.__getattr__("in")
        self.start_time = 0     # running time of the programme's beginning, s

    def now(self):
        clock = self.pipeline.pipeline.get_pipeline_clock()
        if self.pipeline.pipeline.get_state(0)[1] != Gst.State.PLAYING:
            return 0
        return (clock.get_time() - self.pipeline.pipeline.get_base_time()) / 1e9

    def wait_until(self, place):
        while self.live and self.now() < self.start_time + place:
            time.sleep(0.004)

    def run(self):
        sound = self.programme.render()
        actions = sorted(self.programme.actions, key=lambda action: action[0])
        held = []
        if self.live:
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
