"""Sessions that translate: words in two languages at their times, speech in the other one, and
nothing lost at the end. The local server's translation is a glossary."""
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest

from harness import SOURCE, Gst, Pipeline, Server, main, read_wave, speak

FILE = ("filesrc location={} ! decodebin ! realtimebin name=rt session-type=translation {} ! "
        "fakesink rt.event_src ! tee name=t t. ! queue ! "
        "transcriptsink t. ! queue ! appsink name=events sync=false async=false")
VALIDATE = os.path.join(os.environ.get("REALTIME_SHARED_DIR", "/nonexistent"), "tools",
                        "validate-events")


class Translation(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="realtime-test-")
        cls.path = os.path.join(cls.folder, "talk.wav")
        cls.places = speak(cls.path, ["hello how are you", "good morning"], "--pause", "1.2")

    def serve(self, *options):
        server = Server(*options)
        self.addCleanup(server.__exit__)
        return server

    def run_file(self, properties, server):
        pipeline = Pipeline(FILE.format(self.path, properties), server.base_url, server.api_key)
        self.addCleanup(pipeline.stop)
        pipeline.play()
        pipeline.wait_for_event("realtimebin.state", lambda e: e["connection"] == "closed")
        pipeline.wait_for_end()
        return pipeline

    def test_a_file(self):
        server = self.serve()
        pipeline = self.run_file("output-language=es", server)
        kinds = [event["type"] for event in pipeline.events]
        source = pipeline.transcripts("user")
        translated = pipeline.transcripts("assistant")

        # every delta is in a final, and each sentence has its own
        for kind, lines in (("input", source), ("output", translated)):
            said = "".join(event["delta"] for event in pipeline.events
                           if event["type"] == f"session.{kind}_transcript.delta")
            self.assertEqual(said.split(), " ".join(line.get_string("text")
                                                    for line in lines).split())
        self.assertEqual(len(source), 2)
        self.assertIn("hola", translated[0].get_string("text").lower())
        self.assertIn("buenos", translated[-1].get_string("text").lower())
        self.assertEqual({line.get_string("language") for line in translated}, {"es"})
        # the words of the source stand where they were spoken; partial words may come late
        epoch = next(event["epoch_running_time"] for event in pipeline.events
                     if event["type"] == "realtimebin.timeline")
        for line, (begin, end, _) in zip(source, self.places):
            start, stop = (line.get_value(name) for name in ("start", "end"))
            self.assertGreater(start, epoch + (begin - 0.2) * Gst.SECOND)
            self.assertLess(start, stop)
            self.assertGreater(stop, epoch + (begin + 0.2) * Gst.SECOND)
        # in good order: the end of input, the close, what is left, closed, idle
        self.assertLess(kinds.index("session.closed"), len(kinds) - 1)
        self.assertFalse(any(kind.endswith("_transcript.delta")
                             for kind in kinds[kinds.index("session.closed"):]))
        self.assertEqual(pipeline.warnings(), [])
        turns = [event["turn"] for event in pipeline.events
                 if event["type"] == "realtimebin.state"]
        self.assertIn("user-speaking", turns)
        self.assertIn("assistant-speaking", turns)
        self.assertNotIn("thinking", turns)
        self.assertEqual(turns[-1], "idle")
        self.check_wire(server, pipeline)

        usage = [event for event in pipeline.events if event["type"] == "realtimebin.usage"][-1]
        self.assertGreater(usage["translation_seconds"], self.places[-1][1])

    def check_wire(self, server, pipeline):
        """What went over it is what the schema of such sessions has."""
        sent = server.client_events()
        self.assertEqual(sent[0]["type"], "session.update")
        self.assertEqual(sent[-1]["type"], "session.close")
        for event in sent:
            self.assertNotIn("type", event.get("session", {}))
            self.assertNotIn("model", event.get("session", {}))
        if not os.access(VALIDATE, os.X_OK):
            return
        for side, ending in (("client", "-client.jsonl"), ("server", "-server.jsonl")):
            files = server.files(ending)
            self.assertTrue(files, ending)
            done = subprocess.run([sys.executable, VALIDATE, "--dialect", "translation", "--side",
                                   side, *files], capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stdout)

    def test_without_source_words(self):
        pipeline = self.run_file("output-language=fr transcription-model=\"\"", self.serve())
        self.assertEqual(pipeline.transcripts("user"), [])
        self.assertIn("bonjour", pipeline.transcripts("assistant")[0].get_string("text").lower())

    def test_a_token(self):
        """tokensrc mints where such tokens are made."""
        server = self.serve()
        session = {"type": "translation", "audio": {"output": {"language": "de"}}}
        line = FILE.format(self.path, "output-language=de") + " tokensrc name=mint ! rt.token_sink"
        os.environ["OPENAI_BASE_URL"] = server.base_url
        self.addCleanup(os.environ.pop, "OPENAI_BASE_URL")
        pipeline = Pipeline(line)
        self.addCleanup(pipeline.stop)
        mint = pipeline.pipeline.get_by_name("mint")
        mint.set_property("api-key", server.api_key)
        mint.set_property("session", json.dumps(session))
        pipeline.play()
        pipeline.wait_for_end()
        self.assertIn("guten", " ".join(line.get_string("text").lower()
                                        for line in pipeline.transcripts("assistant")))

    def test_a_change_and_what_it_refuses(self):
        """Another language in mid-session; actions of conversations are refused here."""
        server = self.serve()
        pipeline = Pipeline("audiotestsrc is-live=true wave=silence ! realtimebin name=rt "
                            "session-type=translation output-language=es ! fakesink "
                            "rt.event_src ! appsink name=events sync=false async=false",
                            server.base_url, server.api_key)
        self.addCleanup(pipeline.stop)
        pipeline.play()
        pipeline.wait_for_event("realtimebin.state", lambda e: e["connection"] == "connected")
        for action, arguments in (("send-text", ["hello"]), ("create-response", [None]),
                                  ("interrupt", []), ("commit-input", []), ("clear-input", [])):
            self.assertFalse(pipeline.rt.emit(action, *arguments), action)
        pipeline.rt.set_property("output-language", "fr")
        event = pipeline.wait_for_event(
            "session.updated", lambda e: e["session"]["audio"]["output"]["language"] == "fr")
        self.assertEqual(event["session"]["type"], "translation")
        for event in ({"type": "response.create"}, {"type": "input_audio_buffer.commit"},
                      {"type": "session.update", "session": {"type": "translation"}}):
            self.assertTrue(pipeline.rt.emit("send-event", json.dumps(event)))
            refusal = pipeline.wait_for_event("error")["error"]
            self.assertIn(refusal["code"], ("invalid_value", "unknown_parameter"))
        pipeline.rt.set_property("voice", "marin")
        pipeline.wait_for_warning("voice")

    def test_bad_events(self):
        """Numbers and words that make no sense cost no other word and no session."""
        kind = "session.output_transcript.delta"
        lines = [{"event": event} for event in (
            {"type": kind, "delta": "Uno", "elapsed_ms": -200},
            {"type": kind, "delta": " dos", "elapsed_ms": 1 << 60},
            {"type": kind, "delta": " tres.", "elapsed_ms": "400"},
            {"type": kind, "elapsed_ms": 400}, {"type": kind, "delta": {"a": 1}},
            {"type": "session.surprise", "delta": "no"},
            {"type": kind, "delta": " " + "palabra " * (128 * 1024), "elapsed_ms": 400})]
        script = os.path.join(self.folder, "bad.script")
        with open(script, "w", encoding="utf-8") as file:
            file.writelines(json.dumps(line) + "\n" for line in lines)
        pipeline = self.run_file("output-language=es", self.serve("--script", script))
        said = " ".join(line.get_string("text") for line in pipeline.transcripts("assistant"))
        self.assertTrue(said.startswith("Uno dos tres."), said[:100])
        self.assertEqual(said.split().count("palabra"), 128 * 1024)
        self.assertIn("hola", said.lower())

    def test_the_line_of_the_page(self):
        with open(os.path.join(SOURCE, "docs", "translation.md"), encoding="utf-8") as file:
            line, = re.findall(r"^    (gst-launch-1.0 .*)$", file.read(), re.MULTILINE)
        server = self.serve()
        done = subprocess.run(line, shell=True, cwd=self.folder, text=True, capture_output=True,
                              env={**os.environ, **server.exports}, timeout=120, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        rate, samples = read_wave(os.path.join(self.folder, "es.wav"))
        self.assertGreater((abs(samples) > 0.02).sum() / rate, 0.5)

    def test_bad_settings(self):
        """Refused before anything is sent."""
        for properties, word in (("", "output-language"),
                                     ("output-language=es voice=marin", "voice"),
                                     ("output-language=es turn-detection=manual",
                                      "turn-detection"),
                                     ("output-language=es create-response=false",
                                      "create-response"),
                                     ("output-language=es service=azure "
                                      "base-url=http://127.0.0.1:9/v1", "translate")):
            with self.subTest(properties):
                pipeline = Pipeline(FILE.format(self.path, properties), "http://127.0.0.1:9/v1",
                                    "sk-x")
                self.addCleanup(pipeline.stop)
                pipeline.pipeline.set_state(Gst.State.PLAYING)
                error, _ = pipeline.wait_for_error().parse_error()
                self.assertTrue(error.matches(Gst.ResourceError.quark(),
                                              Gst.ResourceError.SETTINGS), error.message)
                self.assertIn(word, error.message)


if __name__ == "__main__":
    main()
