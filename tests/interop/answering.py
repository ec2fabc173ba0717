"""What realtimebin has to do with any answering peer; a test of one is a subclass."""
import json
import os

from harness import Pipeline, read_events, read_wave
from shim import RATE, likeness, results, spoken, to_16k

# One to four bytes a character, so that a cut of any size falls inside one.
LETTERS = "aé語😀"
SIZES = (60_000, 70_000, 200_000, 1_000_000)
# Opus does not keep the wave; speech through it at its default rate stays above this.
ALIKE = 0.8


class Answering:
    """To be mixed into a TestCase, with make_peer(), heard() and a name."""

    name = "peer"
    sizes = SIZES
    talk_options = ()
    # Speech is compared by pieces of so many seconds; a sender or receiver that shares
    # its processor may stall, and be heard to, once, or in this share of the pieces.
    piece = 1.0
    spoiled = 0
    # By how many seconds what is heard may shift meanwhile.
    spread = 0.5

    @classmethod
    def setUpClass(cls):
        cls.folder = results(cls.name)
        cls.talk, cls.talk_samples = spoken(
            cls.folder, "talk.wav", ["hello how are you today", "what is the time"], "rms",
            *cls.talk_options)
        cls.say_path, cls.say = spoken(
            cls.folder, "say.wav", ["the answer is that it is late", "good night"], "slt")

    def make_peer(self, **options):
        """The peer, not yet called."""
        raise NotImplementedError

    def heard(self, peer):
        """(rate, samples) of what the peer heard of the plugin, after the call."""
        raise NotImplementedError

    def peer(self, **options):
        peer = self.make_peer(**options)
        self.addCleanup(peer.stop)
        return peer

    def pipeline(self, line, peer):
        pipeline = Pipeline(line, peer.base_url, "sk-interop")
        self.addCleanup(pipeline.stop)
        return pipeline.play()

    def out(self, name):
        return os.path.join(self.folder, name)

    def assert_alike(self, what, sent, heard):
        found = likeness(sent, heard, 16000, self.piece)
        print(what, "correlation:", ", ".join(f"{value:.3f}" for value, _ in found),
              "lag:", ", ".join(f"{lag:.3f}" for _, lag in found))
        self.assertGreater(len(found), 1)
        self.assertLessEqual(sum(value <= ALIKE for value, _ in found),
                             max(1, self.spoiled * len(found)))
        # in its order and nearly in its place
        lags = [lag for value, lag in found if value > ALIKE]
        self.assertLess(max(lags) - min(lags), self.spread)

    def converse(self, peer):
        """A file goes there, a voice comes back, and the end is told by HTTP."""
        reply, log = self.out("reply.wav"), self.out("events.jsonl")
        pipeline = self.pipeline(
            f"filesrc location={self.talk} ! decodebin ! realtimebin name=rt drain-timeout=2500 "
            f"latency=200 instructions=Brief ! audioconvert ! wavenc ! filesink location={reply} "
            f"rt.event_src ! tee name=t ! queue ! filesink location={log} "
            f"t. ! queue ! transcriptsink", peer)
        pipeline.wait_for_end()
        pipeline.stop()
        peer.wait(lambda: peer.hangups)
        self.assertEqual(peer.hangups, ["rtc_1"])
        update, = peer.received("session.update")
        self.assertEqual(update["session"]["instructions"], "Brief")
        types = [event["type"] for event in read_events(log)]
        self.assertIn("session.created", types)
        self.assertIn("session.updated", types)
        rate, heard = self.heard(peer)
        self.assert_alike("up", to_16k(self.talk_samples, RATE), to_16k(heard, rate))
        rate, got = read_wave(reply)
        self.assert_alike("down", to_16k(self.say, RATE), to_16k(got, rate))

    def test_audio_and_events_both_ways(self):
        self.converse(self.peer())

    def test_long_messages_arrive_whole(self):
        """However SCTP cuts them, and wherever in a character; one up, too."""
        peer = self.peer()
        log = self.out("long.jsonl")
        pipeline = self.pipeline(
            "audiotestsrc is-live=true wave=silence ! realtimebin name=rt ! fakesink sync=false "
            # no queues: what is told on the bus is in the file already
            f"rt.event_src ! tee name=t ! filesink async=false location={log} "
            f"t. ! transcriptsink async=false", peer)
        pipeline.wait_for_element("realtime/state",
                                  lambda s: s.get_value("connection").value_nick == "connected")
        up = {"type": "interop.up", "text": LETTERS * 5000}
        self.assertTrue(pipeline.rt.emit("send-event", json.dumps(up, ensure_ascii=False)))
        peer.wait(lambda: peer.received("interop.up"))
        self.assertEqual(peer.received("interop.up")[0]["text"], up["text"])
        sent = []
        for size in self.sizes:
            for shift in range(3):
                text = "x" * shift + LETTERS * (size // 10)
                text += "y" * (size - len(text.encode()))
                event = {"type": "interop.long", "event_id": f"long_{size}_{shift}", "text": text}
                sent.append(event)
                peer.send_raw(json.dumps(event, ensure_ascii=False))
        peer.send_raw(json.dumps({"type": "error", "event_id": "last", "error": {
            "type": "invalid_request_error", "code": "interop_last", "message": "no more"}}))
        pipeline.wait_for_element("realtime/error",
                                  lambda s: s.get_value("code") == "interop_last")
        pipeline.stop()
        got = [event for event in read_events(log) if event["type"] == "interop.long"]
        self.assertEqual([event["event_id"] for event in got],
                         [event["event_id"] for event in sent])
        for event, original in zip(got, sent):
            self.assertTrue(event["text"] == original["text"], event["event_id"])
        print("whole:", ", ".join(f"{len(event['text'].encode())}" for event in got))

    def test_a_peer_that_hangs_up_is_noticed(self):
        """Without a word of HTTP: its channel and its DTLS end."""
        peer = self.peer()
        pipeline = self.pipeline(
            "audiotestsrc is-live=true wave=silence ! realtimebin name=rt reconnect=false ! "
            "fakesink sync=false rt.event_src ! transcriptsink", peer)
        pipeline.wait_for_element("realtime/state",
                                  lambda s: s.get_value("connection").value_nick == "connected")
        peer.hang_up()
        message = pipeline.wait_for_error()
        error, _ = message.parse_error()
        print("told:", error.message)
        self.assertIn("The server ended the session", error.message)
