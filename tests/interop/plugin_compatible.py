"""The plugin and the habits of servers that only speak the protocol, each by itself: how
they take an offer, name a call and end it, and which events they leave out. aiortc answers."""
import os
import unittest

from aiortc_peer import AiortcPeer
from gi.repository import Gst
from harness import Pipeline, main, read_events
from shim import results, spoken

# What Azure lets through with webrtcfilter=on.
AZURE = {
    "input_audio_buffer.speech_started", "input_audio_buffer.speech_stopped",
    "output_audio_buffer.started", "output_audio_buffer.stopped",
    "conversation.item.input_audio_transcription.completed",
    "conversation.item.added", "conversation.item.created",
    "response.output_text.delta", "response.output_text.done",
    "response.output_audio_transcript.delta", "response.output_audio_transcript.done",
}
HEARD = "Hello how are you today."
SAID = "The answer is that it is late."
# The limit after which a drain warns; nothing here may need it.
DRAIN_S = 40


class Compatible(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
            os.environ.pop(name, None)
        cls.folder = results("compatible")
        cls.talk, _ = spoken(cls.folder, "talk.wav", ["hello how are you today"], "rms")
        _, cls.say = spoken(cls.folder, "say.wav", ["good night"], "slt")

    def converse(self, properties="", key=None, url=None, **options):
        """A file is said and answered, and the pipeline ends by itself: with the lines of
        both in place, at rest, and without a warning other than the one about the session's
        confirmation. Returns (peer, events, warnings)."""
        log = os.path.join(self.folder, self.id().rsplit(".", 1)[-1] + ".jsonl")
        with AiortcPeer(self.folder, self.say, **options) as peer:
            where = f"sdp-url={peer.base_url.removesuffix('/v1')}{url}" if url else \
                f"base-url={peer.base_url}"
            line = (f"filesrc location={self.talk} ! decodebin ! realtimebin name=rt "
                    f"{where} drain-timeout={DRAIN_S * 1000} {properties} ! fakesink sync=false "
                    f"rt.event_src ! tee name=t ! queue ! filesink async=false location={log} "
                    "t. ! queue ! transcriptsink")
            with Pipeline(line, api_key=key) as pipeline:
                pipeline.play()
                pipeline.wait_for_element(
                    "realtime/state", lambda s: s.get_value("connection").value_nick == "connected")
                peer.turn(HEARD, SAID)
                pipeline.wait_for_end()
                lines = [(line.get_value("role"), line.get_value("text"))
                         for line in pipeline.transcripts()]
                turns = [message.get_structure().get_value("turn").value_nick
                         for message in pipeline.messages
                         if message.type == Gst.MessageType.ELEMENT
                         and message.get_structure().get_name() == "realtime/state"]
                warnings = pipeline.warnings()
                session_id = pipeline.rt.get_property("session-id")
            if peer.hang_up_by and peer.location:
                peer.wait(lambda: peer.hangups)
            self.assertCountEqual(lines, [("user", HEARD), ("assistant", SAID)])
            self.assertEqual(turns[-1], "idle", turns)
            events = read_events(log)
            if options.get("only") is None:
                self.assertIn(session_id, ("sess_interop", None))
            return peer, events, warnings

    def update(self, peer):
        """The session that the plugin asked for."""
        update, = peer.received("session.update")
        return update["session"]

    def test_no_key(self):
        """Hugging Face: no credentials at all, hung up by DELETE of its Location."""
        peer, _, warnings = self.converse("service=compatible", hang_up_by="DELETE")
        self.assertEqual(warnings, [])
        request, parts = peer.requests[0]
        self.assertNotIn("Authorization", request.headers)
        self.assertEqual((request.content_type, list(parts)), ("application/sdp", ["sdp"]))
        self.assertEqual(request.query_string, "")
        self.assertEqual(peer.hangups, ["rtc_1"])
        # what nobody named is the server's to choose
        session = self.update(peer)
        self.assertNotIn("transcription", session["audio"]["input"])

    def test_key_and_model(self):
        """With what was set; hung up as the service has it."""
        peer, _, _ = self.converse("service=compatible model=a/b", key="sk-interop")
        request, _ = peer.requests[0]
        self.assertEqual(request.headers["Authorization"], "Bearer sk-interop")
        self.assertEqual(request.query["model"], "a/b")
        self.assertEqual(peer.hangups, ["rtc_1"])

    def test_json(self):
        """LocalAI: JSON both ways, after a refusal that says little; no Location."""
        for refusal in (400, 415):
            with self.subTest(refusal=refusal):
                peer, _, warnings = self.converse(
                    "service=compatible model=omni", takes=("application/json",),
                    refusal=refusal, answer_key="sdp", content_type="application/json",
                    location=False)
                self.assertEqual(warnings, [])
                self.assertEqual([request.content_type for request, _ in peer.requests],
                                 ["application/sdp", "application/json"])
                parts = peer.requests[1][1]
                self.assertEqual((parts["type"], parts["model"]), ("offer", "omni"))

    def test_json_at_once(self):
        """offer-format saves the request that would be refused."""
        peer, _, _ = self.converse(
            "service=compatible offer-format=json", takes=("application/json",),
            answer_key="answer", content_type="application/json")
        self.assertEqual([request.content_type for request, _ in peer.requests],
                         ["application/json"])

    def test_speaches(self):
        """Another path, 200, text/plain, the beta's sessions and names, events in pieces of
        base64, nothing to hang up by."""
        peer, events, warnings = self.converse(
            "service=compatible model=m voice=af_sky instructions=Brief "
            "transcription-model=small", path="/v1/realtime", status=200,
            content_type="text/plain charset=utf-8", location=False, hang_up_by=None,
            beta=True, wrapped=True)
        self.assertEqual(warnings, [])
        self.assertEqual(peer.requests[0][0].query["model"], "m")
        session = self.update(peer)
        self.assertEqual(session["instructions"], "Brief")
        self.assertEqual(session["voice"], "af_sky")
        self.assertEqual(session["input_audio_transcription"], {"model": "small"})
        self.assertEqual(session["turn_detection"]["type"], "server_vad")
        types = {event["type"] for event in events}
        self.assertIn("response.audio_transcript.delta", types)
        self.assertNotIn("partial_message", types)

    def test_beta_that_tells_nothing_beforehand(self):
        """No session.created: GA is tried, is refused, and the beta it is."""
        peer, _, warnings = self.converse("service=compatible", beta=True,
                                          names={"session.created": None})
        self.assertEqual(warnings, [])
        first, second = [event["session"] for event in peer.received("session.update")]
        self.assertIn("audio", first)
        self.assertIn("modalities", second)

    def test_captions_of_a_beta(self):
        """A server with conversations alone is asked not to answer."""
        peer, _, _ = self.converse("service=compatible session-type=transcription", beta=True)
        self.assertIs(self.update(peer)["turn_detection"]["create_response"], False)

    def test_sdp_url(self):
        """An application's back end: its own URL, JSON, no key, and calls that are its own."""
        for service in ("openai", "compatible"):
            with self.subTest(service=service):
                peer, _, warnings = self.converse(
                    f"service={service}", url="/session?room=7", path="/session", status=200,
                    takes=("application/json",), answer_key="answer", location=False,
                    content_type="application/json")
                self.assertEqual(warnings, [])
                self.assertEqual(peer.requests[-1][0].query["room"], "7")
                self.assertNotIn("Authorization", peer.requests[-1][0].headers)

    def test_items_created_only(self):
        _, _, warnings = self.converse("service=compatible", names={
            "conversation.item.added": "conversation.item.created",
            "conversation.item.done": None})
        self.assertEqual(warnings, [])

    def test_no_session_updated(self):
        _, _, warnings = self.converse("service=compatible", names={"session.updated": None})
        self.assertEqual(len(warnings), 1)
        self.assertIn("has not confirmed", warnings[0])

    def test_no_response_done(self):
        _, _, warnings = self.converse("service=compatible", names={"response.done": None})
        self.assertEqual(warnings, [])

    def test_no_response_done_nor_playback(self):
        _, _, warnings = self.converse("service=compatible", names={
            "response.done": None, "output_audio_buffer.started": None,
            "output_audio_buffer.stopped": None})
        self.assertEqual(warnings, [])

    def test_no_playback(self):
        _, _, warnings = self.converse("service=compatible", names={
            "output_audio_buffer.started": None, "output_audio_buffer.stopped": None})
        self.assertEqual(warnings, [])

    def test_no_end_of_playback(self):
        _, _, warnings = self.converse("service=compatible",
                                       names={"output_audio_buffer.stopped": None})
        self.assertEqual(warnings, [])

    def test_azure_filter(self):
        _, events, warnings = self.converse("service=compatible", only=AZURE)
        self.assertEqual(len(warnings), 1)
        self.assertIn("has not confirmed", warnings[0])
        self.assertEqual({event["type"] for event in events
                          if not event["type"].startswith("realtimebin.")} - AZURE, set())


if __name__ == "__main__":
    main()
