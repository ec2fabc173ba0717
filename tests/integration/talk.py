"""Turns that the application ends: by the talk button, by commit-input."""
import time

import numpy

from harness import main, read_wave
from live import RATE, Live, turn_is


class Talk(Live):
    def test_talk(self):
        pipeline = self.play("turn-detection=manual talk=false", asr="pocketsphinx")
        # what is said without the button is not heard
        self.mic.say(self.words)
        pipeline.rt.set_property("talk", True)
        pipeline.wait_for_event("realtimebin.state", turn_is("user-speaking"))
        self.mic.say(self.words)
        pipeline.rt.set_property("talk", False)
        released = pipeline.wait_for_event("realtimebin.talk", lambda event: not event["pressed"])
        self.assertTrue(released["committed"])
        pipeline.wait_for_event("realtimebin.state", turn_is("thinking"))
        line = pipeline.wait_for_element("realtime/transcript", lambda s: s.get_value("final")
                                         and s.get_string("role") == "user")
        # to the last word
        self.assertIn("hello", line.get_string("text").lower())
        self.assertIn("today", line.get_string("text").lower())
        self.assertLess(abs(line.get_value("start") - released["start_running_time"]), 1e6)
        self.assertLess(abs(line.get_value("end") - released["end_running_time"]), 1e6)
        pipeline.wait_for_event("output_audio_buffer.stopped")
        # pressed while the assistant speaks
        self.speak_long(pipeline)
        now = time.monotonic()
        pipeline.rt.set_property("talk", True)
        pipeline.wait_for_event("output_audio_buffer.cleared")
        self.wait_for_cut(pipeline)
        self.mic.say(self.words)
        self.report("talk", self.ear.ms_until_silent(now))
        pipeline.rt.set_property("talk", False)
        pipeline.wait_for_event("input_audio_buffer.committed")
        pipeline.wait_for_event("output_audio_buffer.stopped")
        sent = self.end(pipeline)
        turn = ["input_audio_buffer.clear", "input_audio_buffer.commit", "response.create"]
        self.assertEqual(sent, turn + ["response.create", "response.cancel",
                                       "output_audio_buffer.clear"] + turn)
        # each time all of it, and nothing else
        rate, heard = read_wave(self.server.files("-heard.wav")[0])
        sound = numpy.count_nonzero(numpy.abs(heard) > 0.02) / rate
        said = numpy.count_nonzero(numpy.abs(self.words) > 0.02) / RATE
        print(f"{sound:.2f} s of sound were heard, {2 * said:.2f} s said")
        self.assertLess(abs(sound / (2 * said) - 1), 0.15)
        self.assertEqual(pipeline.warnings(), [])

    def test_short_presses(self):
        """Harmless, as often as they come; what was asked for meanwhile is answered."""
        pipeline = self.play("turn-detection=manual")
        for _ in range(20):
            pipeline.rt.set_property("talk", True)
            pipeline.rt.set_property("talk", False)
        pipeline.rt.set_property("talk", True)
        self.assertTrue(pipeline.rt.emit("send-text", "tell me a joke"))
        pipeline.rt.set_property("talk", False)
        pipeline.wait_for_event("response.done",
                                lambda event: event["response"]["status"] == "completed")
        sent = self.end(pipeline)
        self.assertNotIn("input_audio_buffer.commit", sent)
        self.assertEqual(sent.count("response.create"), 1)
        self.assertEqual(pipeline.warnings(), [])

    def test_pressed_again_at_once(self):
        """The turn before is kept; only the last one is answered."""
        pipeline = self.play("turn-detection=manual")
        pipeline.rt.set_property("talk", True)
        self.mic.say(self.words)
        pipeline.rt.set_property("talk", False)
        pipeline.rt.set_property("talk", True)
        self.mic.say(self.words)
        pipeline.rt.set_property("talk", False)
        pipeline.wait_for_event("output_audio_buffer.stopped")
        sent = self.end(pipeline)
        self.assertEqual(sent, ["input_audio_buffer.clear", "input_audio_buffer.commit",
                                "input_audio_buffer.clear", "input_audio_buffer.commit",
                                "response.create"])

    def test_pressed_at_the_end(self):
        """The end of the input is the end of the turn."""
        pipeline = self.play("turn-detection=manual")
        pipeline.rt.set_property("talk", True)
        self.mic.say(self.words)
        sent = self.end(pipeline)
        self.assertEqual(sent, ["input_audio_buffer.clear", "input_audio_buffer.commit",
                                "response.create"])
        self.assertIn("output_audio_buffer.stopped", self.arrivals)

    def test_not_pressed_at_the_end(self):
        pipeline = self.play("turn-detection=manual talk=false")
        self.mic.say(self.words)
        self.assertEqual(self.end(pipeline), [])

    def test_pressed_before_the_session(self):
        pipeline = self.play("turn-detection=manual talk=true create-response=false")
        pipeline.wait_for_event("realtimebin.talk")
        self.mic.say(self.words)
        pipeline.rt.set_property("talk", False)
        pipeline.wait_for_event("input_audio_buffer.committed")
        self.assertEqual(self.end(pipeline), ["input_audio_buffer.clear",
                                              "input_audio_buffer.commit"])

    def test_talk_without_manual_turns(self):
        pipeline = self.play()
        pipeline.rt.set_property("talk", True)
        pipeline.wait_for_warning("turn-detection=manual")
        pipeline.rt.set_property("talk", False)
        # and the input is heard as ever
        self.mic.say(self.words)
        pipeline.wait_for_event("input_audio_buffer.committed")
        self.end(pipeline)

    def test_talk_in_a_transcription(self):
        pipeline = self.play("session-type=transcription turn-detection=manual",
                             asr="pocketsphinx")
        pipeline.rt.set_property("talk", True)
        self.mic.say(self.words)
        pipeline.rt.set_property("talk", False)
        line = pipeline.wait_for_element("realtime/transcript", lambda s: s.get_value("final"))
        self.assertIn("today", line.get_string("text").lower())
        self.assertEqual(self.end(pipeline), ["input_audio_buffer.clear",
                                              "input_audio_buffer.commit"])

    def test_commit_by_hand(self):
        """A commit waits for the last audio, and a response for the commit."""
        pipeline = self.play("turn-detection=manual", asr="pocketsphinx")
        self.mic.say(self.words)
        # a clear does not wait for what is still on its way
        self.mic.say(numpy.zeros(RATE // 2))
        self.assertTrue(pipeline.rt.emit("clear-input"))
        self.mic.say(self.words)
        self.assertTrue(pipeline.rt.emit("commit-input"))
        self.assertTrue(pipeline.rt.emit("create-response", None))
        line = pipeline.wait_for_element("realtime/transcript", lambda s: s.get_value("final")
                                         and s.get_string("role") == "user")
        self.assertIn("today", line.get_string("text").lower())
        self.assertEqual(line.get_string("text").lower().count("hello"), 1)
        pipeline.wait_for_event("output_audio_buffer.stopped")
        sent = self.end(pipeline)
        self.assertEqual(sent[:3], ["input_audio_buffer.clear", "input_audio_buffer.commit",
                                    "response.create"])


if __name__ == "__main__":
    main()
