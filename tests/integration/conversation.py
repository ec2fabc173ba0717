"""A spoken conversation: what goes in, what comes back, and when."""
import os
import tempfile
import unittest

from harness import Gst, Pipeline, Server, launch, main, read_wave, speak

LINES = ["hello how are you today", "what is the time"]
# -50 dBFS: from there on an output counts as heard
AUDIBLE = 104 / 32768


def get_latency(place):
    """The least latency, ns, of a live pad or pipeline."""
    query = Gst.Query.new_latency()
    if not place.query(query):
        raise AssertionError("no latency")
    live, least, _ = query.parse_latency()
    if not live:
        raise AssertionError("not live")
    return least


class Conversation(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="realtime-test-")
        cls.talk = os.path.join(cls.folder, "talk.wav")
        cls.positions = speak(cls.talk, LINES[:1], "--pause", "0.3")

    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.__exit__)

    def out(self, name):
        return os.path.join(self.folder, name)

    def play(self, line):
        with Pipeline(line, self.server.base_url, self.server.api_key).play() as pipeline:
            pipeline.wait_for_end()
        return pipeline

    def test_the_reply_is_recorded_where_it_was_given(self):
        """Question and answer in one file stand as they were spoken, however long the
        file had to be held: here for so long that it cannot be overlooked."""
        import numpy
        self.server = Server("--fault", "answer-delay=3000")
        self.addCleanup(self.server.__exit__)
        reply = self.out("reply.wav")
        pipeline = self.play(
            f"filesrc location={self.talk} ! decodebin ! realtimebin name=rt ! audioconvert ! "
            f"wavenc ! filesink location={reply} rt.event_src ! transcriptsink")
        user, = pipeline.transcripts("user")
        assistant, = pipeline.transcripts("assistant")
        self.assertIn("hello", user.get_value("text").lower())
        rate, samples = read_wave(reply)
        loud = numpy.nonzero(numpy.abs(samples) > 0.02)[0]
        self.assertGreater(len(loud), rate // 4, "nothing was said")
        heard = numpy.nonzero(numpy.abs(samples) >= AUDIBLE)[0]
        start, end = heard[0] / rate, heard[-1] / rate
        print(f"question ends {self.positions[0][1]:.2f}, reply {start:.2f} to {end:.2f}, "
              f"told {assistant.get_value('start') / 1e9:.2f} to "
              f"{assistant.get_value('end') / 1e9:.2f}")
        self.assertGreater(start, self.positions[0][1])
        # by what left, not by when the service told of it: to the sample, but for
        # what the decoder's noise and the level's edge make of it
        self.assertLess(abs(assistant.get_value("start") / 1e9 - start), 0.03)
        self.assertLess(abs(assistant.get_value("end") / 1e9 - end), 0.03)
        # the server's silence of 500 ms ends the turn, then it answers
        self.assertLess(start - self.positions[0][1], 3)

        # All of what the server said is there. On a busy machine it may have come
        # late, so that there is a pause in it; but no sound of it is missing.
        self.server.stop()
        said_rate, said = read_wave(self.server.files("-said.wav")[0])
        said_sound = numpy.count_nonzero(numpy.abs(said) > 0.02) / said_rate
        sound = len(loud) / rate
        print(f"{said_sound:.2f} s of sound were said, {sound:.2f} s recorded")
        self.assertLess(abs(sound / said_sound - 1), 0.05)

    def test_tokens_by_pad(self):
        reply = self.out("reply-token.wav")
        status, output = launch(
            f"tokensrc ! rt.token_sink filesrc location={self.talk} ! decodebin ! "
            f"realtimebin name=rt ! audioconvert ! wavenc ! filesink location={reply}",
            self.server)
        self.assertEqual(status, 0, output)
        _, samples = read_wave(reply)
        self.assertGreater(abs(samples).max(), 0.05, "nothing was said")
        self.assertNotIn(self.server.api_key, output)
        self.assertNotIn("ek_", output)

    def test_only_audio(self):
        self.play(f"filesrc location={self.talk} ! decodebin ! realtimebin ! fakesink")

    def test_only_events(self):
        pipeline = self.play(f"filesrc location={self.talk} ! decodebin ! realtimebin name=rt "
                             "rt.event_src ! transcriptsink")
        self.assertEqual(len(pipeline.transcripts("assistant")), 1)

    def test_text_modality(self):
        pipeline = self.play(
            f"filesrc location={self.talk} ! decodebin ! realtimebin output-modality=text name=rt "
            "rt.event_src ! transcriptsink")
        self.assertEqual(len(pipeline.transcripts("assistant")), 1)

    def test_manual_turn(self):
        pipeline = self.play(
            f"filesrc location={self.talk} ! decodebin ! realtimebin turn-detection=manual name=rt "
            "rt.event_src ! transcriptsink")
        self.assertEqual(len(pipeline.transcripts("user")), 1)
        self.assertEqual(len(pipeline.transcripts("assistant")), 1)

    def test_user_line_stands_before_the_reply_that_it_caused(self):
        server = Server("--fault", "late-transcript=3000")
        self.addCleanup(server.__exit__)
        with Pipeline(f"filesrc location={self.talk} ! decodebin ! realtimebin name=rt "
                      "rt.event_src ! transcriptsink order=conversation partials=false",
                      server.base_url, server.api_key).play() as pipeline:
            pipeline.wait_for_end()
        self.assertEqual([line.get_value("role") for line in pipeline.transcripts()],
                         ["user", "assistant"])

    def test_a_video_branch_stays_in_step(self):
        """What is shown and what is heard of one file run behind the clock by the same
        time, which is at least that for which the file was held."""
        movie = self.out("movie.mkv")
        status, output = launch(
            f"filesrc location={self.talk} ! decodebin ! audioconvert ! audioresample ! opusenc ! "
            f"matroskamux name=m ! filesink location={movie} "
            "videotestsrc num-buffers=60 ! video/x-raw,width=64,height=48,framerate=25/1 ! jpegenc ! m.")
        self.assertEqual(status, 0, output)
        with Pipeline(f"filesrc location={movie} ! decodebin name=d d. ! audio/x-raw ! "
                      "realtimebin session-type=transcription name=rt ! fakesink sync=true "
                      "rt.event_src ! transcriptsink d. ! video/x-raw ! fakesink name=picture sync=true signal-handoffs=true",
                      self.server.base_url, self.server.api_key) as pipeline:
            shown = []

            def show(sink, buffer, pad):
                shown.append(sink.get_current_running_time() - buffer.pts)

            pipeline.picture.connect("handoff", show)
            pipeline.play()
            pipeline.wait_for_element("realtime/transcript")
            hold = get_latency(pipeline.rt.get_static_pad("event_src"))
            latency = get_latency(pipeline.pipeline)
            pipeline.wait_for_end()
            self.assertEqual(len(pipeline.transcripts("user")), 1)
        self.assertGreater(hold, 0)
        self.assertGreaterEqual(latency, hold)
        # those of the first moments were shown before the hold was known
        delay = sorted(shown[-20:])[10]
        print(f"held {hold / 1e6:.0f} ms, latency {latency / 1e6:.0f} ms, "
              f"pictures {delay / 1e6:.0f} ms behind the clock")
        self.assertLess(abs(delay - latency), 100e6)

    def test_mute(self):
        pipeline = self.play(f"filesrc location={self.talk} ! decodebin ! realtimebin mute=true "
                             "name=rt rt.event_src ! transcriptsink")
        self.assertEqual(pipeline.transcripts(), [])


if __name__ == "__main__":
    main()
