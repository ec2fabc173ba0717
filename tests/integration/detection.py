"""Who ends a turn, what follows it, and what the states of the conversation are meanwhile."""
import json
import os
import tempfile
import unittest

from harness import Gst, Pipeline, Server, main, speak
from live import Live, turn_is

LINE = ("filesrc location={} ! decodebin ! realtimebin name=rt {} ! fakesink rt.event_src ! "
        "tee name=t t. ! queue ! transcriptsink t. ! queue ! appsink name=events sync=false "
        "async=false")


class Files(unittest.TestCase):
    """Turns of a file, which are where they are however busy the machine is."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="realtime-test-")
        # pauses that server_vad takes for the end of a turn
        cls.open_end = cls.talk("open", ["i would like coffee and", "a piece of cake"])
        cls.closed = cls.talk("closed", ["hello how are you", "what is the time"])

    @classmethod
    def talk(cls, name, lines):
        path = os.path.join(cls.folder, name + ".wav")
        speak(path, lines, "--pause", "0.9")
        return path

    def turns(self, path, properties):
        """How many turns were made of it; each has its words."""
        server = Server("--no-reply")
        self.addCleanup(server.__exit__)
        pipeline = Pipeline(LINE.format(path, properties), server.base_url, server.api_key)
        self.addCleanup(pipeline.stop)
        pipeline.play()
        pipeline.wait_for_event("realtimebin.state", lambda e: e["connection"] == "closed")
        pipeline.wait_for_end()
        turns = [event["item_id"] for event in pipeline.events
                 if event["type"] == "input_audio_buffer.committed"]
        self.assertEqual(sorted(turns), sorted(line.get_string("item-id")
                                               for line in pipeline.transcripts("user")))
        return len(turns)

    def test_semantic_vad_waits_where_more_is_to_come(self):
        """After "and" a pause does not end the turn; the service's voice activity detection ends
        it."""
        for properties, turns in (("turn-detection=server-vad", 2),
                                  ("turn-detection=semantic-vad", 1),
                                  ("turn-detection=semantic-vad vad-eagerness=low", 1)):
            with self.subTest(properties):
                self.assertEqual(self.turns(self.open_end, properties + " create-response=false"),
                                 turns)

    def test_eagerness(self):
        """After a sentence it depends on the eagerness how long a pause may be."""
        for eagerness, turns in (("high", 2), ("low", 1)):
            with self.subTest(eagerness):
                self.assertEqual(self.turns(
                    self.closed, "create-response=false turn-detection=semantic-vad "
                    f"vad-eagerness={eagerness}"), turns)

    def test_semantic_vad_of_a_transcription(self):
        self.assertEqual(self.turns(
            self.closed, "session-type=transcription turn-detection=semantic-vad "
            "transcription-model=gpt-transcribe vad-eagerness=high"), 2)


class Detection(Live):
    def test_the_idle_timeout(self):
        """The assistant speaks up again when the user says nothing for so long: the silence is a
        turn, and is answered. Nothing of it is a line of the user, and the end comes as ever."""
        pipeline = self.play("vad-idle-timeout=5000", asr="pocketsphinx")
        pipeline.rt.emit("create-response", "Say exactly: hello")
        pipeline.wait_for_event("output_audio_buffer.stopped")
        event = pipeline.wait_for_event("input_audio_buffer.timeout_triggered")
        self.assertGreater(event["audio_end_ms"] - event["audio_start_ms"], 4000)
        pipeline.wait_for_event("input_audio_buffer.committed",
                                lambda e: e["item_id"] == event["item_id"])
        pipeline.wait_for_event("response.created")
        pipeline.wait_for_event("output_audio_buffer.stopped")
        pipeline.pipeline.send_event(Gst.Event.new_eos())
        pipeline.wait_for_end()
        self.assertEqual([line.get_string("text") for line in pipeline.transcripts("user")
                          if line.get_string("text")], [])
        self.assertEqual(pipeline.warnings(), [])

    def test_no_response_by_itself(self):
        """With create-response=false a turn is heard and not answered, until somebody asks."""
        pipeline = self.play("create-response=false")
        self.mic.say(self.words)
        pipeline.wait_for_event("input_audio_buffer.committed")
        self.assertEqual(self.states(pipeline), ["idle", "user-speaking", "idle"])
        self.assertTrue(pipeline.rt.emit("create-response", "Say exactly: hello"))
        pipeline.wait_for_event("response.created")
        pipeline.wait_for_event("output_audio_buffer.stopped")
        kinds = [event["type"] for event in pipeline.events]
        self.assertEqual(kinds.count("response.created"), 1)
        self.end(pipeline)

    def states(self, pipeline):
        """The states of the turn, each where it changes."""
        found = []
        for event in pipeline.events:
            if event["type"] == "realtimebin.state" and event["connection"] == "connected":
                if found[-1:] != [event["turn"]]:
                    found.append(event["turn"])
        return found

    def test_states_of_a_turn(self):
        pipeline = self.play()
        self.mic.say(self.words)
        pipeline.wait_for_event("realtimebin.state", turn_is("assistant-speaking"))
        pipeline.wait_for_event("realtimebin.state", turn_is("idle"))
        self.assertEqual(self.states(pipeline),
                         ["idle", "user-speaking", "thinking", "assistant-speaking", "idle"])
        kinds = [event["type"] for event in pipeline.events]
        self.assertLess(kinds.index("output_audio_buffer.started"),
                        len(kinds) - kinds[::-1].index("output_audio_buffer.stopped"))
        self.end(pipeline)

    def test_states_without_events_of_the_playback(self):
        """A server that does not tell of its playback: what src gives tells when the assistant
        speaks."""
        pipeline = self.play("", "--fault", "no-playback")
        pipeline.rt.emit("create-response", "Say exactly: one two three four five six seven")
        pipeline.wait_for_event("realtimebin.state", turn_is("thinking"))
        speaking = pipeline.wait_for_event("realtimebin.state", turn_is("assistant-speaking"))
        idle = pipeline.wait_for_event("realtimebin.state", turn_is("idle"))
        output = {event["state"]: event.get("running_time") for event in pipeline.events
                  if event["type"] == "realtimebin.output" and "running_time" in event}
        self.assertEqual(self.states(pipeline),
                         ["idle", "thinking", "assistant-speaking", "idle"])
        self.assertEqual([event["type"] for event in pipeline.events
                          if event["type"].startswith("output_audio_buffer")], [])
        # it spoke for as long as it was heard, give or take what its words come before
        heard = (output["stopped"] - output["started"]) / 1e9
        spoke = (idle["gst_running_time"] - speaking["gst_running_time"]) / 1e9
        print(f"heard for {heard:.2f} s, speaking for {spoke:.2f} s")
        self.assertGreater(heard, 1)
        self.assertLess(abs(spoke - heard), 1.5)
        self.end(pipeline)


if __name__ == "__main__":
    main()
