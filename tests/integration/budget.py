"""What a session uses, what that costs, and where it ends; and a pipeline that goes on."""
import json
import os
import tempfile
import time
import unittest

from harness import Gst, Pipeline, Server, main, read_wave, speak

TALK = ("audiotestsrc is-live=true wave=silence ! realtimebin name=rt {} ! fakesink name=out "
        "rt.event_src ! appsink name=events sync=false async=false")
# dear enough that each word shows, and nothing that a double could not hold
PRICES = {"date": "2026-01-01", "models": {
    "local-offline": {"usd_per_million_tokens": {
        "text": {"input": 1000, "cached": 100, "output": 2000},
        "audio": {"input": 3000, "cached": 300, "output": 4000}}},
    "gpt-transcribe": {"usd_per_minute": 6}}}


def say(words):
    return json.dumps({"type": "response.create", "response": {
        "instructions": "Say exactly: " + words}})


class Budget(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="realtime-test-")
        cls.prices = os.path.join(cls.folder, "prices.json")
        with open(cls.prices, "w", encoding="utf-8") as file:
            json.dump(PRICES, file)
        cls.talk = os.path.join(cls.folder, "talk.wav")
        speak(cls.talk, ["hello how are you"], "--pause", "0.3")

    def play(self, properties="", *options, line=TALK):
        self.server = Server("--asr", "none", *options)
        self.addCleanup(self.server.__exit__)
        pipeline = Pipeline(line.format(properties), self.server.base_url, self.server.api_key)
        self.addCleanup(pipeline.stop)
        return pipeline.play()

    def connected(self, pipeline):
        pipeline.wait_for_event("realtimebin.state", lambda e: e["connection"] == "connected")
        return pipeline

    def test_what_is_used_and_what_it_costs(self):
        """On the stream, as message, as property: the same, and the sum is right."""
        pipeline = self.play(
            f"prices={self.prices}", line=f"filesrc location={self.talk} ! decodebin ! "
            "realtimebin name=rt {} ! fakesink rt.event_src ! tee name=t "
            "t. ! queue ! transcriptsink t. ! queue ! appsink name=events sync=false async=false")
        pipeline.wait_for_event("realtimebin.state", lambda e: e["connection"] == "closed")
        pipeline.wait_for_end()
        used = [event for event in pipeline.events if event["type"] == "realtimebin.usage"][-1]
        self.assertEqual(used["responses"], 1)
        self.assertGreater(used["transcription_seconds"] + used["input_tokens"], 0)
        cost = (used["input_text_tokens"] * 1000 + used["input_audio_tokens"] * 3000
                + used["output_text_tokens"] * 2000 + used["output_audio_tokens"] * 4000) / 1e6
        cost += used["transcription_seconds"] * 6 / 60
        self.assertAlmostEqual(used["cost_usd"], cost, delta=1e-9)
        messages = [m.get_structure() for m in pipeline.messages if m.get_structure()
                    and m.get_structure().get_name() == "realtime/usage"]
        self.assertEqual(messages[-1].get_value("cost-usd"), used["cost_usd"])
        # one message an event of usage: none without the cost
        self.assertEqual(len(messages), len([event for event in pipeline.events
                                             if event["type"] == "realtimebin.usage"]))
        self.assertEqual(pipeline.rt.get_property("usage").to_string(), messages[-1].to_string())
        # of the element's next session nothing was used yet
        pipeline.stop()
        pipeline.pipeline.set_state(Gst.State.PAUSED)
        self.assertEqual(pipeline.rt.get_property("usage").get_value("responses"), 0)

    def test_a_model_without_a_price(self):
        table = os.path.join(self.folder, "other.json")
        with open(table, "w", encoding="utf-8") as file:
            json.dump({"date": "2026-02-03", "models": {}}, file)
        pipeline = self.connected(self.play(f"prices={table} max-cost=1"))
        for words in ("one", "two"):
            pipeline.rt.emit("send-event", say(words))
            pipeline.wait_for_event("output_audio_buffer.stopped")
        used = [event for event in pipeline.events if event["type"] == "realtimebin.usage"]
        self.assertNotIn("cost_usd", used[-1])
        self.assertGreater(used[-1]["output_tokens"], 0)
        self.assertEqual(pipeline.rt.get_property("usage").get_value("cost-usd"), -1)
        text, = pipeline.warnings()
        for word in ("2026-02-03", "local-offline", "max-cost", "prices"):
            self.assertIn(word, text)

    def test_bad_tables(self):
        for content, words in (("nonsense", "not an object"), ("{\n\"date\"}", "line 2")):
            table = os.path.join(self.folder, "bad.json")
            with open(table, "w", encoding="utf-8") as file:
                file.write(content)
            pipeline = self.play(f"prices={table}")
            error, _ = pipeline.wait_for_error().parse_error()
            self.assertEqual(error.code, int(Gst.ResourceError.SETTINGS))
            self.assertIn("bad.json", error.message)
            self.assertIn(words, error.message)
            pipeline.stop()

    def check_end(self, pipeline, limit):
        """Warned, drained, ended; the limit is named each time."""
        pipeline.wait_for_event("realtimebin.state", lambda e: (
            e["connection"], e["reason"]) == ("draining", limit))
        pipeline.wait_for_event("realtimebin.state", lambda e: (
            e["connection"], e["reason"]) == ("closed", limit))
        pipeline.wait_for_end()
        codes = [event["code"] for event in pipeline.events
                 if event["type"] == "realtimebin.error"]
        name = limit.replace("-", "_")
        self.assertEqual(codes, [name + "_near", name])
        self.assertEqual([limit in text for text in pipeline.warnings()], [True, True])

    def test_session_timeout(self):
        pipeline = self.connected(self.play("session-timeout=2500"))
        begin = time.monotonic()
        self.check_end(pipeline, "session-timeout")
        self.assertGreater(time.monotonic() - begin, 2)

    def test_session_timeout_in_mid_speech(self):
        """What is being said is heard to its end."""
        pipeline = self.connected(self.play("session-timeout=1500 drain-timeout=60000"))
        pipeline.rt.emit("send-event", say("one two three four five six seven eight nine ten"))
        self.check_end(pipeline, "session-timeout")
        kinds = [event["type"] for event in pipeline.events]
        self.assertLess(kinds.index("output_audio_buffer.stopped"),
                        len(kinds) - 1 - kinds[::-1].index("realtimebin.state"))

    def test_idle_timeout(self):
        """Talk keeps a session alive; its end comes when nobody has spoken for so long."""
        pipeline = self.connected(self.play("idle-timeout=2000"))
        for words in ("one", "two", "three"):
            pipeline.rt.emit("send-event", say(words))
            pipeline.wait_for_event("output_audio_buffer.stopped")
        self.check_end(pipeline, "idle-timeout")

    def test_limits_change(self):
        pipeline = self.connected(self.play("idle-timeout=600000"))
        pipeline.rt.set_property("idle-timeout", 1000)
        self.check_end(pipeline, "idle-timeout")

    def test_max_cost(self):
        pipeline = self.connected(self.play(f"prices={self.prices} max-cost=0.05 "
                                            "drain-timeout=60000"))
        while pipeline.rt.get_property("connection-state").value_nick == "connected":
            pipeline.rt.emit("send-event", say("good morning to you all"))
            pipeline.wait_for_event("realtimebin.usage")
        pipeline.wait_for_event("realtimebin.state", lambda e: e["connection"] == "closed")
        pipeline.wait_for_end()
        last = [event for event in pipeline.events if event["type"] == "realtimebin.usage"][-1]
        self.assertGreaterEqual(last["cost_usd"], 0.05)
        self.assertIn("max-cost", pipeline.warnings()[-1])
        reasons = [event["reason"] for event in pipeline.events
                   if event["type"] == "realtimebin.state"]
        self.assertEqual(reasons[-1], "max-cost")

    def goes_on(self, pipeline, buffers=40):
        """src is silent and flows, events are GAPs."""
        gaps = []
        pad = pipeline.rt.get_static_pad("event_src")

        def note(pad, info):
            if info.get_event().type == Gst.EventType.GAP:
                gaps.append(info.get_event().parse_gap().timestamp)
            return Gst.PadProbeReturn.OK
        pad.add_probe(Gst.PadProbeType.EVENT_DOWNSTREAM, note)
        flags = []

        def count(pad, info):
            flags.append(bool(info.get_buffer().get_flags() & Gst.BufferFlags.GAP))
            return Gst.PadProbeReturn.OK
        pipeline.rt.get_static_pad("src").add_probe(Gst.PadProbeType.BUFFER, count)
        deadline = time.monotonic() + 60
        # what has arrived of the session's sound may still be played
        while ((len(flags) < buffers or not all(flags[-buffers:]) or len(gaps) < 2)
               and time.monotonic() < deadline):
            message = pipeline.bus.timed_pop_filtered(
                Gst.SECOND // 10, Gst.MessageType.ERROR | Gst.MessageType.EOS)
            self.assertIsNone(message)
        self.assertGreaterEqual(len(flags), buffers)
        self.assertTrue(all(flags[-buffers:]))
        self.assertEqual(gaps, sorted(gaps))
        self.assertGreaterEqual(len(gaps), 2)

    def test_a_limit_and_the_programme_goes_on(self):
        pipeline = self.connected(self.play("session-timeout=1000 failure=continue"))
        pipeline.wait_for_event("realtimebin.state", lambda e: e["connection"] == "closed")
        self.goes_on(pipeline)
        pipeline.pipeline.send_event(Gst.Event.new_eos())
        pipeline.wait_for_end()

    def check_failed(self, pipeline, code, status=None):
        warning = pipeline.wait(lambda m: m.type == Gst.MessageType.WARNING)
        error, _ = warning.parse_warning()
        self.assertEqual((error.domain, error.code), ("gst-resource-error-quark", int(code)))
        if status:
            self.assertEqual(warning.parse_warning_details().get_value("http-status"), status)
        self.goes_on(pipeline)
        self.assertEqual(pipeline.rt.get_property("connection-state").value_nick, "failed")

    def test_refused_and_the_programme_goes_on(self):
        pipeline = self.play("failure=continue", "--fault", "call-status=429:insufficient_quota")
        self.check_failed(pipeline, Gst.ResourceError.OPEN_READ_WRITE, 429)
        pipeline.pipeline.send_event(Gst.Event.new_eos())
        pipeline.wait_for_end()

    def test_lost_and_the_programme_goes_on(self):
        pipeline = self.connected(self.play("failure=continue reconnect=false"))
        self.server.kill()
        self.check_failed(pipeline, Gst.ResourceError.READ)
        pipeline.stop()

    def test_lost_without_an_input(self):
        """Nothing is linked to sink: the output flows all the same."""
        pipeline = self.play("failure=continue reconnect=false", "--fault", "call-status=500", line=(
            "realtimebin name=rt {} ! fakesink rt.event_src ! appsink name=events sync=false "
            "async=false"))
        self.check_failed(pipeline, Gst.ResourceError.OPEN_READ_WRITE, 500)
        pipeline.stop()

    def test_a_file_runs_to_its_end_without_a_session(self):
        """Paced as ever: what is recorded beside it is as long as it is."""
        recorded = os.path.join(self.folder, "out.wav")
        pipeline = self.play("failure=continue", "--fault", "call-status=401", line=(
            f"filesrc location={self.talk} ! decodebin ! realtimebin name=rt {{}} ! audioconvert ! "
            f"wavenc ! filesink location={recorded} rt.event_src ! fakesink"))
        pipeline.wait_for_end()
        rate, samples = read_wave(recorded)
        rate_in, samples_in = read_wave(self.talk)
        self.assertFalse(samples.any())
        # an end of input is known when its last buffer may leave, not when that is over
        self.assertGreaterEqual(len(samples) / rate, len(samples_in) / rate_in - 0.25)
        self.assertIn("401", pipeline.warnings()[0])


if __name__ == "__main__":
    main()
