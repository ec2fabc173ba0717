"""The configuration of a session: what is sent at its start, and what when it changes."""
import ctypes
import http.server
import json
import threading
import unittest

from gi.repository import GObject

from harness import Gst, Pipeline, Server, main

LINE = ("audiotestsrc is-live=true wave=silence ! realtimebin name=rt {} ! fakesink "
        "rt.event_src ! appsink name=events sync=false async=false")
RESOURCE, SETTINGS = "gst-resource-error-quark", int(Gst.ResourceError.SETTINGS)
TOOLS = json.dumps([{"type": "function", "name": "look_up", "description": "Looks a word up.",
                     "parameters": {"type": "object", "properties": {"word": {"type": "string"}}}}])


GOBJECT = ctypes.CDLL("libgobject-2.0.so.0")


def set_bytes(element, name, value):
    """Sets a string property to what no binding would: any bytes."""
    GOBJECT.g_object_set(ctypes.c_void_p(hash(element)), name.encode(), ctypes.c_char_p(value),
                         None)


def texts_of(element):
    """The names of its string properties that can be set, but for GstObject's own."""
    return [spec.name for spec in element.list_properties()
            if spec.value_type.name == "gchararray" and spec.flags & 2
            and spec.name not in ("name", "api-key", "base-url")]


class Refusing(http.server.ThreadingHTTPServer):
    """Keeps the headers and the body of each request, and refuses it."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Refusal)
        self.requests = []
        self.base_url = f"http://127.0.0.1:{self.server_address[1]}/v1"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def stop(self):
        self.shutdown()
        self.server_close()


class Refusal(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.requests.append((dict(self.headers), body))
        self.send_response(401)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *unused):
        pass


# what a session may change, by the service; and what is this element's own affair
CHANGEABLE = {
    "voice", "instructions", "output-modality", "speed", "max-output-tokens",
    "reasoning-effort", "tools", "tool-choice", "language", "output-language", "session",
    "turn-detection", "vad-threshold", "vad-prefix-padding", "vad-silence-duration",
    "vad-eagerness", "vad-idle-timeout", "create-response", "interrupt-response",
    "transcription-model", "transcription-delay", "transcription-prompt",
    "transcription-keywords", "noise-reduction", "talk", "flush-on-interrupt", "mute", "volume",
    "session-timeout", "idle-timeout", "max-cost"}
SECRETS = {"api-key", "token", "extra-headers", "turn-server"}


class Configure(unittest.TestCase):
    def serve(self, *options):
        self.server = Server("--asr", "none", *options)
        self.addCleanup(self.server.__exit__)
        return self.server

    def play(self, properties="", **values):
        if not hasattr(self, "server"):
            self.serve()
        pipeline = Pipeline(LINE.format(properties), self.server.base_url, self.server.api_key)
        self.addCleanup(pipeline.stop)
        for name, value in values.items():
            pipeline.rt.set_property(name.replace("_", "-"), value)
        pipeline.play()
        pipeline.wait_for_event("realtimebin.state", lambda e: e["connection"] == "connected")
        return pipeline

    def updates(self, pipeline):
        """The sessions of all updates but the first, once the session is over."""
        pipeline.stop()
        self.server.stop()
        return [event["session"] for event in self.server.client_events("session.update")][1:]

    def session(self, pipeline):
        """The session as the server told it last."""
        return [event for event in pipeline.events if event["type"] == "session.updated"][-1][
            "session"]

    def test_everything_at_the_start(self):
        pipeline = self.play(
            "voice=marin speed=1.25 max-output-tokens=300 reasoning-effort=high "
            "tool-choice=look_up language=en transcription-model=gpt-transcribe "
            "transcription-keywords=<GStreamer,Opus> transcription-prompt=Media "
            "noise-reduction=far-field vad-threshold=0.6 vad-prefix-padding=200 "
            "vad-silence-duration=400 vad-idle-timeout=9000 create-response=false "
            "interrupt-response=false", instructions="Be brief.", tools=TOOLS,
            session='{"truncation":"disabled","audio":{"output":{"speed":1.5}}}')
        session = self.session(pipeline)
        self.assertEqual(session["instructions"], "Be brief.")
        self.assertEqual(session["max_output_tokens"], 300)
        self.assertEqual(session["reasoning"], {"effort": "high"})
        self.assertEqual(session["tools"], json.loads(TOOLS))
        self.assertEqual(session["tool_choice"], {"type": "function", "name": "look_up"})
        self.assertEqual(session["truncation"], "disabled")
        self.assertEqual((session["audio"]["output"]["voice"], session["audio"]["output"]["speed"]),
                         ("marin", 1.5))
        audio = session["audio"]["input"]
        self.assertEqual(audio["noise_reduction"], {"type": "far_field"})
        self.assertEqual(audio["transcription"], {
            "model": "gpt-transcribe", "language": "en", "prompt": "Media"})
        self.assertEqual(audio["turn_detection"], {
            "type": "server_vad", "threshold": 0.6, "prefix_padding_ms": 200,
            "silence_duration_ms": 400, "idle_timeout_ms": 9000, "create_response": False,
            "interrupt_response": False})

    def test_semantic_vad(self):
        pipeline = self.play("turn-detection=semantic-vad vad-eagerness=high")
        self.assertEqual(self.session(pipeline)["audio"]["input"]["turn_detection"], {
            "type": "semantic_vad", "eagerness": "high", "create_response": True,
            "interrupt_response": True})

    def test_changes_go_together(self):
        """What is set together goes in one update, and nothing goes twice."""
        pipeline = self.play()
        pipeline.rt.set_properties(instructions="Be brief.", voice="cedar", speed=1.25,
                                   tools=TOOLS)
        session = pipeline.wait_for_event("session.updated")["session"]
        self.assertEqual(session["instructions"], "Be brief.")
        self.assertEqual(session["audio"]["output"]["voice"], "cedar")
        pipeline.rt.set_property("instructions", "Be brief.")
        pipeline.rt.set_property("tools", None)
        session = pipeline.wait_for_event("session.updated")["session"]
        self.assertEqual(session["tools"], [])
        self.assertEqual(session["instructions"], "Be brief.")
        self.assertEqual(self.updates(pipeline), [
            {"type": "realtime", "instructions": "Be brief.", "tools": json.loads(TOOLS),
             "audio": {"output": {"voice": "cedar", "speed": 1.25}}},
            {"type": "realtime", "tools": []}])

    def test_many_changes(self):
        """In quick succession: the last ones are what the session ends up with."""
        pipeline = self.play()
        for i in range(200):
            pipeline.rt.set_property("instructions", f"Count to {i}.")
            pipeline.rt.set_property("vad-silence-duration", 300 + i)
        session = pipeline.wait_for_event(
            "session.updated", lambda e: e["session"]["instructions"] == "Count to 199."
            and e["session"]["audio"]["input"]["turn_detection"]["silence_duration_ms"] == 499)
        self.assertEqual(session["session"]["instructions"], "Count to 199.")
        self.assertEqual(pipeline.warnings(), [])

    def test_turn_detection_changes(self):
        pipeline = self.play("vad-threshold=0.75")
        for properties, wanted in (
                ({"turn-detection": "manual", "vad-threshold": -1.0}, None),
                ({"turn-detection": "semantic-vad", "vad-eagerness": "low"},
                 {"type": "semantic_vad", "eagerness": "low", "create_response": True,
                  "interrupt_response": True}),
                ({"turn-detection": "server-vad", "vad-eagerness": "auto",
                  "interrupt-response": False},
                 {"type": "server_vad", "threshold": 0.5, "prefix_padding_ms": 300,
                  "silence_duration_ms": 500, "idle_timeout_ms": None, "create_response": True,
                  "interrupt_response": False})):
            pipeline.rt.set_properties(**properties)
            session = pipeline.wait_for_event("session.updated")["session"]
            self.assertEqual(session["audio"]["input"]["turn_detection"], wanted)

    def test_what_a_session_cannot_change(self):
        pipeline = self.play("voice=marin")
        pipeline.rt.set_property("model", "gpt-realtime-mini")
        domain, code, text = pipeline.wait_for_warning("next connection")
        self.assertEqual((domain, code), (RESOURCE, SETTINGS))
        self.assertIn("model", text)
        # the voice, once it was heard
        pipeline.rt.emit("send-event", json.dumps({"type": "response.create", "response": {
            "instructions": "Say exactly: good morning"}}))
        pipeline.wait_for_event("output_audio_buffer.stopped")
        pipeline.rt.set_properties(voice="cedar", instructions="Be brief.")
        _, _, text = pipeline.wait_for_warning("voice")
        self.assertIn("next connection", text)
        pipeline.wait_for_event("session.updated")
        pipeline.rt.set_property("session-type", "transcription")
        pipeline.rt.set_properties(model=None, voice=None, instructions=None)
        pipeline.wait_for_warning("session-type")
        self.assertEqual(pipeline.rt.get_property("connection-state").value_nick, "connected")
        self.assertEqual(self.updates(pipeline), [
            {"type": "realtime", "instructions": "Be brief."}])

    def test_refused_and_mended(self):
        """What the service refuses is told, with its words; the session stands, and what was
        refused along with it goes with the next change."""
        pipeline = self.play()
        pipeline.rt.set_properties(instructions="Be brief.", voice="nobody")
        domain, code, text = pipeline.wait_for_warning("refuses")
        self.assertEqual((domain, code), (RESOURCE, SETTINGS))
        self.assertIn("session.audio.output.voice", text)
        self.assertEqual(pipeline.rt.get_property("connection-state").value_nick, "connected")
        pipeline.rt.set_property("voice", "cedar")
        session = pipeline.wait_for_event("session.updated")["session"]
        self.assertEqual((session["instructions"], session["audio"]["output"]["voice"]),
                         ("Be brief.", "cedar"))

    def test_bad_changes(self):
        """Told, not sent; and the session stands."""
        pipeline = self.play()
        for name, value, words in (
                ("tools", "[{]", "tools must be a JSON array"),
                ("tools", '[{"type":"function"}]', "tools[0]"),
                ("session", "nonsense", "session must be one JSON"),
                ("session", '{"audio":[]}', "audio must be an object"),
                ("tool-choice", "{", "tool-choice"),
                ("instructions", "x" * 1024 * 1024, "256 KiB"),
                ("vad-eagerness", "high", "vad-eagerness"),
                ("vad-idle-timeout", 1, "vad-idle-timeout")):
            pipeline.rt.set_property(name, value)
            domain, code, _ = pipeline.wait_for_warning(words)
            self.assertEqual((domain, code), (RESOURCE, SETTINGS))
            pipeline.rt.set_property(name, pipeline.rt.find_property(name).default_value)
        pipeline.rt.set_property("instructions", "Go on.")
        session = pipeline.wait_for_event("session.updated")["session"]
        self.assertEqual(session["instructions"], "Go on.")
        self.assertEqual(self.updates(pipeline), [{"type": "realtime", "instructions": "Go on."}])

    def test_changes_before_there_is_a_session(self):
        self.serve("--fault", "answer-delay=1000")
        pipeline = Pipeline(LINE.format(""), self.server.base_url, self.server.api_key)
        self.addCleanup(pipeline.stop)
        pipeline.play()
        pipeline.wait_for_event("realtimebin.state", lambda e: e["connection"] == "connecting")
        pipeline.rt.set_property("instructions", "Be brief.")
        session = pipeline.wait_for_event(
            "session.updated", lambda e: e["session"]["instructions"] == "Be brief.")["session"]
        self.assertEqual(session["type"], "realtime")

    def test_bad_settings_send_nothing(self):
        self.serve()
        for properties in ("turn-detection=manual vad-threshold=0.5", "tools=[1]", "tools={}",
                           "session-type=transcription voice=marin", "speed=1.5 "
                           "session-type=transcription", "vad-idle-timeout=100"):
            pipeline = Pipeline(LINE.format(properties), self.server.base_url,
                                self.server.api_key)
            pipeline.play()
            error, _ = pipeline.wait_for_error().parse_error()
            self.assertEqual((error.domain, error.code), (RESOURCE, SETTINGS), error.message)
            pipeline.stop()
        # and where they went bad only after the first check
        pipeline = Pipeline(LINE.format(""), self.server.base_url, self.server.api_key)
        self.addCleanup(pipeline.stop)
        pipeline.pipeline.set_state(Gst.State.READY)
        pipeline.rt.set_property("tools", "{}")
        pipeline.play()
        error, _ = pipeline.wait_for_error().parse_error()
        self.assertEqual((error.domain, error.code), (RESOURCE, SETTINGS), error.message)
        self.assertEqual(self.server.files(".jsonl"), [])

    def test_every_property(self):
        """What is set is read back, but for secrets; and whether it can change says its flag."""
        Gst.init(None)
        rt = Gst.ElementFactory.make("realtimebin")
        others = {spec.name for spec in Gst.Bin().list_properties()}
        changeable, secret = set(), set()
        for spec in rt.list_properties():
            if spec.name in others or not spec.flags & 2:
                continue
            with self.subTest(spec.name):
                self.assertGreater(len(spec.blurb), 10)
                self.assertTrue(spec.flags & (Gst.PARAM_MUTABLE_READY | Gst.PARAM_MUTABLE_PLAYING))
                kind = spec.value_type.name
                if kind == "gchararray":
                    value = "http://x.example/"
                elif kind == "gboolean":
                    value = not spec.default_value
                elif kind in ("guint", "gint", "gdouble"):
                    value = spec.maximum
                elif spec.value_type.is_a(GObject.TYPE_ENUM):
                    value = max(type(rt.get_property(spec.name)).__enum_values__)
                elif kind == "GstStructure":
                    value = Gst.Structure.from_string("h,X-Team=blue")[0]
                else:
                    value = None  # an array, whose values Python cannot read
                if spec.flags & Gst.PARAM_MUTABLE_PLAYING:
                    changeable.add(spec.name)
                if not spec.flags & 1:
                    secret.add(spec.name)
                if value is None:
                    Gst.util_set_object_arg(rt, spec.name, "<GStreamer,Opus>")
                    continue
                rt.set_property(spec.name, value)
                if spec.flags & 1:
                    self.assertEqual(rt.get_property(spec.name), value)
        self.assertEqual(changeable, CHANGEABLE)
        self.assertEqual(secret, SECRETS)

    def test_headers_and_names(self):
        """What goes along with each request; and a name is a name, whatever it is."""
        server = Refusing()
        self.addCleanup(server.stop)
        line = LINE.format("model=gpt-of-tomorrow voice=nightingale organization=org-1 "
                           "project=proj_2 safety-identifier=5e88 "
                           "extra-headers=\"h,X-Team=(string)blue\"")
        for key, names in (("api-key", True), ("token", False)):
            pipeline = Pipeline(line, server.base_url)
            pipeline.rt.set_property(key, "sk-very-secret-indeed")
            pipeline.play()
            error, debug = pipeline.wait_for_error().parse_error()
            pipeline.stop()
            self.assertEqual((error.domain, error.code), (
                RESOURCE, int(Gst.ResourceError.NOT_AUTHORIZED)), error.message)
            self.assertNotIn("secret", error.message + (debug or ""))
            headers, body = server.requests.pop()
            self.assertEqual(headers["Authorization"], "Bearer sk-very-secret-indeed")
            self.assertEqual((headers["X-Team"], headers["OpenAI-Safety-Identifier"]),
                             ("blue", "5e88"))
            # a token has its own
            self.assertEqual((headers.get("OpenAI-Organization"), headers.get("OpenAI-Project")),
                             ("org-1", "proj_2") if names else (None, None))
            if names:
                self.assertIn('"gpt-of-tomorrow"', body)
                self.assertIn('"nightingale"', body)

    def test_a_transcription_that_writes_as_one_speaks(self):
        pipeline = self.play("session-type=transcription transcription-delay=low language=en")
        pipeline.rt.set_property("transcription-delay", "high")
        pipeline.wait_for_event("session.updated")
        change, = self.updates(pipeline)
        # the service does not repeat it
        first = self.server.client_events("session.update")[0]["session"]
        self.assertEqual(first["audio"]["input"]["transcription"], {
            "model": "gpt-live-transcribe", "language": "en", "delay": "low"})
        self.assertEqual(change["audio"]["input"]["transcription"]["delay"], "high")

    def test_any_bytes_at_the_start(self):
        """In each text: an error that can be acted on, or a session; nothing in between."""
        self.serve()
        Gst.init(None)
        names = texts_of(Gst.ElementFactory.make("realtimebin"))
        taken = []
        for value in (b"ab\xff\xfe", b"x" * 1024 * 1024, b"{\"a\":", b"\x01\r\n"):
            for name in names:
                pipeline = Pipeline(LINE.format(""), self.server.base_url, self.server.api_key)
                set_bytes(pipeline.rt, name, value)
                # a session is made with what can be one's own affair, as the name of a model is
                pipeline.pipeline.set_state(Gst.State.READY)
                message = pipeline.bus.pop_filtered(Gst.MessageType.ERROR)
                if message is not None:
                    with self.subTest(name, value=value[:3]):
                        # which fails where the text is none
                        error, _ = message.parse_error()
                        self.assertEqual(error.domain, RESOURCE, error.message)
                        self.assertLessEqual(len(error.message), 4096)
                else:
                    taken.append((name, value[:3]))
                pipeline.stop()
        # no text that is not UTF-8 is ever sent
        self.assertEqual([name for name, value in taken if value == b"ab\xff"
                          and name not in ("ssl-ca-file", "http-proxy")], [])
        for name in ("ssl-ca-file", "http-proxy"):
            pipeline = Pipeline(LINE.format(""), self.server.base_url, self.server.api_key)
            set_bytes(pipeline.rt, name, b"ab\xff\xfe")
            pipeline.play()
            error, _ = pipeline.wait_for_error().parse_error()
            self.assertEqual(error.domain, RESOURCE, error.message)
            pipeline.stop()
        self.assertEqual(self.server.files(".jsonl"), [])

    def test_any_bytes_in_a_session(self):
        """No text of whatever kind takes a session down; the next good one gets through."""
        pipeline = self.play()
        names = [name for name in texts_of(pipeline.rt) if pipeline.rt.find_property(name).flags
                 & Gst.PARAM_MUTABLE_PLAYING]
        self.assertGreater(len(names), 6)
        for value in (b"ab\xff\xfe", b"x" * 1024 * 1024, b"{\"a\":"):
            for name in names if value[:1] != b"{" else ("tools", "tool-choice", "session"):
                before = pipeline.rt.get_property(name)
                set_bytes(pipeline.rt, name, value)
                domain, code, text = pipeline.wait_for_warning("")
                self.assertEqual((domain, code), (RESOURCE, SETTINGS), text)
                self.assertLessEqual(len(text), 4096)
                pipeline.rt.set_property(name, before)
        pipeline.rt.set_property("instructions", "Go on.")
        session = pipeline.wait_for_event("session.updated")["session"]
        self.assertEqual(session["instructions"], "Go on.")
        self.assertEqual(self.updates(pipeline), [{"type": "realtime", "instructions": "Go on."}])

    def test_any_bytes_beside_a_good_change(self):
        """What is refused and put right again in one go with a change that can be made."""
        pipeline = self.play()
        names = [name for name in texts_of(pipeline.rt) if pipeline.rt.find_property(name).flags
                 & Gst.PARAM_MUTABLE_PLAYING]
        self.assertGreater(len(names), 6)
        for value in (b"ab\xff\xfe", b"x" * 1024 * 1024, b"{\"a\":"):
            for name in names:
                before = pipeline.rt.get_property(name)
                set_bytes(pipeline.rt, name, value)
                pipeline.rt.set_property("vad-silence-duration", 500)
                pipeline.rt.set_property(name, before)
        pipeline.rt.set_property("instructions", "Go on.")
        pipeline.wait_for_event("session.updated",
                                lambda e: e["session"]["instructions"] == "Go on.")
        self.assertEqual(pipeline.rt.get_property("connection-state").value_nick, "connected")

    def test_speed_waits_for_the_end_of_the_response(self):
        pipeline = self.play()
        pipeline.rt.emit("send-event", json.dumps({"type": "response.create", "response": {
            "instructions": "Say exactly: one two three four five six seven"}}))
        pipeline.wait_for_event("output_audio_buffer.started")
        pipeline.rt.set_properties(speed=1.5, instructions="Hurry.")
        session = pipeline.wait_for_event("session.updated")["session"]
        self.assertEqual((session["instructions"], session["audio"]["output"]["speed"]),
                         ("Hurry.", 1.0))
        pipeline.wait_for_event("response.done")
        session = pipeline.wait_for_event("session.updated")["session"]
        self.assertEqual(session["audio"]["output"]["speed"], 1.5)


if __name__ == "__main__":
    main()
