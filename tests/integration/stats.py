"""What a session tells of itself: what it counts, and what it has sent."""
import json
import unittest

from harness import Gst, Pipeline, Server, main

LINE = ("audiotestsrc is-live={} wave=ticks ! realtimebin name=rt create-response=false "
        "interrupt-response=false {} ! "
        "fakesink sync=true rt.event_src ! appsink name=events sync=false async=false")
COUNTERS = ("packets-sent", "bytes-sent", "packets-received", "bytes-received")
LOSSES = ("packets-lost", "remote-packets-lost")
TIMES = ("jitter", "round-trip-time")
OURS = ("buffered-amount", "hold", "output-duration", "output-silence")


def read(pipeline):
    stats = pipeline.rt.get_property("stats")
    return {stats.nth_field_name(i): stats.get_value(stats.nth_field_name(i))
            for i in range(stats.n_fields())}


class Stats(unittest.TestCase):
    def play(self, properties="", live="true"):
        self.server = Server("--asr", "none")
        self.addCleanup(self.server.__exit__)
        pipeline = Pipeline(LINE.format(live, properties), self.server.base_url,
                            self.server.api_key)
        self.addCleanup(pipeline.stop)
        self.before = read(pipeline)
        pipeline.play()
        pipeline.wait_for_event("realtimebin.state", lambda e: e["connection"] == "connected")
        return pipeline

    def wait_until_counted(self, pipeline):
        """Reports of the peer come every few seconds."""
        for _ in range(200):
            stats = read(pipeline)
            if set(stats) >= {*COUNTERS, *LOSSES, *TIMES}:
                return stats
            pipeline.bus.timed_pop_filtered(Gst.SECOND // 10, Gst.MessageType.ERROR)
        self.fail(f"only {stats}")

    def test_what_is_counted(self):
        pipeline = self.play()
        self.assertEqual(self.before, {"hold": 0, "output-duration": 0, "output-silence": 0})
        pipeline.rt.emit("create-response", "Say: one two three")
        pipeline.wait_for_event("output_audio_buffer.stopped")
        stats = self.wait_until_counted(pipeline)
        self.assertEqual(set(stats), {*COUNTERS, *LOSSES, *TIMES, *OURS})
        for name in COUNTERS:
            self.assertGreater(stats[name], 20, name)
        self.assertLess(max(stats[name] for name in LOSSES), 20)
        self.assertTrue(0 <= stats["round-trip-time"] < 5 and 0 <= stats["jitter"] < 5, stats)
        self.assertEqual((stats["hold"], stats["buffered-amount"]), (0, 0))
        heard = stats["output-duration"] - stats["output-silence"]
        self.assertGreater(heard, Gst.SECOND // 2)
        self.assertLess(heard, stats["output-duration"])
        # it goes on
        while read(pipeline)["packets-sent"] == stats["packets-sent"]:
            pipeline.bus.timed_pop_filtered(Gst.SECOND // 10, Gst.MessageType.ERROR)
        later = read(pipeline)
        for name in (*COUNTERS, "output-duration", "output-silence"):
            self.assertGreaterEqual(later[name], stats[name], name)
        # what was counted is kept until the next session
        pipeline.stop()
        kept = read(pipeline)
        self.assertGreaterEqual(kept["packets-sent"], later["packets-sent"])
        pipeline.pipeline.set_state(Gst.State.PAUSED)
        self.assertNotIn("packets-sent", read(pipeline))

    def test_the_hold_of_a_file(self):
        pipeline = self.play(live="false")
        pipeline.wait_for_event("realtimebin.timeline")
        self.assertGreater(read(pipeline)["hold"], 0)

    def test_states(self):
        """The properties say what the stream says, and are notified of."""
        pipeline = self.play()
        told = []
        for name in ("connection-state", "turn-state", "session-id", "call-id", "usage",
                     "conversation"):
            pipeline.rt.connect("notify::" + name, lambda rt, spec: told.append(
                (spec.name, getattr(rt.get_property(spec.name), "value_nick", None))))
        self.assertTrue(pipeline.rt.get_property("session-id").startswith("sess_"))
        self.assertTrue(pipeline.rt.get_property("call-id").startswith("rtc_"))
        self.assertEqual(pipeline.rt.get_property("turn-state").value_nick, "idle")
        pipeline.rt.emit("create-response", "Say: one two three")
        pipeline.wait_for_event("realtimebin.state", lambda e: e["turn"] == "assistant-speaking")
        pipeline.wait_for_event("realtimebin.state", lambda e: e["turn"] == "idle")
        pipeline.rt.send_event(Gst.Event.new_eos())
        pipeline.wait_for_end()
        self.assertEqual([turn for name, turn in told if name == "turn-state"],
                         ["thinking", "assistant-speaking", "idle"])
        self.assertEqual([state for name, state in told if name == "connection-state"][0],
                         "draining")
        self.assertTrue({"usage", "conversation"} <= {name for name, _ in told})
        pipeline.stop()
        self.assertEqual(pipeline.rt.get_property("connection-state").value_nick, "closed")
        self.assertEqual((pipeline.rt.get_property("session-id"),
                          pipeline.rt.get_property("call-id")), (None, None))

    def test_nobody_speaks_where_the_session_is_lost(self):
        pipeline = self.play("failure=continue reconnect=false")
        pipeline.rt.emit("create-response", "Say: " + "one two three four five six seven " * 4)
        pipeline.wait_for_event("realtimebin.state", lambda e: e["turn"] == "assistant-speaking")
        self.server.stop()
        state = pipeline.wait_for_event("realtimebin.state", lambda e: e["connection"] == "failed")
        self.assertEqual(state["turn"], "idle")
        self.assertEqual(pipeline.rt.get_property("turn-state").value_nick, "idle")

    def sent(self, pipeline):
        return [event for event in pipeline.events if event["type"] == "realtimebin.sent"]

    def test_nothing_sent_is_logged(self):
        pipeline = self.play()
        self.assertFalse(pipeline.rt.get_property("log-sent-events"))
        pipeline.rt.emit("create-response", "Say: one")
        pipeline.wait_for_event("response.done")
        self.assertEqual(self.sent(pipeline), [])

    def test_what_is_sent(self):
        """Each event, in the order in which they were sent, before what the server says to it;
        as it was, but for secrets."""
        pipeline = self.play("log-sent-events=true")
        pipeline.rt.emit("send-event", json.dumps({
            "type": "response.create", "event_id": "mine", "response": {
                "instructions": "Say: one\n\"two\" \u00e4\U0001f600", "metadata": {"a": "b"}}}))
        pipeline.wait_for_event("response.done")
        pipeline.rt.set_property("tools", json.dumps([{
            "type": "mcp", "server_label": "docs", "server_url": "https://docs.example/mcp",
            "authorization": "Bearer first-secret", "headers": {"X-Key": "second-secret"}}]))
        # the local server takes none
        pipeline.wait_for_event("error")
        pipeline.rt.send_event(Gst.Event.new_eos())
        pipeline.wait_for_end()
        pipeline.stop()
        self.server.stop()
        logged = self.sent(pipeline)
        self.assertTrue(all(line["gst_session"] == 1 and "gst_running_time" in line
                            for line in logged))
        self.assertNotIn("secret", json.dumps(logged).replace("client_secret", ""))
        tool = logged[-1]["event"]["session"]["tools"][0]
        self.assertEqual((tool["authorization"], tool["headers"], tool["server_label"]),
                         ("[redacted]", {"X-Key": "[redacted]"}, "docs"))
        recorded = self.server.client_events()
        self.assertIn("first-secret", json.dumps(recorded))
        for event in recorded:
            for tool in event.get("session", {}).get("tools", []):
                tool["authorization"] = tool["headers"]["X-Key"] = "[redacted]"
        self.assertEqual([line["event"] for line in logged], recorded)
        types = [event.get("event", event).get("type") for event in pipeline.events]
        self.assertLess(types.index("response.create"), types.index("response.created"))


if __name__ == "__main__":
    main()
