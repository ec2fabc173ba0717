"""What a conversation begins with, and what it has come to."""
import json
import os
import tempfile
import unittest

from harness import Gst, Pipeline, Server, main, speak

QUIET = ("audiotestsrc is-live=true wave=silence ! realtimebin name=rt ! fakesink "
         "rt.event_src ! appsink name=events sync=false async=false")
PAST = [{"role": "system", "text": "You are a parrot."},
        {"role": "user", "text": "My name is Ada.", "id": "past_1"},
        {"role": "assistant", "text": "Good day, Ada."},
        {"type": "function_call", "call_id": "call_1", "name": "greet", "arguments": "{}"},
        {"type": "function_call_output", "call_id": "call_1", "output": "done"}]


class History(unittest.TestCase):
    def play(self, line=QUIET, *options, items=PAST):
        self.server = Server(*options)
        self.addCleanup(self.server.__exit__)
        pipeline = Pipeline(line, self.server.base_url, self.server.api_key)
        self.addCleanup(pipeline.stop)
        if items is not None:
            text = items if isinstance(items, str) else json.dumps(items)
            pipeline.rt.set_property("initial-items", text)
        return pipeline.play()

    def conversation(self, pipeline):
        return json.loads(pipeline.rt.get_property("conversation"))

    def test_a_talk_that_goes_on(self):
        """The past stands before what is said, no reply is made to it, and the indices of the
        lines count it."""
        folder = tempfile.mkdtemp(prefix="realtime-test-")
        talk = os.path.join(folder, "talk.wav")
        speak(talk, ["hello how are you"], "--pause", "0.3")
        pipeline = self.play(f"filesrc location={talk} ! decodebin ! realtimebin name=rt ! "
                             "fakesink rt.event_src ! tee name=t t. ! queue ! transcriptsink "
                             "t. ! queue ! appsink name=events sync=false async=false")
        pipeline.wait_for_event("realtimebin.state", lambda e: e["connection"] == "closed")
        pipeline.wait_for_end()
        user, = pipeline.transcripts("user")
        assistant, = pipeline.transcripts("assistant")
        self.assertEqual((user.get_value("index"), assistant.get_value("index")), (5, 6))
        said = self.conversation(pipeline)
        self.assertEqual([(line["role"], line["text"]) for line in said], [
            ("system", "You are a parrot."), ("user", "My name is Ada."),
            ("assistant", "Good day, Ada."), ("user", user.get_value("text")),
            ("assistant", assistant.get_value("text"))])
        self.assertEqual(said[1]["item_id"], "past_1")
        self.assertEqual((said[3]["start"], said[3]["end"]),
                         (user.get_value("start"), user.get_value("end")))
        self.assertEqual([line["interrupted"] for line in said], [False] * 5)
        # it is kept until the next session begins
        pipeline.stop()
        self.assertEqual(self.conversation(pipeline), said)
        # all of it was there before the first sample was heard
        kinds = [event["type"] for event in pipeline.events]
        items = [i for i, kind in enumerate(kinds) if kind == "conversation.item.added"]
        self.assertGreater(kinds.index("realtimebin.timeline"), items[4])
        self.assertEqual(kinds.count("response.created"), 1)
        self.server.stop()
        sent = [event["type"] for event in self.server.client_events()]
        self.assertEqual(sent[:6], ["session.update"] + ["conversation.item.create"] * 5)

    def test_typed_text_is_in_it(self):
        pipeline = self.play(QUIET, "--asr", "none", items=None)
        pipeline.wait_for_event("realtimebin.state", lambda e: e["connection"] == "connected")
        self.assertEqual(self.conversation(pipeline), [])
        pipeline.rt.emit("send-event", json.dumps({
            "type": "conversation.item.create", "item": {"type": "message", "role": "user",
            "content": [{"type": "input_text", "text": "hello"}]}}))
        pipeline.rt.emit("send-event", json.dumps({"type": "response.create"}))
        pipeline.wait_for_event("output_audio_buffer.stopped")
        pipeline.wait_for_event("realtimebin.output", lambda e: e["state"] == "stopped")
        pipeline.pipeline.send_event(Gst.Event.new_eos())
        pipeline.wait_for_end()
        said = self.conversation(pipeline)
        self.assertEqual([line["role"] for line in said], ["user", "assistant"])
        self.assertEqual(said[0]["text"], "hello")
        self.assertGreater(said[1]["end"], said[1]["start"])

    def test_a_refused_item(self):
        """Told by its place; the others are there, and the session goes on."""
        items = [{"role": "user", "text": "one", "id": "same"},
                 {"role": "user", "text": "two", "id": "same"},
                 {"role": "user", "text": "three"}]
        pipeline = self.play(QUIET, "--asr", "none", items=items)
        domain, code, text = pipeline.wait_for_warning("initial-items[1]")
        self.assertEqual((domain, code), ("gst-resource-error-quark",
                                          int(Gst.ResourceError.SETTINGS)))
        self.assertIn("same", text)
        pipeline.wait_for_event("realtimebin.timeline")
        self.assertEqual([line["text"] for line in self.conversation(pipeline)], ["one", "three"])

    def test_a_server_that_tells_nothing(self):
        pipeline = self.play(QUIET, "--asr", "none", "--fault", "no-items")
        _, _, text = pipeline.wait_for_warning("initial-items")
        self.assertIn("5 s", text)
        pipeline.wait_for_event("realtimebin.timeline")

    def test_many(self):
        items = [{"role": "user" if i % 2 == 0 else "assistant", "text": f"This is line {i}."}
                 for i in range(1000)]
        pipeline = self.play(QUIET, "--asr", "none", items=items)
        pipeline.wait_for_event("realtimebin.timeline")
        self.assertEqual([line["text"] for line in self.conversation(pipeline)],
                         [item["text"] for item in items])
        self.assertEqual(pipeline.warnings(), [])

    def test_bad_items_send_nothing(self):
        for items, words in (("nonsense", "JSON array"), ("[{}]", "initial-items[0]"),
                             ([{"role": "user", "text": "x" * 1024 * 1024}], "256 KiB")):
            pipeline = self.play(QUIET, "--asr", "none", items=items)
            error, _ = pipeline.wait_for_error().parse_error()
            self.assertEqual(error.code, int(Gst.ResourceError.SETTINGS))
            self.assertIn(words, error.message)
            pipeline.stop()
            self.assertEqual(self.server.files(".jsonl"), [])
        pipeline = self.play(QUIET.replace("name=rt", "name=rt session-type=transcription"),
                             "--asr", "none")
        error, _ = pipeline.wait_for_error().parse_error()
        self.assertIn("initial-items", error.message)


if __name__ == "__main__":
    main()
