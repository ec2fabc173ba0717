"""Files that are sought in while a session listens, and elements that come and go."""
import os
import tempfile
import threading
import time
import unittest
import wave

# pads only warn of events that come in a wrong order
os.environ["G_DEBUG"] = "fatal-warnings"

from harness import Gst, Pipeline, Server, describe, main, speak
from programme import CAPS, RATE, Programme, Source, speak_sentences

TURNS = "session-type=transcription turn-detection=server-vad transcription-model=gpt-transcribe"
FLUSH = Gst.SeekFlags.FLUSH | Gst.SeekFlags.ACCURATE


class Seeks(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="realtime-test-")
        cls.spoken = speak_sentences(cls.folder)
        cls.programme = Programme(cls.spoken)
        for number in range(5):
            cls.programme.say(str(number)).wait(1.5)
        cls.talk = cls.record("talk.wav", cls.programme.render())
        script = os.path.join(cls.folder, "script.jsonl")
        with open(script, "w", encoding="utf-8") as file:
            file.writelines(f'{{"heard":"{number}"}}\n' for number in range(99))
        cls.server = Server("--asr", "none", "--no-reply", "--script", script,
                            "--max-sessions", "20")

    @classmethod
    def record(cls, name, samples):
        path = os.path.join(cls.folder, name)
        with wave.open(path, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(samples.tobytes())
        return path

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()

    def play(self, line):
        pipeline = Pipeline(line, self.server.base_url, self.server.api_key)
        self.addCleanup(pipeline.stop)
        return pipeline.play()

    def final(self, pipeline):
        """(start, end) of the next final line."""
        line = pipeline.wait_for_element("realtime/transcript",
                                         lambda structure: structure.get_value("final"))
        return line.get_value("start") / 1e9, line.get_value("end") / 1e9

    def check(self, found, number, origin):
        _, begin, end = self.programme.said[number]
        print(f"sentence {number}: start {found[0] + origin - begin:+.3f} s, "
              f"end {found[1] + origin - end:+.3f} s")
        self.assertLess(abs(found[0] + origin - begin), 0.15)
        self.assertLess(abs(found[1] + origin - end), 0.15)

    def check_rest(self, pipeline, first, origin):
        """The rest of the file from that sentence on, and then the end."""
        for number in range(first, len(self.programme.said)):
            self.check(self.final(pipeline), number, origin)
        pipeline.wait_for_end()

    def gap_before(self, number):
        """Where nobody has spoken for a while, and that sentence comes next."""
        return self.programme.said[number][1] - 0.8

    def hold(self, pipeline):
        query = Gst.Query.new_latency()
        self.assertTrue(pipeline.rt.get_static_pad("event_src").query(query))
        return query.parse_latency()[1] / 1e9

    def seek(self, element, place):
        event = Gst.Event.new_seek(1.0, Gst.Format.TIME, FLUSH, Gst.SeekType.SET,
                                   round(place * Gst.SECOND), Gst.SeekType.NONE, 0)
        self.assertTrue(element.send_event(event))

    def test_file(self):
        """Forward and back: what is said there has its time from there on."""
        for tail in ("! fakesink name=out sync=true rt.event_src ! transcriptsink",
                     "rt.event_src ! transcriptsink"):
            with self.subTest(tail):
                pipeline = self.play(f"filesrc location={self.talk} ! wavparse name=parse ! "
                                     f"realtimebin name=rt {TURNS} {tail}")
                self.check(self.final(pipeline), 0, 0)
                before = self.hold(pipeline)
                self.seek(pipeline.parse, self.gap_before(3))
                self.check(self.final(pipeline), 3, self.gap_before(3))
                # it is held no longer than it takes to seek
                self.assertLess(self.hold(pipeline), before + 1)
                self.seek(pipeline.parse, self.gap_before(1))
                self.check_rest(pipeline, 1, self.gap_before(1))
                pipeline.stop()

    def test_player(self):
        """One that plays what it captions: a seek goes the way of the player's."""
        pipeline = self.play(
            f"filesrc location={self.talk} ! wavparse ! tee name=t t. ! queue ! "
            "fakesink name=player sync=true t. ! queue ! "
            f"realtimebin name=rt {TURNS} ! fakesink sync=true rt.event_src ! tee name=e "
            "e. ! queue ! transcriptsink e. ! queue ! transcriptcaptions ! "
            "fakesink name=captions sync=true signal-handoffs=true")
        shown = []
        pipeline.captions.connect("handoff", lambda sink, buffer, pad: shown.append(
            (buffer.pts / 1e9, sink.get_current_running_time() / 1e9)))
        self.check(self.final(pipeline), 0, 0)
        origin = self.gap_before(3)
        self.seek(pipeline.player, origin)
        del shown[:]
        self.check_rest(pipeline, 3, origin)
        self.assertEqual(len(shown), 2)
        for (start, now), (_, begin, _) in zip(shown, self.programme.said[3:]):
            self.assertLess(abs(start + origin - begin), 0.15)
            # in the player's time, and not as far away as that was sought
            self.assertLess(now - start, 6)

    def test_paused(self):
        """Sought in while paused, and before there is a session."""
        pipeline = Pipeline(f"filesrc location={self.talk} ! wavparse name=parse ! "
                            f"realtimebin name=rt {TURNS} rt.event_src ! transcriptsink",
                            self.server.base_url, self.server.api_key)
        self.addCleanup(pipeline.stop)
        pipeline.pipeline.set_state(Gst.State.PAUSED)
        pipeline.bus.timed_pop_filtered(10 * Gst.SECOND, Gst.MessageType.STREAM_START)
        # the file is read once its first buffer waits for the session
        for _ in range(100):
            if pipeline.rt.get_static_pad("sink").get_current_caps():
                break
            time.sleep(0.05)
        self.seek(pipeline.parse, self.gap_before(2))
        pipeline.play()
        self.check(self.final(pipeline), 2, self.gap_before(2))
        pipeline.pipeline.set_state(Gst.State.PAUSED)
        self.seek(pipeline.parse, self.gap_before(4))
        pipeline.play()
        self.check_rest(pipeline, 4, self.gap_before(4))

    def test_many(self):
        """One after the other, each before the last has settled; from two threads."""
        pipeline = self.play(f"filesrc location={self.talk} ! wavparse name=parse ! "
                             f"realtimebin name=rt {TURNS} ! fakesink sync=true rt.event_src ! "
                             "tee name=e e. ! queue ! transcriptsink "
                             "e. ! queue ! transcriptcaptions ! fakesink")
        self.check(self.final(pipeline), 0, 0)

        def hurry(places):
            for place in places:
                self.seek(pipeline.parse, place)
        other = threading.Thread(target=hurry, args=([n % 17 for n in range(0, 60, 3)],))
        other.start()
        hurry([n % 13 for n in range(0, 60, 2)])
        other.join()
        origin = self.gap_before(4)
        self.seek(pipeline.parse, origin)
        # what was said in between may still come
        while True:
            start, end = self.final(pipeline)
            if abs(start + origin - self.programme.said[4][1]) < 1:
                break
        self.check((start, end), 4, origin)
        pipeline.wait_for_end()

    def test_after_the_end(self):
        """Played again, and once more: each time in a session that hears it to its end."""
        for tail in ("! fakesink name=out sync=true rt.event_src ! tee name=e e. ! queue ! "
                     "transcriptsink e. ! queue ! transcriptcaptions ! fakesink sync=true",
                     "rt.event_src ! transcriptsink"):
            with self.subTest(tail):
                pipeline = self.play(f"filesrc location={self.talk} ! wavparse name=parse ! "
                                     f"realtimebin name=rt {TURNS} {tail}")
                self.check(self.final(pipeline), 0, 0)
                self.seek(pipeline.parse, self.gap_before(4))
                self.check_rest(pipeline, 4, self.gap_before(4))
                for _ in range(2):
                    self.seek(pipeline.parse, self.gap_before(3))
                    self.check_rest(pipeline, 3, self.gap_before(3))
                pipeline.stop()

    def test_while_it_drains(self):
        """Sought in at the end, while the last words are awaited: it is none."""
        pipeline = self.play(f"filesrc location={self.talk} ! wavparse name=parse ! "
                             f"realtimebin name=rt {TURNS} drain-timeout=4000 "
                             "rt.event_src ! transcriptsink")
        self.check(self.final(pipeline), 0, 0)
        self.seek(pipeline.parse, self.gap_before(4))
        self.check(self.final(pipeline), 4, self.gap_before(4))
        pipeline.wait_for_element("realtime/state", lambda structure: structure.get_value(
            "connection").value_nick == "draining")
        # for longer than the words are awaited
        self.seek(pipeline.parse, self.gap_before(2))
        self.check_rest(pipeline, 2, self.gap_before(2))
        warnings = [describe(m) for m in pipeline.messages if m.type == Gst.MessageType.WARNING]
        self.assertEqual(warnings, [])

    def test_while_a_translation_ends(self):
        """The service was asked to finish: what is sought is for another session."""
        path = os.path.join(self.folder, "greeting.wav")
        speak(path, ["hello how are you"], "--pause", "1.0")
        server = Server()
        self.addCleanup(server.__exit__)
        pipeline = Pipeline(f"filesrc location={path} ! wavparse name=parse ! realtimebin name=rt "
                            "session-type=translation output-language=es log-sent-events=true ! "
                            "fakesink sync=true rt.event_src ! tee name=t t. ! queue ! "
                            "transcriptsink t. ! queue ! appsink name=events sync=false",
                            server.base_url, server.api_key)
        self.addCleanup(pipeline.stop)
        pipeline.play()
        pipeline.wait_for_event("realtimebin.sent",
                                lambda event: event["event"]["type"] == "session.close")
        self.seek(pipeline.parse, 0)
        pipeline.wait_for_event("realtimebin.state", lambda event: event["gst_session"] == 2
                                and event["connection"] == "closed")
        pipeline.wait_for_end()
        second = next(event["session"]["id"] for event in pipeline.events
                      if event["type"] == "session.created" and event["gst_session"] == 2)
        said = [line.get_string("text").lower() for line in pipeline.transcripts("assistant")
                if line.get_string("session-id") == second]
        self.assertEqual([text.split()[0] for text in said], ["hola"])

    def test_a_conversation_goes_on(self):
        """The session behind the end knows what was said before."""
        path = os.path.join(self.folder, "question.wav")
        speak(path, ["hello how are you"], "--pause", "0.5")
        script = os.path.join(self.folder, "replies.jsonl")
        with open(script, "w", encoding="utf-8") as file:
            file.write('{"heard":"how are you"}\n{"say":"all right"}\n' * 4)
        server = Server("--asr", "none", "--script", script)
        self.addCleanup(server.__exit__)
        pipeline = Pipeline(f"filesrc location={path} ! wavparse name=parse ! realtimebin name=rt "
                            "turn-detection=server-vad transcription-model=gpt-transcribe ! "
                            "fakesink sync=true rt.event_src ! transcriptsink",
                            server.base_url, server.api_key)
        self.addCleanup(pipeline.stop)
        pipeline.play().wait_for_end()
        self.assertEqual(server.client_events("conversation.item.create"), [])
        self.seek(pipeline.parse, 0)
        pipeline.wait_for_end()
        said = [(item["role"], item["content"][0]["text"]) for item in
                (event["item"] for event in server.client_events("conversation.item.create"))]
        self.assertEqual(said, [("user", "how are you"), ("assistant", "all right")])
        self.assertEqual([line.get_string("text") for line in pipeline.transcripts()],
                         ["how are you", "all right"] * 2)

    def test_after_a_limit(self):
        """What a limit has ended stays ended, and the streams end again."""
        pipeline = self.play(f"filesrc location={self.talk} ! wavparse name=parse ! "
                             f"realtimebin name=rt {TURNS} session-timeout=6000 ! "
                             "fakesink sync=true rt.event_src ! transcriptsink")
        self.check(self.final(pipeline), 0, 0)
        pipeline.wait_for_end()
        self.seek(pipeline.parse, self.gap_before(3))
        pipeline.wait_for_end()
        self.assertEqual(pipeline.rt.get_property("connection-state").value_nick, "closed")

    def test_segments(self):
        """A file behind another, as one stream: its times go on."""
        length = self.gap_before(2)
        first = self.record("first.wav", self.programme.render()[:round(length * RATE)])
        pipeline = self.play(
            "concat name=c ! queue ! "
            f"realtimebin name=rt {TURNS} rt.event_src ! transcriptsink "
            f"filesrc location={first} ! wavparse ! c. "
            f"filesrc location={self.talk} ! wavparse ! c.")
        for number in range(2):
            self.check(self.final(pipeline), number, 0)
        self.check_rest(pipeline, 0, -length)

    def test_put_into_a_pipeline_that_plays(self):
        """Behind a live source, and taken out again, three times."""
        programme = Programme(self.spoken)
        pipeline = self.play(f"appsrc name=in is-live=true format=time caps={CAPS} max-bytes=0 ! "
                             "tee name=t allow-not-linked=true t. ! queue ! fakesink async=false")
        source = Source(pipeline, programme, True)
        added = []

        def add():
            part = Gst.parse_bin_from_description(
                f"queue ! realtimebin name=rt {TURNS} ! fakesink async=false sync=false "
                "rt.event_src ! transcriptsink async=false", True)
            rt = part.get_by_name("rt")
            rt.set_property("base-url", self.server.base_url)
            rt.set_property("api-key", self.server.api_key)
            pipeline.pipeline.add(part)
            part.sync_state_with_parent()
            pad = pipeline.t.request_pad_simple("src_%u")
            pad.link(part.get_static_pad("sink"))
            added.append((part, pad))

        def remove():
            part, pad = added.pop()
            pad.unlink(part.get_static_pad("sink"))
            pipeline.t.release_request_pad(pad)
            part.set_state(Gst.State.NULL)
            pipeline.pipeline.remove(part)
        for number in range(3):
            programme.wait(0.5).do(add).wait(4).say(str(number)).wait(3).do(remove)
        source.start()
        for number in range(3):
            start, end = self.final(pipeline)
            _, begin, finish = programme.said[number]
            print(f"sentence {number}: start {start - source.start_time - begin:+.3f} s, "
                  f"end {end - source.start_time - finish:+.3f} s")
            self.assertLess(abs(start - source.start_time - begin), 0.15)
            self.assertLess(abs(end - source.start_time - finish), 0.15)
        source.join()
        errors = [describe(m) for m in pipeline.messages if m.type == Gst.MessageType.ERROR]
        self.assertEqual(errors, [])


if __name__ == "__main__":
    main()
