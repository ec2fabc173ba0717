"""What does not come is told: by its name, with the time that was waited, once."""
import json
import os
import tempfile
import threading
import unittest

from harness import Gst, Pipeline, Server, main, speak

QUIET = ("{} ! realtimebin name=rt {} ! fakesink "
         "rt.event_src ! appsink name=events sync=false async=false")


class Watchdog(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="realtime-test-")
        cls.talk = os.path.join(cls.folder, "talk.wav")
        speak(cls.talk, ["hello how are you"], "--pause", "0.3")

    def play(self, source, *options, properties=""):
        server = Server("--asr", "none", *options)
        self.addCleanup(server.__exit__)
        pipeline = Pipeline(QUIET.format(source, properties), server.base_url, server.api_key)
        self.addCleanup(pipeline.stop)
        pipeline.play()
        pipeline.wait_for_event("realtimebin.state", lambda e: e["connection"] == "connected")
        return pipeline

    def expect(self, pipeline, code, *words):
        """One warning, with these words; the session stands."""
        event = pipeline.wait_for_event("realtimebin.error", lambda e: e["code"] == code)
        self.assertFalse(event["fatal"])
        for word in words:
            self.assertIn(word, event["message"])
        pipeline.wait_for_warning(event["message"])
        self.assertEqual(pipeline.rt.get_property("connection-state").value_nick, "connected")

    def count(self, pipeline, code):
        return [event.get("code") for event in pipeline.events].count(code)

    def test_no_transcript(self):
        pipeline = self.play(f"filesrc location={self.talk} ! decodebin ! audioconvert ! concat "
                             "name=c audiotestsrc wave=ticks ! audio/x-raw,rate=16000 ! c. c.",
                             "--fault", "late-transcript=20000",
                             properties="create-response=false")
        self.expect(pipeline, "no_transcript", "15 s", "transcription.completed")
        done = pipeline.wait_for_event("conversation.item.input_audio_transcription.failed")
        self.assertIn(done["item_id"], next(e["message"] for e in pipeline.events
                                            if e.get("code") == "no_transcript"))

    def test_no_response(self):
        pipeline = self.play("audiotestsrc is-live=true wave=ticks", "--fault", "no-response")
        pipeline.rt.emit("send-event", json.dumps({"type": "response.create"}))
        self.expect(pipeline, "no_response", "10 s", "response.created")

    def test_an_empty_response(self):
        pipeline = self.play("audiotestsrc is-live=true wave=ticks", "--fault", "stuck-response")
        pipeline.rt.emit("send-event", json.dumps({"type": "response.create"}))
        self.expect(pipeline, "empty_response", "30 s")
        self.assertEqual(self.count(pipeline, "empty_response"), 1)

    def test_an_input_that_stops(self):
        pipeline = self.play("audiotestsrc is-live=true wave=ticks ! valve name=valve")
        pipeline.wait_for_event("realtimebin.timeline")
        pipeline.valve.set_property("drop", True)
        self.expect(pipeline, "input_unfed", "10 s", "sink")
        # it comes again, for longer than it takes to notice, and stops again
        passed = []
        enough = threading.Event()

        def count(pad, info):
            passed.append(1)
            if len(passed) == 100:
                enough.set()
            return Gst.PadProbeReturn.OK
        pipeline.rt.get_static_pad("sink").add_probe(Gst.PadProbeType.BUFFER, count)
        pipeline.valve.set_property("drop", False)
        self.assertTrue(enough.wait(60))
        pipeline.valve.set_property("drop", True)
        self.expect(pipeline, "input_unfed", "10 s")
        self.assertEqual(self.count(pipeline, "input_unfed"), 2)

    def test_a_silent_input(self):
        pipeline = self.play("audiotestsrc is-live=true wave=silence")
        self.expect(pipeline, "input_silent", "60 s", "-50 dBFS")
        self.assertEqual(self.count(pipeline, "input_unfed"), 0)

    def test_a_muted_input(self):
        """Nobody is waited for who is not to be heard: no warning while the one that is not
        muted gets its own."""
        muted = self.play("audiotestsrc is-live=true wave=ticks ! valve drop=true")
        muted.rt.set_property("mute", True)
        other = self.play("audiotestsrc is-live=true wave=ticks ! valve drop=true")
        self.expect(other, "input_unfed")
        self.assertEqual(muted.warnings(), [])

    def test_no_confirmation(self):
        server = Server("--asr", "none", "--fault", "no-session-updated")
        self.addCleanup(server.__exit__)
        pipeline = Pipeline(QUIET.format("audiotestsrc is-live=true wave=ticks", ""),
                            server.base_url, server.api_key)
        self.addCleanup(pipeline.stop)
        pipeline.play()
        pipeline.wait_for_event("realtimebin.state", lambda e: e["connection"] == "connected")
        text, = [text for text in pipeline.warnings() if "session.updated" in text]
        self.assertIn("5 s", text)
        # a change is not confirmed, either
        pipeline.rt.set_property("instructions", "Be brief.")
        event = pipeline.wait_for_event("realtimebin.error")
        self.assertEqual(event["code"], "session_not_confirmed")
        self.assertIn("5 s", event["message"])


if __name__ == "__main__":
    main()
