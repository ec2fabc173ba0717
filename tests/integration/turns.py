"""Turns that somebody ends: by speaking, by the talk button, by hand; and how soon and how
far what was being said is silent."""
import os
import struct
import subprocess
import tempfile
import threading
import time
import unittest
import wave

import numpy

from harness import Gst, Pipeline, Server, describe, main, read_wave, speak

RATE = 16000
PIECE = RATE // 50
CAPS = f"audio/x-raw,format=S16LE,layout=interleaved,rate={RATE},channels=1"
LONG = "Say: one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
LINE = (f"appsrc name=mic is-live=true format=time do-timestamp=true caps={CAPS} ! "
        "realtimebin name=rt {} {} rt.event_src ! tee name=t ! queue ! "
        "appsink name=events sync=false async=false t. ! queue ! transcriptsink")
SINK = "! queue ! fakesink name=ear sync=true"
LOUD = 330  # of S16: -40 dBFS


class Microphone(threading.Thread):
    """A live source: a room with a little noise, and what is said into it, in real time."""

    def __init__(self, source):
        super().__init__(daemon=True)
        self.source = source
        self.words = []
        self.condition = threading.Condition()
        self.running = True
        self.noise = numpy.random.default_rng(1).normal(0, 3, PIECE).astype("<i2")

    def run(self):
        due = time.monotonic()
        while self.running:
            with self.condition:
                piece = self.words.pop(0) if self.words else self.noise
                self.condition.notify_all()
            self.source.emit("push-buffer", Gst.Buffer.new_wrapped(piece.tobytes()))
            due = max(due + 0.02, time.monotonic() - 0.2)
            with self.condition:
                self.condition.wait_for(lambda: not self.running, max(0, due - time.monotonic()))

    def say(self, samples, wait=True):
        """Says it, and returns when the last of it has been said."""
        whole = len(samples) // PIECE * PIECE
        with self.condition:
            self.words += list((samples[:whole] * 32767).astype("<i2").reshape(-1, PIECE))
            while wait and self.words:
                self.condition.wait()

    def stop(self):
        with self.condition:
            self.running = False
            self.condition.notify_all()
        self.join()


class Ear:
    """What came out of a pad and when, and what of it was loud."""

    def __init__(self, pad):
        self.buffers = []  # (monotonic time, PTS, loud samples)
        self.flushes = 0
        pad.add_probe(Gst.PadProbeType.BUFFER, self.on_buffer)
        pad.add_probe(Gst.PadProbeType.EVENT_FLUSH, self.on_flush)

    def on_buffer(self, pad, info):
        buffer = info.get_buffer()
        samples = numpy.frombuffer(buffer.extract_dup(0, buffer.get_size()), dtype="<i2")
        loud = numpy.count_nonzero(numpy.abs(samples.astype(int)) > LOUD)
        self.buffers.append((time.monotonic(), buffer.pts, loud, len(samples)))
        return Gst.PadProbeReturn.OK

    def on_flush(self, pad, info):
        self.flushes += info.get_event().type == Gst.EventType.FLUSH_STOP
        return Gst.PadProbeReturn.OK

    def ms_until_silent(self, since):
        """How much came after @since before the last loud sample of that speech, in ms of
        samples: a pause of half a second ends it."""
        sound = quiet = passed = 0
        for when, _, loud, count in list(self.buffers):
            if when < since:
                continue
            passed += count
            quiet = 0 if loud else quiet + count
            sound = passed if loud else sound
            if quiet >= 24000:
                break
        return sound / 48

    def steps(self):
        """From one buffer to the next, ms: 20 each, where the stream has no break."""
        pts = [pts // 1000 for _, pts, _, _ in self.buffers]
        return set((numpy.diff(pts) / 1000).tolist())


def decode(path):
    """The sound of any file as a 48 kHz mono array."""
    with tempfile.NamedTemporaryFile(suffix=".wav") as out:
        subprocess.run(["gst-launch-1.0", "-q", "filesrc", f"location={path}", "!", "decodebin",
                        "!", "audioconvert", "!", "audioresample", "!",
                        "audio/x-raw,rate=48000,channels=1,format=S16LE", "!", "wavenc", "!",
                        "filesink", f"location={out.name}"], check=True, timeout=60)
        return read_wave(out.name)[1]


def turn_is(turn):
    return lambda event: event["turn"] == turn


class Turns(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="realtime-test-")
        path = os.path.join(cls.folder, "talk.wav")
        (begin, end, _), = speak(path, ["hello how are you today"], "--pause", "0.3")
        rate, samples = read_wave(path)
        cls.words = samples[int(begin * rate):int(end * rate)]
        assert rate == RATE

    def play(self, properties="", *options, sink=SINK, asr="none"):
        self.server = Server("--asr", asr, *options)
        self.addCleanup(self.server.__exit__)
        pipeline = Pipeline(LINE.format(properties, sink), self.server.base_url,
                            self.server.api_key)
        self.ear = Ear(pipeline.rt.get_static_pad("src"))
        self.arrivals = {}
        pipeline.rt.get_static_pad("event_src").add_probe(Gst.PadProbeType.BUFFER, self.on_event)
        self.mic = Microphone(pipeline.mic)
        self.mic.start()
        self.addCleanup(pipeline.stop)
        self.addCleanup(self.mic.stop)
        pipeline.play()
        pipeline.wait_for_event("realtimebin.state", lambda e: e["connection"] == "connected")
        return pipeline

    def on_event(self, pad, info):
        """When the last event of each type was on event_src."""
        import json
        data = info.get_buffer().extract_dup(0, info.get_buffer().get_size())
        self.arrivals[json.loads(data)["type"]] = time.monotonic()
        return Gst.PadProbeReturn.OK

    def speak_long(self, pipeline, instructions=LONG):
        """Returns when some of it was heard."""
        self.assertTrue(pipeline.rt.emit("create-response", instructions))
        pipeline.wait_for_event("response.output_audio_transcript.delta",
                                lambda event: "three" in event["delta"])

    def end(self, pipeline):
        pipeline.rt.send_event(Gst.Event.new_eos())
        pipeline.wait_for_end()
        pipeline.stop()
        self.server.stop()
        return [event["type"] for event in self.server.client_events()][1:]

    def wait_for_cut(self, pipeline):
        """The final of the reply that was broken off."""
        line = pipeline.wait_for_element("realtime/transcript",
                                         lambda s: s.get_value("interrupted"))
        text = line.get_string("text")
        self.assertTrue(LONG[5:].startswith(text), text)
        self.assertNotIn("fourteen", text)
        # no word shows that was not heard, and no partial came after it
        partials = [s.get_string("text") for s in pipeline.transcripts("assistant", final=False)
                    if s.get_string("item-id") == line.get_string("item-id")]
        self.assertEqual(partials[-1], text)
        self.assertLess(len(partials[-2]), len(LONG) - 10)
        return text

    def report(self, what, silent):
        print(f"{what}: {silent:.0f} ms of sound after it")
        self.assertLess(silent, 100)

    # --- interruption ---

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
        pipeline.wait_for_event("realtimebin.speech_started")
        pipeline.wait_for_event("realtimebin.interrupted")
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

    # --- the talk button ---

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

    # --- by hand ---

    def test_commit_by_hand(self):
        """A commit waits for the last audio, and a response for the commit."""
        pipeline = self.play("turn-detection=manual", asr="pocketsphinx")
        self.mic.say(self.words)
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
