"""A room for the whole element: what it plays comes back to its microphone, and the service
must not hear it. Sound goes round by its timestamps, so that a busy machine, which is late,
changes nothing of it."""
import os
import tempfile
import threading
import unittest

import numpy
from harness import Gst, Pipeline, Server, main, read_wave

RATE = 48000
TICK = RATE // 100
# When and how loud the loudspeaker is heard by the microphone.
WAYS = ((0.008, 0.35), (0.019, 0.15), (0.033, 0.08))
COUNT = ("one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
         "fifteen sixteen seventeen eighteen nineteen twenty")


class Loudspeaker(Pipeline):
    def settle_latency(self):
        """What it takes until sound is heard, in ns, as all elements know it now."""
        query = Gst.Query.new_latency()
        self.pipeline.get_state(20 * Gst.SECOND)
        self.pipeline.recalculate_latency()
        if not self.pipeline.query(query):
            raise AssertionError("no latency")
        return query.parse_latency()[1]


class Room:
    """Takes what comes out of the appsink "ear" and gives it, with a delay, to the appsrc
    "mic", from a thread of its own."""

    def __init__(self, pipeline):
        self.ear, self.mic = pipeline.ear, pipeline.mic
        self.clock = pipeline.pipeline
        self.played = numpy.zeros(RATE * 120)
        self.heard = numpy.zeros(RATE * 120)
        self.until = 0
        self.stopped = threading.Event()
        self.latency = pipeline.settle_latency() / Gst.SECOND
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def now(self):
        clock = self.clock.get_pipeline_clock()
        return clock.get_time() - self.clock.get_base_time()

    def take(self):
        while (sample := self.ear.emit("try-pull-sample", 0)) is not None:
            buffer = sample.get_buffer()
            data = numpy.frombuffer(buffer.extract_dup(0, buffer.get_size()), dtype="<i2")
            place = round(buffer.pts * RATE / Gst.SECOND)
            self.played[place:place + len(data)] = data

    def run(self):
        while not self.stopped.wait(0.005):
            self.take()
            while (self.until + TICK) * Gst.SECOND // RATE <= self.now():
                self.give()

    def give(self):
        place, out = self.until, numpy.zeros(TICK)
        for delay, gain in WAYS:
            first = place - round((self.latency + delay) * RATE)
            if first >= 0:
                out += gain * self.played[first:first + TICK]
        self.heard[place:place + TICK] = out
        buffer = Gst.Buffer.new_wrapped(out.astype("<i2").tobytes())
        buffer.pts = place * Gst.SECOND // RATE
        buffer.duration = Gst.SECOND // 100
        self.mic.emit("push-buffer", buffer)
        self.until += TICK

    def stop(self):
        self.stopped.set()
        self.thread.join()


class Echo(unittest.TestCase):
    def talk(self, properties):
        """Lets the service count to twenty; (echo, what the server heard of it) in dB, in the
        second half of it."""
        folder = tempfile.mkdtemp(prefix="realtime-test-")
        script = os.path.join(folder, "script")
        with open(script, "w", encoding="utf-8") as file:
            file.write(f'{{"say":"{COUNT}"}}\n')
        server = Server("--asr", "none", "--script", script)
        self.addCleanup(server.__exit__)
        caps = f"audio/x-raw,format=S16LE,layout=interleaved,rate={RATE},channels=1"
        with Loudspeaker(f"appsrc name=mic is-live=true format=time caps={caps} ! realtimebin name=rt "
                      f"turn-detection=manual {properties} ! tee name=t ! queue ! fakesink sync=true async=false "
                      f"t. ! queue ! appsink name=ear sync=false async=false "
                      "rt.event_src ! appsink name=events sync=false async=false",
                      server.base_url, server.api_key).play() as pipeline:
            room = Room(pipeline)
            self.addCleanup(room.stop)
            epoch = pipeline.wait_for_event("realtimebin.timeline")["epoch_running_time"]
            self.assertTrue(pipeline.rt.emit("send-text", "count to twenty"))
            begin = pipeline.wait_for_event(
                "realtimebin.output", lambda event: event["state"] == "started")
            # not where it first falls silent: the server may stall
            end = pipeline.wait_for_event("output_audio_buffer.stopped")
            room.stop()
        server.stop()
        rate, heard = read_wave(server.files("-heard.wav")[0])
        self.assertEqual(rate, RATE)
        begin = begin["running_time"] / Gst.SECOND
        end = end["gst_running_time"] / Gst.SECOND
        middle = (begin + end) / 2 + room.latency
        print(f"latency {room.latency * 1000:.0f} ms, reply from {begin:.2f} to {end:.2f} s")
        echo = room.heard[round(middle * RATE):round((end + room.latency) * RATE)] / 32768
        first = round((middle - epoch / Gst.SECOND) * RATE)
        return level(echo), level(heard[first:first + len(echo)])

    def test_without(self):
        """The room works: the service hears the echo as loud as it is."""
        echo, heard = self.talk("")
        print(f"echo {echo:.1f} dB, heard {heard:.1f} dB")
        self.assertGreater(echo, -45)
        self.assertLess(abs(echo - heard), 3)

    def test_with(self):
        echo, heard = self.talk("echo-cancel=true")
        print(f"echo {echo:.1f} dB, heard {heard:.1f} dB")
        self.assertGreater(echo, -45)
        self.assertGreater(echo - heard, 10)

    def test_half_as_loud(self):
        """The volume counts for both: what is played and what is cancelled."""
        echo, heard = self.talk("echo-cancel=true volume=0.5")
        print(f"echo {echo:.1f} dB, heard {heard:.1f} dB")
        self.assertGreater(echo - heard, 10)


def level(samples):
    return 10 * numpy.log10(numpy.mean(samples ** 2) + 1e-12)


if __name__ == "__main__":
    main()
