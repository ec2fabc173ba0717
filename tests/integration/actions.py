"""What an application asks of a session: text, pictures, functions, responses; and what
becomes of it when it asks too early, too late, or too much."""
import ctypes
import json
import os
import tempfile
import unittest

from harness import Gst, Pipeline, Server, main, read_events, run_to_the_end

LINE = ("audiotestsrc is-live=true wave=silence ! realtimebin name=rt output-modality=text {} ! "
        "fakesink rt.event_src ! tee name=t ! queue ! appsink name=events sync=false async=false "
        "t. ! queue ! transcriptsink")
WEATHER = {"name": "get_weather", "arguments": {"city": "Berlin"}}
TIME = {"name": "get_time", "arguments": {}}


def emit_raw(element, name, *values):
    """The action with strings that Python would not let through."""
    library = ctypes.CDLL("libgobject-2.0.so.0")
    accepted = ctypes.c_int(-1)
    library.g_signal_emit_by_name(ctypes.c_void_p(hash(element)), name.encode(), *values,
                                  ctypes.byref(accepted))
    return bool(accepted.value)


def make_picture(path, caps, encoder):
    line = f"videotestsrc num-buffers=1 ! video/x-raw,{caps} ! {encoder} ! filesink location={path}"
    run_to_the_end(Gst.parse_launch(line))
    return path


def is_reply(event):
    return event["response"]["status"] == "completed"


class Actions(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        Gst.init(None)
        cls.folder = tempfile.mkdtemp(prefix="realtime-test-")

    def play(self, *options, script=(), properties=""):
        if script:
            path = os.path.join(self.folder, "script")
            with open(path, "w", encoding="utf-8") as file:
                file.writelines(json.dumps(step) + "\n" for step in script)
            options += ("--script", path)
        self.server = Server("--asr", "none", *options)
        self.addCleanup(self.server.__exit__)
        pipeline = Pipeline(LINE.format(properties), self.server.base_url, self.server.api_key)
        self.addCleanup(pipeline.stop)
        pipeline.play()
        pipeline.wait_for_event("realtimebin.state", lambda e: e["connection"] == "connected")
        return pipeline

    def said(self, pipeline):
        """The words of the next response."""
        done = pipeline.wait_for_event("response.done")
        self.assertEqual(done["response"]["status"], "completed")
        return [part.get("text", part.get("transcript")) for item in done["response"]["output"]
                for part in item.get("content", [])]

    def end(self, pipeline):
        """Ends in good order; what the client sent."""
        pipeline.rt.send_event(Gst.Event.new_eos())
        pipeline.wait_for_end()
        pipeline.stop()
        self.server.stop()
        return self.server.client_events()

    def no_overlap(self, pipeline):
        codes = [event["error"]["code"] for event in pipeline.events if event["type"] == "error"]
        self.assertNotIn("conversation_already_has_active_response", codes)

    def test_text(self):
        pipeline = self.play()
        self.assertTrue(pipeline.rt.emit("send-text", "tell me a joke"))
        self.assertIn("sink", self.said(pipeline)[0])
        sent = self.end(pipeline)
        ids = [event.get("event_id") for event in sent]
        self.assertNotIn(None, ids)
        self.assertEqual(len(ids), len(set(ids)))
        self.assertEqual(pipeline.warnings(), [])

    def test_responses_wait_for_each_other(self):
        """Texts that come while something is being said are answered by one reply; a response
        with instructions of its own gets its own turn."""
        pipeline = self.play(properties="output-modality=audio")
        pipeline.rt.emit("create-response", "Say: one two three four five six seven")
        pipeline.wait_for_event("response.created")
        for text in ("hello", "what is the date"):
            self.assertTrue(pipeline.rt.emit("send-text", text))
        self.assertTrue(pipeline.rt.emit("create-response", "Say: the end"))
        self.assertTrue(pipeline.rt.emit("send-event", json.dumps(
            {"type": "response.create", "response": {"instructions": "Say: really"}})))
        self.assertEqual(self.said(pipeline), ["one two three four five six seven"])
        self.assertIn("Today is", self.said(pipeline)[0])
        self.assertEqual(self.said(pipeline), ["the end"])
        self.assertEqual(self.said(pipeline), ["really"])
        sent = self.end(pipeline)
        self.assertEqual(len([e for e in sent if e["type"] == "response.create"]), 4)
        self.no_overlap(pipeline)

    def test_function(self):
        """Called, answered from the handler itself, and the reply to that."""
        pipeline = self.play(script=[{"call": WEATHER}], properties="output-modality=audio")
        calls = []

        def called(element, call_id, name, arguments):
            calls.append((call_id, name, json.loads(arguments)))
            self.answered = element.emit("send-function-result", call_id, '{"sky":"clear"}')

        pipeline.rt.connect("function-call", called)
        self.assertTrue(pipeline.rt.emit("send-text", "what is the weather in Berlin"))
        message = pipeline.wait_for_element("realtime/function-call")
        self.assertEqual(self.said(pipeline), [])
        self.assertEqual(self.said(pipeline), ["The answer is: sky clear."])
        self.assertEqual(calls, [(message.get_string("call-id"), "get_weather", {"city": "Berlin"})])
        self.assertTrue(self.answered)
        # once is enough, and nobody asked for others
        self.assertFalse(pipeline.rt.emit("send-function-result", calls[0][0], "again"))
        self.assertFalse(pipeline.rt.emit("send-function-result", "nobody", "x"))
        pipeline.wait_for_warning("nobody")
        self.end(pipeline)
        self.no_overlap(pipeline)

    def test_several_functions(self):
        """All calls of a response have their results before the one reply is asked for."""
        pipeline = self.play(script=[{"calls": [WEATHER, TIME, WEATHER]}])
        pipeline.rt.emit("create-response", None)
        pipeline.wait_for_event("response.done")
        ids = [pipeline.wait_for_element("realtime/function-call").get_string("call-id")
               for _ in range(3)]
        for number, call_id in enumerate(reversed(ids)):
            self.assertTrue(pipeline.rt.emit("send-function-result", call_id, str(number)))
        self.assertEqual(self.said(pipeline), ["The answer is: 2."])
        sent = self.end(pipeline)
        kinds = [event.get("item", {}).get("type", event["type"]) for event in sent
                 if event["type"] in ("response.create", "conversation.item.create")]
        self.assertEqual(kinds, ["response.create", *["function_call_output"] * 3,
                                 "response.create"])

    def test_the_end_waits_for_functions(self):
        """An application that answers calls is waited for at the end of the input."""
        pipeline = self.play(script=[{"call": TIME}])
        calls = []
        pipeline.rt.connect("function-call", lambda rt, call_id, *_: calls.append(call_id))
        pipeline.rt.emit("send-text", "what is the time")
        pipeline.wait_for_element("realtime/function-call")
        pipeline.rt.send_event(Gst.Event.new_eos())
        # longer than the quiet that ends a session
        self.assertIsNone(pipeline.bus.timed_pop_filtered(3 * Gst.SECOND, Gst.MessageType.EOS))
        self.assertTrue(pipeline.rt.emit("send-function-result", calls[0], '"noon"'))
        line = pipeline.wait_for_element("realtime/transcript", lambda s: s.get_value("final"))
        self.assertEqual(line.get_string("text"), 'The answer is: "noon".')
        pipeline.wait_for_end()

    def test_responses_out_of_band(self):
        """Beside a spoken reply, and apart from the conversation."""
        pipeline = self.play(properties="output-modality=audio")
        self.assertTrue(pipeline.rt.emit("create-response", "Say: one two three four five six"))
        pipeline.wait_for_event("output_audio_buffer.started")
        self.assertTrue(pipeline.rt.emit("send-event", json.dumps(
            {"type": "response.create", "response": {
                "conversation": "none", "metadata": {"topic": "title"},
                "output_modalities": ["text"], "instructions": "Say: a title"}})))
        done = pipeline.wait_for_event("response.done")["response"]
        self.assertEqual(done["metadata"], {"topic": "title"})
        self.assertEqual(done["output"][0]["content"][0]["text"], "a title")
        self.assertEqual(self.said(pipeline), ["one two three four five six"])
        self.end(pipeline)
        self.assertEqual([line.get_string("text") for line in pipeline.transcripts()],
                         ["one two three four five six"])
        self.no_overlap(pipeline)

    def test_mcp(self):
        """An approval is asked for on the stream and given by an event."""
        request = {"id": "mcpr_1", "type": "mcp_approval_request", "server_label": "docs",
                   "name": "search", "arguments": "{\"query\":\"opus\"}"}
        pipeline = self.play("--no-reply", script=[
            {"wait": "conversation.item.create"},
            {"event": {"type": "conversation.item.added", "previous_item_id": None,
                       "item": request}},
            {"wait": "conversation.item.create"},
            {"event": {"type": "response.mcp_call.in_progress", "output_index": 0,
                       "item_id": "mcp_1"}},
            {"event": {"type": "response.mcp_call.completed", "output_index": 0,
                       "item_id": "mcp_1"}}])
        pipeline.rt.emit("send-event", json.dumps({
            "type": "conversation.item.create", "item": {
                "type": "message", "role": "user",
                "content": [{"type": "input_text", "text": "Search for opus."}]}}))
        item = pipeline.wait_for_event(
            "conversation.item.added",
            lambda event: event["item"]["type"] == "mcp_approval_request")["item"]
        self.assertTrue(pipeline.rt.emit("send-event", json.dumps({
            "type": "conversation.item.create", "item": {
                "type": "mcp_approval_response", "approval_request_id": item["id"],
                "approve": True}})))
        pipeline.wait_for_event("response.mcp_call.completed")
        self.end(pipeline)

    def test_pictures(self):
        small = make_picture(os.path.join(self.folder, "small.png"), "width=64,height=48", "pngenc")
        large = make_picture(os.path.join(self.folder, "large.jpg"),
                             "width=2560,height=1440,format=I420", "jpegenc quality=100")
        with open(large, "rb") as file:
            data = Gst.Buffer.new_wrapped(file.read())
        pipeline = self.play()
        rt = pipeline.rt
        for picture, seen in (
                (("send-image-file", small, "low", 0), "a PNG picture of 64 by 48 pixels"),
                (("send-image-file", small, None, 512), "a JPEG picture of 64 by 48 pixels"),
                (("send-image-file", large, "high", 640), "a JPEG picture of 640 by 360 pixels"),
                (("send-image", data, "auto", 320), "a JPEG picture of 320 by 180 pixels")):
            self.assertTrue(rt.emit(*picture), picture)
            self.assertTrue(rt.emit("send-text", "what do you see"))
            self.assertEqual(self.said(pipeline), [f"I see {seen}."])
        self.assertFalse(rt.emit("send-image", data, "low", 0))
        pipeline.wait_for_warning("longest-edge")
        for picture, why in (
                (("send-image-file", "/nowhere/x.png", "", 0), "No such file"),
                (("send-image-file", self.folder, "", 0), "no file"),
                (("send-image-file", __file__, "", 0), "neither PNG nor JPEG"),
                (("send-image-file", small, "closely", 0), "auto, low or high"),
                (("send-image", Gst.Buffer.new_wrapped(b"\xff\xd8\xff\xe0 no"), "", 64), "scaled"),
                (("send-image", Gst.Buffer.new(), "", 0), "no picture"),
                (("send-image-file", None, "", 0), "no location")):
            self.assertFalse(rt.emit(*picture), picture)
            pipeline.wait_for_warning(why)
        self.end(pipeline)

    def test_refused_by_the_service(self):
        """The warning names the action, and the session stands."""
        pipeline = self.play()
        self.assertTrue(pipeline.rt.emit("send-event", '{"type":"no.such.event"}'))
        pipeline.wait_for_warning("send-event")
        self.assertTrue(pipeline.rt.emit("send-event",
                                         '{"type":"no.such.event","event_id":"mine"}'))
        self.assertEqual(pipeline.wait_for_event(
            "error", lambda event: event["error"]["event_id"] == "mine")["type"], "error")
        # a race of our own making is no news
        self.assertTrue(pipeline.rt.emit("commit-input"))
        self.assertTrue(pipeline.rt.emit("clear-input"))
        self.assertTrue(pipeline.rt.emit("interrupt"))
        self.assertTrue(pipeline.rt.emit("send-text", "hello"))
        self.said(pipeline)
        self.end(pipeline)

    def test_bad_input(self):
        pipeline = self.play()
        rt = pipeline.rt
        long = "x" * 1000000
        for action, why in (
                (("send-text", ""), "no text"), (("send-text", None), "no text"),
                (("send-text", long), "1000"), (("create-response", long), "1000"),
                (("send-function-result", "x", long), "1000"),
                (("send-function-result", "", "x"), "no call id"),
                (("send-function-result", None, "x"), "no call id"),
                (("send-event", None), "send-event"), (("send-event", "[]"), "send-event"),
                (("send-event", "{"), "send-event"), (("send-event", "{}"), "type"),
                (("send-event", json.dumps({"type": "x", "text": long})), "1000")):
            self.assertFalse(rt.emit(*action), str(action)[:60])
            pipeline.wait_for_warning(why)
        for action in (("send-text", b"\xff\xfe"), ("create-response", b"a\xc3"),
                       ("send-function-result", b"\xff", b"x"),
                       ("send-function-result", b"x", b"\x80"),
                       ("send-event", b'{"type":"x","text":"\xff"}')):
            self.assertFalse(emit_raw(rt, *action), action)
            pipeline.wait_for_warning("UTF-8")
        self.assertTrue(rt.emit("send-text", "hello"))
        self.assertIn("Hello", self.said(pipeline)[0])
        self.end(pipeline)

    def all_actions(self):
        picture = make_picture(os.path.join(self.folder, "p.png"), "width=16,height=16", "pngenc")
        with open(picture, "rb") as file:
            buffer = Gst.Buffer.new_wrapped(file.read())
        return (("send-text", "hello"), ("create-response", ""), ("interrupt",),
                ("commit-input",), ("clear-input",), ("send-function-result", "x", "y"),
                ("send-event", '{"type":"response.create"}'),
                ("send-image-file", picture, "", 0), ("send-image", buffer, "", 0))

    def test_off_air(self):
        """Where there is no session to be had and the pipeline goes on without one."""
        server = Server("--asr", "none")
        self.addCleanup(server.__exit__)
        pipeline = Pipeline(LINE.format("failure=continue"), server.base_url, "sk-wrong")
        self.addCleanup(pipeline.stop)
        pipeline.play()
        pipeline.wait_for_event("realtimebin.state", lambda e: e["connection"] == "failed")
        for action in self.all_actions():
            self.assertFalse(pipeline.rt.emit(*action), action)
            pipeline.wait_for_warning(action[0])
        pipeline.rt.set_property("talk", True)
        pipeline.rt.set_property("instructions", "Be brief.")
        pipeline.rt.send_event(Gst.Event.new_eos())
        pipeline.wait_for_end()

    def test_wrong_times(self):
        actions = self.all_actions()
        server = Server("--asr", "none", "--fault", "answer-delay=2000")
        self.addCleanup(server.__exit__)
        pipeline = Pipeline(LINE.format(""), server.base_url, server.api_key)
        self.addCleanup(pipeline.stop)

        def refused():
            for action in actions:
                self.assertFalse(pipeline.rt.emit(*action), action)
                pipeline.wait_for_warning(action[0])

        refused()
        pipeline.play()
        refused()
        pipeline.wait_for_event("realtimebin.state", lambda e: e["connection"] == "connected")
        pipeline.rt.send_event(Gst.Event.new_eos())
        pipeline.wait_for_end()
        refused()
        # a pipeline that is down has nobody who reads its bus
        pipeline.stop()
        for action in actions:
            self.assertFalse(pipeline.rt.emit(*action), action)

    def test_a_transcription_does_not_converse(self):
        self.server = Server("--asr", "none")
        self.addCleanup(self.server.__exit__)
        pipeline = Pipeline(LINE.format("session-type=transcription").replace(
            "output-modality=text", ""), self.server.base_url, self.server.api_key)
        self.addCleanup(pipeline.stop)
        pipeline.play()
        pipeline.wait_for_event("realtimebin.state", lambda e: e["connection"] == "connected")
        for action in (("send-text", "hello"), ("create-response", ""), ("interrupt",)):
            self.assertFalse(pipeline.rt.emit(*action))
            pipeline.wait_for_warning("transcription session")
        self.end(pipeline)


if __name__ == "__main__":
    main()
