"""What is being said falls silent: by speech, by hand; how soon, and how far downstream."""
import os
import subprocess
import tempfile
import time

import numpy

from harness import Gst, main, read_wave
from live import LONG, LOUD, Live, turn_is


def decode(path):
    """The sound of any file as a 48 kHz mono array."""
    with tempfile.NamedTemporaryFile(suffix=".wav") as out:
        subprocess.run(["gst-launch-1.0", "-q", "filesrc", f"location={path}", "!", "decodebin",
                        "!", "audioconvert", "!", "audioresample", "!",
                        "audio/x-raw,rate=48000,channels=1,format=S16LE", "!", "wavenc", "!",
                        "filesink", f"location={out.name}"], check=True, timeout=60)
        return read_wave(out.name)[1]


class Interruption(Live):
    def test_speech_silences_the_assistant(self):
        pipeline = self.play()
        self.speak_long(pipeline)
        self.mic.say(self.words)
        pipeline.wait_for_event("realtimebin.interrupted")
        text = self.wait_for_cut(pipeline)
        pipeline.wait_for_event("realtimebin.state", turn_is("thinking"))
        # the next reply is heard
        pipeline.wait_for_event("output_audio_buffer.stopped")
        pipeline.wait_for_event("realtimebin.state", turn_is("idle"))
        self.report("speech_started", self.ear.ms_until_silent(
            self.arrivals["input_audio_buffer.speech_started"]))
        after = [loud for when, _, loud, _ in self.ear.buffers
                 if when > self.arrivals["output_audio_buffer.started"]]
        self.assertGreater(sum(after), 2000, "the next reply was not heard")
        self.assertEqual(self.ear.steps(), {20})
        self.assertEqual(self.ear.flushes, 0)
        sent = self.end(pipeline)
        # the service does it all by itself
        self.assertNotIn("response.cancel", sent)
        self.assertGreater(len(text), 3)

    def test_interrupt_by_hand(self):
        pipeline = self.play()
        self.assertTrue(pipeline.rt.emit("interrupt"))
        self.speak_long(pipeline)
        now = time.monotonic()
        self.assertTrue(pipeline.rt.emit("interrupt"))
        pipeline.wait_for_event("output_audio_buffer.cleared")
        self.wait_for_cut(pipeline)
        self.report("interrupt", self.ear.ms_until_silent(now))
        # once more, while nothing is said, and as soon as something is
        self.assertTrue(pipeline.rt.emit("interrupt"))
        self.assertTrue(pipeline.rt.emit("create-response", LONG))
        self.assertTrue(pipeline.rt.emit("interrupt"))
        pipeline.wait_for_event("response.done",
                                lambda event: event["response"]["status"] == "cancelled")
        sent = self.end(pipeline)
        self.assertEqual(sent, ["response.create", "response.cancel", "output_audio_buffer.clear",
                                "response.create", "response.cancel", "output_audio_buffer.clear"])
        self.assertEqual(pipeline.warnings(), [])

    def test_interruption_is_left_alone(self):
        """With interrupt-response=false everything that is said is heard."""
        pipeline = self.play("interrupt-response=false create-response=false")
        self.speak_long(pipeline, "Say: one two three four five six")
        self.mic.say(self.words)
        pipeline.wait_for_event("input_audio_buffer.speech_started")
        pipeline.wait_for_event("output_audio_buffer.stopped")
        line = pipeline.wait_for_element("realtime/transcript", lambda s: s.get_value("final")
                                         and s.get_string("role") == "assistant")
        self.assertEqual(line.get_string("text"), "one two three four five six")
        self.assertFalse(line.get_value("interrupted"))
        pipeline.wait_for_event("realtimebin.state", turn_is("idle"))
        self.end(pipeline)
        said = read_wave(self.server.files("-said.wav")[0])[1]
        heard = sum(loud for _, _, loud, _ in self.ear.buffers)
        self.assertLess(abs(heard / numpy.count_nonzero(numpy.abs(said) > 0.01) - 1), 0.1)
        self.assertNotIn("realtimebin.interrupted", self.arrivals)

    def test_text_while_somebody_speaks(self):
        """The service's answer to the speech answers the text, too: no other is asked for."""
        pipeline = self.play()
        self.mic.say(self.words, wait=False)
        pipeline.wait_for_event("input_audio_buffer.speech_started")
        self.assertTrue(pipeline.rt.emit("send-text", "and tell me a joke"))
        pipeline.wait_for_event("input_audio_buffer.committed")
        pipeline.wait_for_event("output_audio_buffer.stopped")
        sent = self.end(pipeline)
        self.assertEqual(sent, ["conversation.item.create"])
        self.assertEqual(len(pipeline.transcripts("assistant")), 1)

    def test_speech_that_is_found_here(self):
        """Before the service says so: here one that never does."""
        pipeline = self.play("interrupt-locally=true vad-threshold=1 create-response=false")
        self.speak_long(pipeline)
        self.mic.say(self.words)
        pipeline.wait_for_event("realtimebin.interrupted")
        pipeline.wait_for_event("output_audio_buffer.cleared")
        self.wait_for_cut(pipeline)
        self.report("own detection", self.ear.ms_until_silent(
            self.arrivals["realtimebin.interrupted"]))
        self.end(pipeline)

    def test_turns_that_are_found_here(self):
        """turn-detection=client: speech interrupts, is committed, and is answered."""
        pipeline = self.play("turn-detection=client")
        self.speak_long(pipeline)
        self.mic.say(self.words)
        pipeline.wait_for_event("realtimebin.interrupted")
        pipeline.wait_for_event("realtimebin.speech_started")
        pipeline.wait_for_event("input_audio_buffer.committed")
        pipeline.wait_for_event("output_audio_buffer.stopped")
        self.report("own turn", self.ear.ms_until_silent(self.arrivals["realtimebin.interrupted"]))
        self.end(pipeline)

    def test_a_file_is_written_through(self):
        """A muxer and a file downstream: one stream without a break, silent where it was cut."""
        for name, branch in (("cut.mka", "! opusenc ! matroskamux ! filesink location={}"),
                             ("cut.wav", "! audioconvert ! wavenc ! filesink location={}")):
            with self.subTest(name):
                self.ear = None
                path = os.path.join(self.folder, name)
                pipeline = self.play(sink=branch.format(path))
                self.speak_long(pipeline)
                self.mic.say(self.words)
                pipeline.wait_for_event("realtimebin.interrupted")
                self.report(name, self.until_silent(pipeline))
                self.end(pipeline)
                written = decode(path)
                lasted = len(self.ear.buffers) / 50
                print(f"{name}: {len(written) / 48000:.2f} s written of {lasted:.2f} s")
                self.assertLess(abs(len(written) / 48000 - lasted), 0.2)
                self.assertEqual(self.ear.steps(), {20})
                sound = numpy.count_nonzero(numpy.abs(written) > 0.01)
                heard = sum(loud for _, _, loud, _ in self.ear.buffers)
                self.assertLess(abs(sound / heard - 1), 0.15)

    def until_silent(self, pipeline):
        """Waits until half a second has come after the interruption."""
        since = self.arrivals["realtimebin.interrupted"]
        pipeline.wait_for_event("output_audio_buffer.cleared")
        pipeline.wait_for_event("realtimebin.state", turn_is("thinking"))
        return self.ear.ms_until_silent(since)

    def test_a_slow_sink_is_flushed(self):
        """What waits in a queue behind src is forgotten, too, where that is asked for: here a
        sink that plays half a second late."""
        late = "! queue max-size-time=0 ! fakesink name=ear sync=true ts-offset=500000000 " \
               "signal-handoffs=true"
        silent = {}
        for flush in ("false", "true"):
            pipeline = self.play(f"flush-on-interrupt={flush}", sink=late)
            played = []

            def play(sink, buffer, pad, played=played):
                data = numpy.frombuffer(buffer.extract_dup(0, buffer.get_size()), dtype="<i2")
                loud = numpy.count_nonzero(numpy.abs(data.astype(int)) > LOUD)
                played.append((time.monotonic(), buffer.pts, loud))

            pipeline.ear.connect("handoff", play)
            pipeline.wait(lambda m: m.type == Gst.MessageType.LATENCY)
            self.speak_long(pipeline)
            self.mic.say(self.words)
            pipeline.wait_for_event("realtimebin.interrupted")
            pipeline.wait_for_event("output_audio_buffer.stopped")
            pipeline.wait_for_event("realtimebin.state", turn_is("idle"))
            since = self.arrivals["input_audio_buffer.speech_started"]
            reply = self.arrivals["output_audio_buffer.started"]
            silent[flush] = 20 * sum(1 for when, _, loud in played
                                     if since < when < reply and loud)
            self.assertEqual(self.ear.flushes, 1 if flush == "true" else 0)
            # the reply that follows is played, on the same timeline
            self.assertGreater(sum(loud for when, _, loud in played if when > reply), 2000)
            # a flush costs the buffers that are on their way
            self.assertLessEqual(self.ear.steps(), {20} if flush == "false" else {20, 40, 60})
            self.end(pipeline)
        print(f"after the interruption {silent['false']} ms were played, {silent['true']} ms "
              "with flush-on-interrupt")
        self.assertGreater(silent["false"], 200)
        self.assertLess(silent["true"], 100)


if __name__ == "__main__":
    main()
