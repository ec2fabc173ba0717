"""What the server sent and what realtimebin sent, held against the types of npm `openai`.

The TypeScript compiler judges; the types are generated from the service's own description.
"""
import json
import os
import subprocess
import unittest

from harness import BUILD, SOURCE, Pipeline, Server, main, read_events
from shim import results, spoken

HERE = os.path.join(SOURCE, "tests", "interop")
OPTIONS = ("--noEmit", "--strict", "--skipLibCheck", "--target", "es2022",
           "--module", "nodenext", "--moduleResolution", "nodenext", "--pretty", "false")
TOOL = {"type": "function", "name": "get_weather", "description": "Says the weather.",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}}
# What a working check has to catch: a member that is missing, a name of the beta,
# usage that tells no seconds, a member that nobody knows.
WRONG_SERVER = (
    {"type": "input_audio_buffer.speech_started", "event_id": "e", "item_id": "i"},
    {"type": "response.audio.delta", "event_id": "e", "item_id": "i", "response_id": "r",
     "output_index": 0, "content_index": 0, "delta": ""},
    {"type": "conversation.item.input_audio_transcription.completed", "event_id": "e",
     "item_id": "i", "content_index": 0, "transcript": "", "usage": {"type": "duration"}},
    {"type": "output_audio_buffer.started", "event_id": "e", "response_id": "r", "more": 1},
)
WRONG_CLIENT = (
    {"type": "session.update", "session": {"type": "realtime", "modalities": ["text"]}},
    {"type": "conversation.item.create"},
    {"type": "transcription_session.update", "session": {}},
)


# In every session that the service was seen to send, and not in the package's types.
UNTYPED = ("id", "object", "expires_at")


def typed(event):
    """The event without what the types are known to lack: those, and the null that
    the service has for words that are not known yet."""
    for part in event.get("item", {}).get("content", []):
        if part["type"] == "input_audio" and part.get("transcript", "") is None:
            del part["transcript"]
    if event["type"] not in ("session.created", "session.updated"):
        return event
    return {**event, "session": {name: value for name, value in event["session"].items()
                                 if name not in UNTYPED}}


class Types(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = results("types")
        os.symlink(os.path.join(HERE, "node_modules"), os.path.join(cls.folder, "node_modules"))
        talk, _ = spoken(cls.folder, "talk.wav", ["hello how are you today",
                                                  "what is the weather in berlin"], "rms")
        conversations = cls.server_events, cls.client_events = [], []
        cls.plugin_session(talk)
        cls.plugin_session(talk, "session-type=transcription language=en")
        cls.plugin_session(talk, "output-modality=text turn-detection=manual")
        cls.translations = cls.server_events, cls.client_events = [], []
        cls.plugin_session(talk, "session-type=translation output-language=de")
        cls.server_events, cls.client_events = conversations
        # whatever the tests before have left
        clients = os.path.join(BUILD, "interop")
        for folder, _, names in os.walk(clients):
            for name in sorted(names):
                if name.endswith("-server.jsonl"):
                    cls.server_events += read_events(os.path.join(folder, name))

    @classmethod
    def plugin_session(cls, talk, properties=""):
        """A talk, with a function call, a written turn, an interruption and a mistake."""
        session = {} if "session-type" in properties else {"session": json.dumps({"tools": [TOOL]})}
        with Server() as server:
            line = (f"filesrc location={talk} ! decodebin ! realtimebin name=rt {properties} "
                    "! fakesink sync=false rt.event_src ! transcriptsink")
            with Pipeline(line, server.base_url, server.api_key) as pipeline:
                for name, value in session.items():
                    pipeline.rt.set_property(name, value)
                pipeline.play()
                pipeline.wait_for_element(
                    "realtime/state", lambda s: s.get_value("connection").value_nick == "connected")
                if session:
                    for event in (
                            {"type": "conversation.item.create", "item": {
                                "type": "message", "role": "user", "content": [
                                    {"type": "input_text", "text": "tell me a joke"}]}},
                            {"type": "response.create"},
                            {"type": "response.cancel"},
                            {"type": "conversation.item.delete", "item_id": "item_that_is_none"}):
                        pipeline.rt.emit("send-event", json.dumps(event))
                pipeline.wait_for_end()
            server.stop()
            for path in server.files("-server.jsonl"):
                cls.server_events += read_events(path)
            for path in server.files("-client.jsonl"):
                cls.client_events += read_events(path)

    def compile(self, name, kind, events):
        """The compiler's complaints: {number of the event: [text]}."""
        path = os.path.join(self.folder, name + ".mts")
        with open(path, "w", encoding="utf-8") as file:
            file.write(f'import type {{ {kind} }} from "openai/resources/realtime/realtime";\n')
            for number, event in enumerate(events):
                file.write(f"export const e{number} = {json.dumps(event)} satisfies {kind};\n")
        run = subprocess.run(
            [os.path.join(HERE, "node_modules", ".bin", "tsc"), *OPTIONS, path],
            cwd=self.folder, capture_output=True, text=True, timeout=200, check=False)
        found = {}
        number = None
        for text in (run.stdout + run.stderr).splitlines():
            if ".mts(" in text:
                number = int(text.split(".mts(")[1].split(",")[0]) - 2
            found.setdefault(number, []).append(text)
        if run.returncode and not found:
            raise AssertionError("tsc failed and said nothing")
        return found

    def judge(self, name, kind, events):
        kinds = {}
        for event in events:
            kinds[event["type"]] = kinds.get(event["type"], 0) + 1
        print(f"{kind}: {len(events)} events of {len(kinds)} types:", *sorted(kinds))
        found = self.compile(name, kind, events)
        texts = []
        for number, lines in found.items():
            texts.append((events[number]["type"] if number is not None and number >= 0 else "")
                         + "\n" + "\n".join(lines))
        unique = sorted({text.split("error ", 1)[-1]: text for text in texts}.values())
        self.assertFalse(found, f"{len(found)} events:\n" + "\n".join(unique[:12]))
        return kinds

    def test_translation(self):
        server, client = self.translations
        kinds = self.judge("translation-server", "RealtimeTranslationServerEvent", server)
        for kind in ("session.created", "session.input_transcript.delta",
                     "session.output_transcript.delta", "session.closed"):
            self.assertIn(kind, kinds)
        kinds = self.judge("translation-client", "RealtimeTranslationClientEvent", client)
        self.assertIn("session.close", kinds)
        wrong = ({"type": "session.output_transcript.delta", "event_id": "e"},
                 {"type": "session.closed", "event_id": "e", "more": 1})
        found = self.compile("translation-wrong", "RealtimeTranslationServerEvent", wrong)
        self.assertEqual(sorted(found), [0, 1])

    def test_server_events(self):
        kinds = self.judge("server", "RealtimeServerEvent",
                           [typed(event) for event in self.server_events])
        for kind in ("session.created", "session.updated", "conversation.item.added",
                     "conversation.item.input_audio_transcription.completed",
                     "response.function_call_arguments.done", "response.done",
                     "output_audio_buffer.stopped", "error"):
            self.assertIn(kind, kinds)

    def test_client_events(self):
        kinds = self.judge("client", "RealtimeClientEvent", self.client_events)
        for kind in ("session.update", "conversation.item.create", "response.create",
                     "input_audio_buffer.commit"):
            self.assertIn(kind, kinds)

    def test_wrong_events_are_caught(self):
        for name, kind, events in (("wrong-server", "RealtimeServerEvent", WRONG_SERVER),
                                   ("wrong-client", "RealtimeClientEvent", WRONG_CLIENT)):
            found = self.compile(name, kind, events)
            self.assertEqual(sorted(number for number in found if number is not None),
                             list(range(len(events))), name)


if __name__ == "__main__":
    main()
