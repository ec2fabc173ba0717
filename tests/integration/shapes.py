"""Pipelines of many shapes: paused for long, stalled, late, re-linked, with odd input."""
import json
import subprocess
import sys
import threading
import unittest

from harness import Gst, Pipeline, Server, describe, main, read_wave

LIVE = "audiotestsrc is-live=true wave=ticks"
CAPS = "audio/x-raw,format=S16LE,layout=interleaved,rate=16000,channels=1"


def connected(structure):
    state = structure.get_value("connection")
    return getattr(state, "value_nick", str(state)) == "connected"


def state_of(element):
    return element.get_property("connection-state").value_nick


def latency(element, name):
    """(least, most) of a pad, in ms."""
    query = Gst.Query.new_latency()
    if not element.get_static_pad(name).query(query):
        raise AssertionError("no latency")
    live, least, most = query.parse_latency()
    if not live:
        raise AssertionError("not live")
    return least / Gst.MSECOND, most / Gst.MSECOND


class Feeder:
    """Pushes 20 ms of sound into an appsrc, each from the test's own thread."""

    def __init__(self, source):
        self.source = source
        self.count = 0

    def push(self, seconds, start=None):
        if start is not None:
            self.count = int(start * 50)
        for _ in range(int(seconds * 50)):
            buffer = Gst.Buffer.new_wrapped(bytes([0, 8, 0, 248]) * 160)
            buffer.pts = self.count * 20 * Gst.MSECOND
            buffer.duration = 20 * Gst.MSECOND
            self.count += 1
            self.source.emit("push-buffer", buffer)

    def end(self):
        self.source.emit("end-of-stream")


class Shapes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server("--asr", "none", "--max-sessions", "20")

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()

    def pipeline(self, line):
        pipeline = Pipeline(line, self.server.base_url, self.server.api_key)
        self.addCleanup(pipeline.stop)
        return pipeline

    def test_paused_before_the_session(self):
        """What waits for the clock has no part in connect-timeout."""
        pipeline = self.pipeline(f"{LIVE} ! realtimebin name=rt connect-timeout=1500 ! fakesink "
                                 "rt.event_src ! transcriptsink")
        pipeline.pipeline.set_state(Gst.State.PAUSED)
        message = pipeline.bus.timed_pop_filtered(3 * Gst.SECOND, Gst.MessageType.ERROR)
        self.assertIsNone(message, message and describe(message))
        pipeline.play()
        pipeline.wait_for_element("realtime/state", connected)

    def test_long_pauses(self):
        """Ten seconds in which nothing is sent: paused, stalled, or not begun."""
        paused = self.pipeline(f"{LIVE} ! realtimebin name=rt ! fakesink "
                               "rt.event_src ! transcriptsink")
        file = self.pipeline(f"appsrc name=in format=time caps={CAPS} ! realtimebin name=rt ! "
                             "fakesink rt.event_src ! transcriptsink")
        live = self.pipeline(f"appsrc name=in is-live=true format=time caps={CAPS} ! "
                             "realtimebin name=rt ! fakesink rt.event_src ! transcriptsink")
        feeder = Feeder(file.__getattr__("in"))
        feeder.push(1)
        for pipeline in (paused, file, live):
            pipeline.play()
        for pipeline in (paused, file, live):
            pipeline.wait_for_element("realtime/state", connected)
        paused.pipeline.set_state(Gst.State.PAUSED)
        for pipeline in (paused, file, live):
            seconds = 11 if pipeline is paused else 1
            message = pipeline.bus.timed_pop_filtered(seconds * Gst.SECOND, Gst.MessageType.ERROR)
            self.assertIsNone(message, message and describe(message))
        paused.play()
        feeder.push(2)
        file.wait(lambda m: m.type == Gst.MessageType.LATENCY
                  and latency(file.rt, "event_src")[0] > 5000)
        feeder.end()
        late = Feeder(live.__getattr__("in"))
        late.push(2, start=13)
        late.end()
        file.wait_for_end()
        live.wait_for_end()
        self.assertEqual(state_of(paused.rt), "connected")
        paused.rt.send_event(Gst.Event.new_eos())
        paused.wait_for_end()

    def test_end_sent_to_the_element(self):
        """Input that goes on after it is no longer heard, and keeps nothing open."""
        server = Server("--asr", "none")
        self.addCleanup(server.__exit__)
        pipeline = Pipeline("audiotestsrc is-live=true volume=0.5 ! realtimebin name=rt ! fakesink "
                            "rt.event_src ! transcriptsink", server.base_url, server.api_key)
        self.addCleanup(pipeline.stop)
        pipeline.play().wait_for_element("realtime/state", connected)
        self.assertTrue(pipeline.rt.send_event(Gst.Event.new_eos()))
        self.assertTrue(pipeline.rt.send_event(Gst.Event.new_eos()))
        pipeline.wait_for_end()
        warnings = [describe(m) for m in pipeline.messages if m.type == Gst.MessageType.WARNING]
        self.assertEqual(warnings, [])
        pipeline.stop()
        server.stop()
        rate, heard = read_wave(server.files("-heard.wav")[0])
        self.assertGreater(len(heard), rate // 2)
        self.assertLess(abs(heard[-rate // 4:]).max(), 0.01)

    def test_readers_come_and_go(self):
        """A reader that stops, even before it is unlinked, ends nobody's stream."""
        pipeline = self.pipeline(f"{LIVE} ! realtimebin name=rt").play()
        rt = pipeline.rt
        for turn in range(3):
            for name, kind in (("event_src", "fakesink"), ("src", "fakesink")):
                sink = Gst.ElementFactory.make(kind, None)
                sink.set_property("signal-handoffs", True)
                sink.set_property("sync", False)
                sink.set_property("async", False)
                came = threading.Event()
                sink.connect("handoff", lambda *_, came=came: came.set())
                pipeline.pipeline.add(sink)
                sink.sync_state_with_parent()
                self.assertTrue(rt.link_pads(name, sink, "sink"))
                if name == "event_src" and turn > 0:
                    rt.emit("send-event", '{"type":"no.such"}')
                self.assertTrue(came.wait(20), f"{name}, turn {turn}")
                sink.set_state(Gst.State.NULL)
                # while it is linked to what is not there
                if name == "event_src":
                    rt.emit("send-event", '{"type":"no.such"}')
                threading.Event().wait(0.7)
                rt.unlink(sink)
                pipeline.pipeline.remove(sink)
        self.assertEqual(state_of(rt), "connected")

    def test_many_words(self):
        """60 kB of instructions in four scripts; the server takes them as they are."""
        text = ("Sprich laut \u00e4\u00f6\u00fc, \u0440\u0443\u0441\u0441\u043a\u0438\u0439, \u65e5\u672c\u8a9e, \U0001f600 \"quoted\" \\ \n" * 900)
        text = text.encode()[:60000].decode(errors="ignore")
        for kind in ("conversation", "transcription"):
            with self.subTest(kind):
                pipeline = self.pipeline(f"{LIVE} ! realtimebin name=rt ! fakesink "
                                         "rt.event_src ! appsink name=out sync=false async=false")
                pipeline.rt.set_property("session-type", 0 if kind == "conversation" else 1)
                if kind == "conversation":
                    pipeline.rt.set_property("instructions", text)
                else:
                    pipeline.rt.set_property("session", json.dumps({"audio": {"input": {
                        "transcription": {"prompt": text}}}}))
                pipeline.play()
                found = self.wait_for_event(pipeline, "session.updated")["session"]
                if kind == "conversation":
                    self.assertEqual(found["instructions"], text)
                pipeline.stop()

    def test_odd_input(self):
        """Eight channels, then one, then another rate and format; empty buffers between."""
        pipeline = self.pipeline("appsrc name=in format=time ! realtimebin name=rt ! fakesink "
                                 "rt.event_src ! transcriptsink")
        source = pipeline.__getattr__("in")
        time = 0
        for caps, frame in (
                ("format=S16LE,rate=44100,channels=8,channel-mask=(bitmask)0xc3f", 16),
                ("format=S16LE,rate=48000,channels=1", 2),
                ("format=F32LE,rate=8000,channels=2,channel-mask=(bitmask)0x3", 8)):
            caps = Gst.Caps.from_string("audio/x-raw,layout=interleaved," + caps)
            rate = caps.get_structure(0).get_value("rate")
            for size in (0, rate // 10 * frame, 0, rate // 10 * frame):
                buffer = Gst.Buffer.new_wrapped(bytes(size)) if size else Gst.Buffer.new()
                buffer.pts = time
                buffer.duration = Gst.SECOND // 10 if size else 0
                time += buffer.duration
                segment = Gst.Segment()
                segment.init(Gst.Format.TIME)
                source.emit("push-sample", Gst.Sample.new(buffer, caps, segment, None))
        source.emit("end-of-stream")
        pipeline.play().wait_for_end()

    def test_two_sessions_on_one_input(self):
        pipeline = self.pipeline(
            f"{LIVE} num-buffers=150 ! tee name=t  t. ! queue ! realtimebin name=a language=en ! "
            "fakesink  a.event_src ! transcriptsink name=ta "
            "t. ! queue ! realtimebin name=b session-type=transcription language=de ! "
            "fakesink b.event_src ! transcriptsink name=tb").play()
        ids = {pipeline.wait_for_element("realtime/state", connected).get_string("session-id")
               for _ in range(2)}
        self.assertEqual(len(ids), 2)
        pipeline.wait_for_end()

    def test_what_the_bus_hears(self):
        """Nothing of the inside of the element but what has a meaning outside."""
        pipeline = self.pipeline("audiotestsrc num-buffers=60 ! realtimebin name=rt ! fakesink "
                                 "rt.event_src ! transcriptsink").play()
        pipeline.wait_for_end()
        usual = (Gst.MessageType.STATE_CHANGED | Gst.MessageType.STREAM_STATUS
                 | Gst.MessageType.LATENCY | Gst.MessageType.TAG)
        inner = [describe(m) for m in pipeline.messages
                 if not m.type & usual and m.src is not pipeline.rt
                 and m.src.has_as_ancestor(pipeline.rt)]
        self.assertEqual(inner, [])

    def test_latencies(self):
        """0 and the jitter buffer's for live input; with the hold for a file."""
        for kind in ("live", "file"):
            with self.subTest(kind):
                source = LIVE if kind == "live" else "audiotestsrc"
                pipeline = self.pipeline(f"{source} ! realtimebin name=rt latency=60 ! fakesink "
                                         "rt.event_src ! transcriptsink")
                pipeline.play()
                before = [latency(pipeline.rt, name) for name in ("src", "event_src")]
                if kind == "file":
                    pipeline.wait(lambda m: m.type == Gst.MessageType.LATENCY
                                  and latency(pipeline.rt, "event_src")[0] > 0)
                else:
                    pipeline.wait_for_element("realtime/state", connected)
                after = [latency(pipeline.rt, name) for name in ("src", "event_src")]
                print(kind, before, after)
                self.assertEqual(before[1][0], 0)
                self.assertEqual(before[0][0], 100)
                self.assertAlmostEqual(after[0][0] - 100, after[1][0], delta=1)
                pipeline.stop()

    def test_without_a_clock(self):
        """Alone, in no pipeline: what needs no clock goes on, and it comes down again."""
        Gst.init(None)
        for _ in range(3):
            element = Gst.ElementFactory.make("realtimebin", None)
            element.set_property("base-url", self.server.base_url)
            element.set_property("api-key", self.server.api_key)
            came = threading.Event()
            element.connect("notify::connection-state", lambda e, _, came=came: (
                came.set() if state_of(e) == "connected" else None))
            self.assertEqual(element.set_state(Gst.State.PLAYING),
                             Gst.StateChangeReturn.SUCCESS)
            self.assertTrue(came.wait(30), state_of(element))
            element.set_state(Gst.State.NULL)

    def test_a_session_that_ends_late(self):
        """One that is held up by its application does no harm to the next."""
        pipeline = self.pipeline("audiotestsrc is-live=true ! realtimebin name=rt "
                                 "turn-detection=manual ! fakesink "
                                 "rt.event_src ! appsink name=out sync=false async=false")
        go_on, inside, done = threading.Event(), threading.Event(), threading.Event()

        def block(element, _):
            if state_of(element) == "connected" and not inside.is_set():
                inside.set()
                go_on.wait(20)
                done.set()
        pipeline.rt.connect("notify::connection-state", block)
        pipeline.play()
        self.assertTrue(inside.wait(20))
        pipeline.pipeline.set_state(Gst.State.READY)
        pipeline.play()
        self.wait_for_event(pipeline, "session.updated")
        go_on.set()
        self.assertTrue(done.wait(20))
        # there comes to be sound to commit: the way up leads to the new session
        for _ in range(100):
            while not pipeline.rt.emit("send-event", '{"type":"input_audio_buffer.commit"}'):
                threading.Event().wait(0.1)
            answer = self.wait_for_event(pipeline, "input_audio_buffer.committed", "error")
            if answer["type"] != "error":
                break
            threading.Event().wait(0.1)
        self.assertEqual(answer["type"], "input_audio_buffer.committed", answer)
        self.assertEqual(state_of(pipeline.rt), "connected")

    def wait_for_event(self, pipeline, *kinds):
        """The next event of one of these kinds."""
        while True:
            sample = pipeline.out.emit("try-pull-sample", 20 * Gst.SECOND)
            self.assertIsNotNone(sample, f"none of {kinds}")
            buffer = sample.get_buffer()
            event = json.loads(buffer.extract_dup(0, buffer.get_size()))
            if event["type"] in kinds:
                return event
            self.assertNotEqual(event["type"], "error", event)

    def test_a_process_that_ends_at_once(self):
        """While the key of the certificate is being made in the background."""
        program = """
import gi
gi.require_version("Gst", "1.0")
from gi.repository import Gst
Gst.init(None)
pipeline = Gst.parse_launch("realtimebin api-key=sk-x base-url=http://127.0.0.1:9/v1")
pipeline.set_state(Gst.State.PLAYING)
pipeline.set_state(Gst.State.NULL)
"""
        for _ in range(12):
            subprocess.run([sys.executable, "-c", program], check=True, timeout=60)

    def test_tokens(self):
        """Too many, and then none of use: the first serves, the last is an error."""
        pipeline = self.pipeline(f"{LIVE} ! realtimebin name=rt ! fakesink "
                                 "appsrc name=tokens caps=application/x-realtime-token ! "
                                 "rt.token_sink rt.event_src ! transcriptsink")
        token = json.dumps({"value": self.server.api_key, "expires_at": 0}).encode()
        for _ in range(5):
            pipeline.tokens.emit("push-buffer", Gst.Buffer.new_wrapped(token))
        pipeline.play()
        pipeline.wait_for_element("realtime/state", connected)
        for _ in range(5):
            pipeline.tokens.emit("push-buffer", Gst.Buffer.new_wrapped(token))
        pipeline.tokens.emit("push-buffer", Gst.Buffer.new())
        error = pipeline.wait_for_error()
        self.assertIs(error.src, pipeline.rt)

    def test_token_pads(self):
        """Taken and given back in every state, twice at once refused."""
        pipeline = self.pipeline(f"{LIVE} ! realtimebin name=rt ! fakesink")
        for state in (Gst.State.NULL, Gst.State.READY, Gst.State.PAUSED, Gst.State.PLAYING):
            pipeline.pipeline.set_state(state)
            template = pipeline.rt.get_pad_template("token_sink")
            pad = pipeline.rt.request_pad(template, None, None)
            self.assertIsNotNone(pad)
            self.assertEqual(pad.is_active(), state > Gst.State.READY)
            self.assertIsNone(pipeline.rt.request_pad(template, None, None))
            pipeline.rt.release_request_pad(pad)
            del pad


if __name__ == "__main__":
    main()
