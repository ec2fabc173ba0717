"""What a server may send, well-meaning or not: nothing is lost, nothing is believed."""
import json
import os
import struct
import tempfile
import unittest

from harness import Gst, Pipeline, Server, main, read_events

LINE = ("audiotestsrc is-live=true wave=silence ! realtimebin name=rt ! fakesink "
        "rt.event_src ! tee name=t ! queue ! transcriptsink "
        "t. ! queue ! filesink buffer-mode=unbuffered async=false location={log}")


class Loss:
    """Loses a packet from the middle of the first long message that goes through a pad with
    packets of SCTP, as often as it comes, until a short message has overtaken it."""

    def __init__(self, pad):
        self.first = self.lost = None
        self.overtaken = False
        pad.add_probe(Gst.PadProbeType.BUFFER, self.on_packet)

    def on_packet(self, _pad, info):
        buffer = info.get_buffer()
        packet = buffer.extract_dup(0, buffer.get_size())
        fate = Gst.PadProbeReturn.OK
        place = 12
        while place + 8 <= len(packet) and not self.overtaken:
            kind, flags, size, number = struct.unpack_from(">BBHI", packet, place)
            if kind == 0:  # data, with flags for the first packet of a message and the last
                whole = flags & 3 == 3
                if flags & 3 == 2 and self.first is None:
                    self.first = number
                elif self.first is not None and number == (self.first + 100) % (1 << 32):
                    self.lost = number
                    fate = Gst.PadProbeReturn.DROP
                self.overtaken = whole and self.lost is not None
            place += max(4, size + 3 & ~3)
        return fate


class Events(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="realtime-test-")
        self.log = os.path.join(self.folder, "session.jsonl")

    def play(self, *options, script=()):
        if script:
            path = os.path.join(self.folder, "script")
            with open(path, "w", encoding="utf-8") as file:
                file.writelines(json.dumps(step) + "\n" for step in script)
            options += ("--script", path)
        self.server = Server("--asr", "none", *options)
        self.addCleanup(self.server.__exit__)
        pipeline = Pipeline(LINE.format(log=self.log), self.server.base_url, self.server.api_key)
        self.addCleanup(pipeline.stop)
        return pipeline.play()

    def end(self, pipeline):
        pipeline.pipeline.send_event(Gst.Event.new_eos())
        pipeline.wait_for_end()
        return read_events(self.log)

    def test_forged_events_of_the_element(self):
        pipeline = self.play(script=[
            {"wait_server": "session.updated"},
            {"event": {"type": "realtimebin.state", "connection": "failed", "turn": "idle"}},
            {"event": {"type": "some.news", "deep": {"er": [1, {"x": None}]}, "unknown": "ü€😀"}}])
        error = pipeline.wait_for_element("realtime/error")
        self.assertEqual(error.get_string("code"), "invalid_event")
        events = self.end(pipeline)
        self.assertNotIn("failed", [event.get("connection") for event in events])
        # what is unknown passes as it is
        news, = [event for event in events if event["type"] == "some.news"]
        self.assertEqual((news["deep"], news["unknown"]), ({"er": [1, {"x": None}]}, "ü€😀"))

    def test_broken_events(self):
        for fault in ("bad-json", "bad-utf8"):
            with self.subTest(fault):
                pipeline = self.play("--fault", fault)
                pipeline.wait_for_element("realtime/state", connected)
                events = self.end(pipeline)
                self.assertIn("session.updated", [event["type"] for event in events])
                pipeline.stop()

    def test_big_events(self):
        """Cut in pieces on the way, whole on the stream, their characters too."""
        for size in (60000, 70000, 200000, 1000000):
            with self.subTest(size):
                pipeline = self.play("--fault", f"big-event={size}")
                pipeline.wait_for_element("realtime/state", connected)
                events = self.end(pipeline)
                updated, = [event for event in events if event["type"] == "session.updated"]
                padding = max((value for value in walk(updated) if isinstance(value, str)), key=len)
                self.assertGreaterEqual(len(padding.encode()), size)
                self.assertNotIn("\ufffd", padding)
                pipeline.stop()

    def test_a_packet_is_lost_from_the_server(self):
        """A long message comes whole, and in front of those that were sent after it."""
        sent = [{"type": "some.news", "text": "ü{\"}" * 20000},
                *({"type": "some.news", "number": number} for number in range(3))]
        pipeline = self.play(script=[{"wait": "input_audio_buffer.clear"},
                                     *({"event": event} for event in sent),
                                     {"event": {"type": "error", "error": {
                                         "type": "server_error", "code": "last", "message": ""}}}])
        pipeline.wait_for_element("realtime/state", connected)
        decoder, = pipeline.elements("sctpdec")
        loss = Loss(decoder.get_static_pad("sink"))
        self.assertTrue(pipeline.rt.emit("send-event", '{"type":"input_audio_buffer.clear"}'))
        pipeline.wait_for_element("realtime/error", lambda s: s.get_string("code") == "last")
        self.assertTrue(loss.overtaken)
        events = [event for event in self.end(pipeline) if event["type"] == "some.news"]
        self.assertEqual([event.get("number") for event in events], [None, 0, 1, 2])
        self.assertTrue(events[0]["text"] == sent[0]["text"])

    def test_a_packet_is_lost_to_the_server(self):
        """The same for what this side sends, with the local server."""
        pipeline = self.play()
        pipeline.wait_for_element("realtime/state", connected)
        encoder, = pipeline.elements("sctpenc")
        loss = Loss(encoder.get_static_pad("src"))
        sent = [{"type": "some.news", "text": "ü{\"}" * 20000},
                *({"type": "some.news", "number": number} for number in range(3))]
        for event in sent:
            self.assertTrue(pipeline.rt.emit("send-event", json.dumps(event)))
        for _ in sent:  # none of them makes sense
            pipeline.wait_for_element("realtime/error")
        self.assertTrue(loss.overtaken)
        self.end(pipeline)
        self.server.stop()
        got = self.server.client_events("some.news")
        self.assertEqual([event.get("number") for event in got], [None, 0, 1, 2])
        self.assertTrue(got[0]["text"] == sent[0]["text"])

    def test_a_function_call_and_a_failed_response(self):
        pipeline = self.play("--no-reply", script=[
            {"call": {"name": "get_weather", "arguments": {"city": "Köln", "days": 2}}},
            {"fail": "rate_limit_exceeded"}])
        pipeline.wait_for_element("realtime/state", connected)
        rt = pipeline.rt
        self.assertTrue(rt.emit("send-event", '{"type":"response.create"}'))
        call = pipeline.wait_for_element("realtime/function-call")
        self.assertEqual(call.get_string("name"), "get_weather")
        self.assertEqual(json.loads(call.get_string("arguments")), {"city": "Köln", "days": 2})
        output = {"type": "conversation.item.create", "item": {
            "type": "function_call_output", "call_id": call.get_string("call-id"),
            "output": "fog"}}
        self.assertTrue(rt.emit("send-event", json.dumps(output)))
        self.assertTrue(rt.emit("send-event", '{"type":"response.create"}'))
        error = pipeline.wait_for_element("realtime/error")
        self.assertEqual(error.get_string("code"), "rate_limit_exceeded")
        self.end(pipeline)

    def test_text_in_both_directions(self):
        """No audio at all: a typed question, a written answer."""
        pipeline = self.play("--no-reply", script=[{"say": "It is foggy in London."}])
        pipeline.wait_for_element("realtime/state", connected)
        for event in (
                {"type": "conversation.item.create", "item": {
                    "type": "message", "role": "user",
                    "content": [{"type": "input_text", "text": "What is the weather?"}]}},
                {"type": "response.create", "response": {"output_modalities": ["text"]}}):
            self.assertTrue(pipeline.rt.emit("send-event", json.dumps(event)))
        line = pipeline.wait_for_element(
            "realtime/transcript", lambda structure: structure.get_value("final"))
        self.assertEqual(line.get_string("text"), "It is foggy in London.")
        self.assertEqual(line.get_string("role"), "assistant")
        self.end(pipeline)


def connected(structure):
    state = structure.get_value("connection")
    return getattr(state, "value_nick", str(state)) == "connected"


def walk(value):
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for member in value:
            yield from walk(member)
    else:
        yield value


if __name__ == "__main__":
    main()
