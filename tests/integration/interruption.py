"""What is being said falls silent: by speech, by hand; how soon, and how far downstream."""
import os
import statistics
import subprocess
import tempfile
import time

import numpy

from harness import Gst, main, read_wave, run_to_the_end
from live import LONG, LOUD, Ear, Live, turn_is

ROUNDS = 5


def decode(path):
    """The sound of any file as a 48 kHz mono array."""
    with tempfile.NamedTemporaryFile(suffix=".wav") as out:
        subprocess.run(["gst-launch-1.0", "-q", "filesrc", f"location={path}", "!", "decodebin",
                        "!", "audioconvert", "!", "audioresample", "!",
                        "audio/x-raw,rate=48000,channels=1,format=S16LE", "!", "wavenc", "!",
                        "filesink", f"location={out.name}"], check=True, timeout=60)
        return read_wave(out.name)[1]


def timestamps(path):
    """Those of the packets in a file, in ms."""
    pipeline = Gst.parse_launch(f"filesrc location={path} ! parsebin ! fakesink name=end "
                                "signal-handoffs=true")
    stamps = []
    pipeline.get_by_name("end").connect(
        "handoff", lambda sink, buffer, pad: buffer.pts != Gst.CLOCK_TIME_NONE  # a header
        and stamps.append(buffer.pts / 1e6))
    run_to_the_end(pipeline)
    return stamps


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

    def test_files_are_written_through(self):
        """Muxers and files downstream: one stream without a break, silent where it was cut."""
        files = {name: os.path.join(self.folder, name) for name in (
            "cut.mka", "cut.webm", "cut.ogg", "cut.wav")}
        pipeline = self.play("create-response=false", sink=(
            "! tee name=out "
            "out. ! queue ! opusenc ! matroskamux ! filesink location={cut.mka} "
            "out. ! queue ! opusenc ! webmmux ! filesink location={cut.webm} "
            "out. ! queue ! opusenc ! oggmux ! filesink location={cut.ogg} "
            "out. ! queue ! audioconvert ! wavenc ! filesink location={cut.wav}").replace(
                "{", "{0[").replace("}", "]}").format(files))
        self.interrupt_often(pipeline, "into files", self.interrupt_by_speech, self.ear)
        self.end(pipeline)
        self.assertEqual((self.ear.flushes, self.ear.steps()), (0, {20}))
        lasted = len(self.ear.buffers) / 50
        heard = sum(loud for _, _, loud, _ in self.ear.buffers)
        for name, path in files.items():
            with self.subTest(name):
                written = decode(path)
                print(f"{name}: {len(written) / 48000:.2f} s written of {lasted:.2f} s")
                self.assertLess(abs(len(written) / 48000 - lasted), 0.2)
                sound = numpy.count_nonzero(numpy.abs(written) > 0.01)
                self.assertLess(abs(sound / heard - 1), 0.15)
                steps = numpy.diff(timestamps(path))
                self.assertGreater(steps.min(), 0)
                self.assertLess(steps.max(), 100)

    def interrupt_by_speech(self, pipeline):
        """Returns when it was: when the service's word of it was on the event stream."""
        self.mic.say(self.words)
        pipeline.wait_for_event("realtimebin.interrupted")
        return self.arrivals["input_audio_buffer.speech_started"]

    def interrupt_by_hand(self, pipeline):
        now = time.monotonic()
        self.assertTrue(pipeline.rt.emit("interrupt"))
        pipeline.wait_for_event("realtimebin.interrupted")
        return now

    def interrupt_by_own_detection(self, pipeline):
        self.mic.say(self.words)
        pipeline.wait_for_event("realtimebin.interrupted")
        return self.arrivals["realtimebin.interrupted"]

    def interrupt_often(self, pipeline, what, interrupt, ear):
        """Prints and checks what @ear still heard after each."""
        silent = []
        for _ in range(ROUNDS):
            self.speak_long(pipeline)
            since = interrupt(pipeline)
            pipeline.wait_for_event("output_audio_buffer.cleared")
            self.wait_for_cut(pipeline)
            silent.append(ear.ms_until_silent(since))
            pipeline.wait_for_event("realtimebin.state", turn_is("idle"))
        print(f"{what}: {statistics.median(silent):.0f} ms of sound after an interruption, "
              f"at most {max(silent):.0f} ms, of {ROUNDS}")
        # the flush has a thread of its own, and this machine other things to do
        self.assertLess(statistics.median(silent), 100)
        # nothing of what was broken off is told any more
        for line in [s for s in pipeline.transcripts("assistant") if s.get_value("interrupted")]:
            told = [s for s in pipeline.transcripts("assistant", final=False)
                    if s.get_string("item-id") == line.get_string("item-id")]
            self.assertTrue(told[-1].get_value("final"))

    def test_a_loudspeaker_is_flushed(self):
        """Behind a queue and the buffer of an audio sink, as it comes."""
        # plays what is due 200 ms late, as what is in the buffer of a sound card
        loudspeaker = ("! queue ! audioconvert ! fakesink name=speaker sync=true "
                       "ts-offset=200000000 signal-handoffs=true")
        # for what fakesink passes is a matter of its class
        Gst.init(None)
        kind = type(Gst.ElementFactory.make("fakesink"))
        kind.set_metadata("Loudspeaker", "Sink/Audio", "plays", "nobody")
        self.addCleanup(kind.set_metadata, "Fake Sink", "Sink", "none", "nobody")
        for what, interrupt, properties in (
                ("speech", self.interrupt_by_speech, ""),
                ("interrupt ()", self.interrupt_by_hand, ""),
                ("own detection", self.interrupt_by_own_detection,
                 "interrupt-locally=true vad-threshold=1 echo-cancel=true")):
            with self.subTest(what):
                pipeline = self.play("create-response=false " + properties, sink=loudspeaker)
                ear = Ear(pipeline.speaker.get_static_pad("sink"), passing=False)
                query = Gst.Query.new_latency()
                self.assertTrue(pipeline.pipeline.query(query))
                # heard is what is due, however late this machine comes to it
                late = (pipeline.pipeline.get_base_time() + query.parse_latency()[1]
                        + pipeline.speaker.get_property("ts-offset"))
                pipeline.speaker.connect(
                    "handoff", lambda sink, buffer, pad, ear=ear, late=late:
                    ear.hear(buffer, (late + buffer.pts) / 1e9))
                self.interrupt_often(pipeline, f"{what}, loudspeaker", interrupt, ear)
                self.assertEqual(self.ear.flushes, ROUNDS)
                # a flush costs the buffers that are on their way
                self.assertLessEqual(self.ear.steps(), {20, 40, 60})
                self.end(pipeline)
                pipeline.stop()
                self.mic.stop()

    def test_a_slow_sink_is_flushed(self):
        """What waits in a queue behind src is forgotten, too, where that is asked for: here a
        sink that is none of sound cards, and plays half a second late."""
        late = "! queue max-size-time=0 ! fakesink name=ear sync=true ts-offset=500000000 " \
               "signal-handoffs=true"
        silent = {}
        for flush in ("auto", "always"):
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
            self.assertEqual(self.ear.flushes, 1 if flush == "always" else 0)
            # the reply that follows is played, on the same timeline
            self.assertGreater(sum(loud for when, _, loud in played if when > reply), 2000)
            # a flush costs the buffers that are on their way
            self.assertLessEqual(self.ear.steps(), {20} if flush == "auto" else {20, 40, 60})
            self.end(pipeline)
        print(f"after the interruption {silent['auto']} ms were played, {silent['always']} ms "
              "with flush-on-interrupt=always")
        self.assertGreater(silent["auto"], 200)
        # a moment of the machine's is in both
        self.assertLess(silent["always"], silent["auto"] / 3)


if __name__ == "__main__":
    main()
