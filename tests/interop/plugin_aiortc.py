"""The plugin against aiortc, a WebRTC stack of other hands, as answering peer."""
import unittest

from aiortc_peer import AiortcPeer
from answering import Answering
from harness import Gst, loud_pieces, main, read_wave
from shim import RATE, to_16k


class Straggler(AiortcPeer):
    """Its sound goes on for a while after it has told that it is silent; then it answers
    anew."""
    STRAGGLES_S, ANSWERS_S = 0.4, 1.2

    def configured(self):
        self.respond("resp_1")

    def respond(self, name):
        self.session.send(type="response.created", response=self.response(name, "in_progress"))
        self.session.send(type="output_audio_buffer.started", response_id=name)
        self.voice.at_end = lambda: self.end(name, "completed", "stopped")
        self.voice.speak()

    def end(self, name, status, output):
        self.session.send(type="response.done", response=self.response(name, status))
        self.session.send(type=f"output_audio_buffer.{output}", response_id=name)

    def message(self, text):
        super().message(text)
        if self.session.received[-1]["type"] == "output_audio_buffer.clear":
            self.end("resp_1", "cancelled", "cleared")
            self.loop.call_later(self.STRAGGLES_S, self.voice.fall_silent)
            self.loop.call_later(self.ANSWERS_S, self.respond, "resp_2")

    @staticmethod
    def response(name, status):
        return {"id": name, "object": "realtime.response", "status": status,
                "conversation_id": "conv_1", "output": []}


class Aiortc(Answering, unittest.TestCase):
    name = "aiortc"
    # a sender in Python, with its peer on the same processor
    spread = 1.5

    @classmethod
    def setUpClass(cls):
        print("aiortc", AiortcPeer.version)
        super().setUpClass()

    def make_peer(self, **options):
        return AiortcPeer(self.folder, self.say, **options)

    def heard(self, peer):
        return read_wave(peer.heard)

    def test_sound_behind_the_word_of_its_end(self):
        """What was cut off stays so, however long it takes to end, and what is said next is
        heard whole."""
        peer = Straggler(self.folder, self.say)
        self.addCleanup(peer.stop)
        reply = self.out("cut.wav")
        pipeline = self.pipeline(
            "audiotestsrc is-live=true wave=silence ! realtimebin name=rt latency=200 ! "
            f"audioconvert ! wavenc ! filesink location={reply} "
            "rt.event_src ! appsink name=events sync=false", peer)

        def wait_for_output(state):
            return pipeline.wait_for_event("realtimebin.output",
                                           lambda event: event["state"] == state)

        wait_for_output("started")
        self.assertTrue(pipeline.rt.emit("interrupt"))
        cut = pipeline.wait_for_event("realtimebin.interrupted")["gst_running_time"] / 1e9 + 0.1
        began = wait_for_output("started")["running_time"] / 1e9
        pipeline.wait_for_event("output_audio_buffer.stopped")
        pipeline.rt.send_event(Gst.Event.new_eos())
        pipeline.wait_for_end()
        rate, heard = read_wave(reply)
        quiet = heard[int(cut * rate):int((began - 0.05) * rate)]
        print(f"{len(quiet) / rate:.2f} s of silence")
        self.assertGreater(len(quiet) / rate, Straggler.STRAGGLES_S)
        self.assertEqual(list(loud_pieces(quiet, rate)), [])
        self.assert_alike("after the cut", to_16k(self.say, RATE),
                          to_16k(heard[int(cut * rate):], rate))


if __name__ == "__main__":
    main()
