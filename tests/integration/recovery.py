"""A session that is lost, and the one that follows it: words, times, states, what is put in."""
import json
import os
import re
import socket
import statistics
import tempfile
import threading
import time
import unittest

from harness import Gst, Pipeline, Server, main, read_events
from programme import CAPS, Programme, Source, speak_sentences

KEY = "sk-local-recovery"
# what a line may be wrong by, and the median (s)
LIMIT, MEDIAN = 0.150, 0.060
QUIET = ("audiotestsrc is-live=true wave=silence ! realtimebin name=rt {} ! fakesink name=out "
         "rt.event_src ! appsink name=events sync=false async=false")
# a server that goes, and another that comes, take their time
SOON = "retry-delay-min=100 retry-delay-max=200 max-retries=100"
LATER = "retry-delay-min=3000 retry-delay-max=3000"


class Place:
    """Where servers stand, one after the other: an address that stays the same."""

    def __init__(self, test):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.test, self.servers = test, []
        self.base_url = f"http://127.0.0.1:{self.port}/v1"

    def serve(self, *options, key=KEY):
        server = Server("--port", str(self.port), "--api-key", key, "--asr", "none", *options)
        self.test.addCleanup(server.__exit__)
        self.servers.append(server)
        return server


def states(pipeline):
    """(connection, attempt) of each change of the connection, by the messages."""
    told = []
    for message in pipeline.messages:
        structure = message.get_structure()
        if message.type == Gst.MessageType.ELEMENT and structure.get_name() == "realtime/state":
            state = (structure.get_value("connection").value_nick, structure.get_value("attempt"))
            if not told or told[-1] != state:
                told.append(state)
    return told


def changes(pipeline):
    """The same by the events that came so far."""
    told = []
    for event in pipeline.events:
        if event["type"] == "realtimebin.state":
            state = (event["connection"], event.get("attempt", 0))
            if not told or told[-1] != state:
                told.append(state)
    return told


def is_connected(event):
    return event["connection"] == "connected"


def is_lost(event):
    return event["connection"] == "reconnecting"


class Words(unittest.TestCase):
    """What is said before and after, and when."""
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="realtime-test-")
        cls.spoken = speak_sentences(cls.folder)

    def script(self, first):
        path = os.path.join(self.folder, f"script-{first}.jsonl")
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(f'{{"heard":"{number}"}}\n' for number in range(first, 50))
        return "--no-reply", "--script", path

    def listen(self, programme, place, live, properties="", expected=None):
        """Plays the programme; checks all times, and that src has no gap."""
        log = os.path.join(self.folder, "session.jsonl")
        pipeline = Pipeline(
            f"appsrc name=in format=time caps={CAPS} "
            f"{'is-live=true max-bytes=0' if live else 'block=true max-bytes=4000'} ! "
            "realtimebin name=rt session-type=transcription transcription-model=gpt-transcribe "
            f"{'' if 'turn-detection' in properties else 'turn-detection=server-vad'} "
            f"{properties} ! fakesink name=out sync=false async=false signal-handoffs=true "
            f"rt.event_src ! tee name=t ! queue ! filesink async=false location={log} "
            "t. ! queue ! transcriptsink partials=false", place.base_url, KEY)
        self.addCleanup(pipeline.stop)
        out = []
        pipeline.out.connect("handoff", lambda _, buffer, pad: out.append(
            (buffer.pts, buffer.duration)))
        pipeline.play()
        if live:
            pipeline.wait_for_element("realtime/state", lambda s: (
                s.get_value("connection").value_nick == "connected"))
        source = Source(pipeline, programme, live)
        source.start()
        pipeline.wait_for_end()
        source.join()
        pipeline.stop()
        for message in pipeline.messages:
            if message.type == Gst.MessageType.WARNING:
                print(message.parse_warning()[0].message)
        finals = pipeline.transcripts("user")
        self.assertEqual([final.get_string("text") for final in finals],
                         expected or [str(number) for number in range(len(programme.said))])
        errors = []
        for final, (what, begin, end) in zip(finals, programme.said):
            errors += [final.get_value("start") / 1e9 - source.start_time - begin,
                       final.get_value("end") / 1e9 - source.start_time - end]
            print(f"{what}: start {errors[-2]:+.3f} s, end {errors[-1]:+.3f} s")
        self.assertLess(max(map(abs, errors)), LIMIT)
        self.assertLess(statistics.median(map(abs, errors)), MEDIAN)
        self.assertGreater(len(out), 100)
        for (before, duration), (pts, _) in zip(out, out[1:]):
            self.assertEqual(pts, before + duration)
        return pipeline, read_events(log)

    def check_sessions(self, pipeline, events):
        """One was lost, attempts that were counted brought another."""
        told = states(pipeline)
        attempts = [state for state in told if state[0] == "reconnecting"]
        self.assertGreater(len(attempts), 0)
        self.assertEqual(attempts, [("reconnecting", number + 1) for number in range(len(attempts))])
        self.assertEqual(told, [
            ("authorizing", 0), ("connecting", 0), ("connected", 0), *attempts,
            ("connected", 0), ("draining", 0), ("closed", 0)])
        self.assertEqual([event["gst_session"] for event in events
                          if event["type"] == "session.created"], [1, 2])
        epochs = {}
        for event in events:
            if event["type"] == "realtimebin.timeline":
                epochs.setdefault(event["gst_session"], event["epoch_running_time"])
        self.assertEqual(list(epochs), [1, 2])
        self.assertGreater(epochs[2], epochs[1] + 2e9)
        ids = {event["session_id"] for event in events if event["type"] == "realtimebin.state"
               and event["connection"] == "connected"}
        self.assertEqual(len(ids), 2)

    def follow(self, place, how, first):
        """Ends the server and has another take its place, beside what goes on."""
        def take_over():
            getattr(place.servers[-1], how)()
            place.serve(*self.script(first))
        return lambda: threading.Thread(target=take_over).start()

    def test_live(self):
        place = Place(self)
        place.serve(*self.script(0))
        programme = Programme(self.spoken).say("before").wait(1.5).say("before").wait(1.5)
        programme.do(self.follow(place, "stop", 2)).wait(8).say("after").wait(1.5)
        self.check_sessions(*self.listen(programme.say("after").wait(0.5), place, True, LATER))

    def test_killed_while_a_file_is_heard(self):
        """What stands behind the silence in which that is noticed waits for the next session."""
        place = Place(self)
        place.serve(*self.script(0))
        programme = Programme(self.spoken).say("before").wait(1.5)
        programme.do(self.follow(place, "kill", 1)).wait(13).say("after").wait(1.5)
        self.check_sessions(*self.listen(programme.say("after").wait(0.5), place, False))

    def test_file_that_waits(self):
        """No word is lost however long there is no server."""
        place = Place(self)
        place.serve(*self.script(0))
        lost = threading.Event()

        def take_over():
            place.servers[-1].stop()
            lost.wait(60)
            place.serve(*self.script(1))
        programme = Programme(self.spoken).say("before").wait(1.5).do(
            lambda: threading.Thread(target=take_over).start()).wait(1)
        for _ in range(3):
            programme.say("after").wait(1.5)

        attempts = []

        def watch(bus, message):
            structure = message.get_structure()
            if structure is not None and structure.get_name() == "realtime/state":
                attempts.append(structure.get_value("attempt"))
                if attempts[-1] >= 3:
                    lost.set()
        wait = Pipeline.wait

        def look(self_, wanted, *args):
            return wait(self_, lambda message: (watch(None, message), wanted(message))[1], *args)
        Pipeline.wait = look
        self.addCleanup(setattr, Pipeline, "wait", wait)
        pipeline, events = self.listen(programme, place, False, SOON)
        told = [attempt for state, attempt in states(pipeline) if state == "reconnecting"]
        self.assertEqual(told, list(range(1, len(told) + 1)))
        self.assertGreaterEqual(len(told), 3)
        # attempts that come to nothing are no sessions
        self.assertEqual([event["gst_session"] for event in events
                          if event["type"] == "session.created"], [1, 2])

    def test_kept_meanwhile(self):
        """With pre-connect-buffer a live input is heard from where the session was lost."""
        place = Place(self)
        place.serve(*self.script(0))
        programme = Programme(self.spoken).say("before").wait(1.5)
        programme.do(self.follow(place, "stop", 1)).wait(0.3).say("meanwhile").wait(8)
        self.check_sessions(*self.listen(
            programme.say("after").wait(0.5), place, True,
            LATER + " pre-connect-buffer=20000"))

    def test_turns_found_on_this_side(self):
        place = Place(self)
        place.serve(*self.script(0))
        programme = Programme(self.spoken).say("own turns").wait(1.5)
        programme.do(self.follow(place, "stop", 1)).wait(8).say("own turns").wait(1.5)
        self.check_sessions(*self.listen(programme, place, True, LATER + " turn-detection=client"))

    def test_a_programme_that_does_not_wait(self):
        """failure=continue: a file goes on without a session, and is heard again as soon as
        there is one."""
        place = Place(self)
        place.serve(*self.script(0))
        programme = Programme(self.spoken).say("before").wait(1.5)

        def take_over():
            place.servers[-1].stop()
            time.sleep(3)       # so long there is none, whatever is said
            place.serve(*self.script(1))
        programme.do(lambda: threading.Thread(target=take_over).start()).wait(1)
        programme.say("meanwhile", heard=False).wait(6).say("after").wait(1.5)
        pipeline, _ = self.listen(programme.say("after").wait(0.5), place, False,
                                  SOON + " max-retries=1 failure=continue")
        self.assertGreater(max(attempt for _, attempt in states(pipeline)), 1)


class Recovery(unittest.TestCase):
    def setUp(self):
        self.place = Place(self)

    def play(self, properties="", line=QUIET, key=KEY):
        pipeline = Pipeline(line.format(properties), self.place.base_url, key)
        self.addCleanup(pipeline.stop)
        return pipeline.play()

    def connected(self, pipeline):
        return pipeline.wait_for_event("realtimebin.state", is_connected)

    def lost(self, pipeline):
        return pipeline.wait_for_event("realtimebin.state", is_lost)

    def say(self, pipeline, words):
        pipeline.rt.emit("send-event", json.dumps({"type": "response.create", "response": {
            "instructions": "Say exactly: " + words}}))

    def ask(self, pipeline, text, reply):
        """A turn that is typed, and one that is spoken."""
        pipeline.rt.emit("send-event", json.dumps({
            "type": "conversation.item.create", "item": {"type": "message", "role": "user",
            "content": [{"type": "input_text", "text": text}]}}))
        self.say(pipeline, reply)
        pipeline.wait_for_event("output_audio_buffer.stopped")
        pipeline.wait_for_event("realtimebin.output", lambda e: e["state"] == "stopped")

    def put_in(self, server):
        return [(event["item"]["role"], event["item"]["content"][0]["type"],
                 event["item"]["content"][0]["text"])
                for event in server.client_events("conversation.item.create")]

    def said(self, pipeline):
        return [(line["role"], line["text"])
                for line in json.loads(pipeline.rt.get_property("conversation"))]

    def follow(self, pipeline, *options, **more):
        self.place.servers[-1].stop()
        self.lost(pipeline)
        server = self.place.serve(*options, **more)
        self.connected(pipeline)
        pipeline.wait_for_event("realtimebin.timeline")
        return server

    def test_what_was_said_is_put_in(self):
        """As text, in order, once; with the configuration as it was last."""
        self.place.serve()
        pipeline = self.play(SOON + " instructions=first")
        self.connected(pipeline)
        self.ask(pipeline, "my name is ada", "good day")
        pipeline.rt.set_property("instructions", "second")
        pipeline.wait_for_event("session.updated")
        first = [("user", "input_text", "my name is ada"), ("assistant", "output_text", "good day")]
        said = [(role, text) for role, _, text in first]
        second = self.follow(pipeline)
        self.assertEqual(self.said(pipeline), said)
        self.ask(pipeline, "what is it", "a parrot")
        more = [("user", "input_text", "what is it"), ("assistant", "output_text", "a parrot")]
        third = self.follow(pipeline)
        self.assertEqual(self.said(pipeline), said + [(role, text) for role, _, text in more])
        pipeline.rt.send_event(Gst.Event.new_eos())
        pipeline.wait_for_end()
        for server in (second, third):
            server.stop()
            self.assertEqual(server.client_events("session.update")[0]["session"]["instructions"],
                             "second")
        self.assertEqual(self.put_in(second), first + more[:1])
        self.assertEqual(self.put_in(third), first + more)
        # nobody answers what was answered
        self.assertEqual(len(third.client_events("response.create")), 0)

    def test_initial_items_are_put_in_once(self):
        self.place.serve()
        pipeline = Pipeline(QUIET.format(SOON), self.place.base_url, KEY)
        self.addCleanup(pipeline.stop)
        pipeline.rt.set_property("initial-items", json.dumps([
            {"role": "system", "text": "You are a parrot."}, {"role": "user", "text": "Hello."}]))
        pipeline.play()
        self.connected(pipeline)
        pipeline.wait_for_event("realtimebin.timeline")
        expected = [("system", "input_text", "You are a parrot."), ("user", "input_text", "Hello.")]
        for _ in range(2):
            server = self.follow(pipeline)
            self.assertEqual(self.put_in(server), expected)
        self.assertEqual(len(self.said(pipeline)), 2)

    def test_initial_items_of_a_server_that_tells_nothing(self):
        self.place.serve("--fault", "no-items")
        pipeline = Pipeline(QUIET.format(SOON), self.place.base_url, KEY)
        self.addCleanup(pipeline.stop)
        pipeline.rt.set_property("initial-items", '[{"role":"user","text":"Hello."}]')
        pipeline.play()
        pipeline.wait_for_event("realtimebin.timeline")
        self.assertEqual(self.put_in(self.follow(pipeline)), [("user", "input_text", "Hello.")])

    def test_a_reply_that_is_broken_off(self):
        """Its line ends as one that was interrupted, and nobody speaks any more."""
        self.place.serve()
        pipeline = self.play(SOON, QUIET.replace(
            "appsink", "tee name=t t. ! queue ! transcriptsink t. ! queue ! appsink"))
        self.connected(pipeline)
        self.say(pipeline, "one two three four five six seven eight nine ten " * 2)
        pipeline.wait_for_event("realtimebin.output", lambda e: e["state"] == "started")
        pipeline.wait_for_event("response.done")
        self.place.servers[-1].stop()
        state = self.lost(pipeline)
        self.assertEqual((state["turn"], state["attempt"]), ("idle", 1))
        self.assertEqual(pipeline.rt.get_property("turn-state").value_nick, "idle")
        self.assertIsNone(pipeline.rt.get_property("session-id"))
        server = self.place.serve()
        self.connected(pipeline)
        pipeline.wait_for_event("realtimebin.timeline")
        line = pipeline.wait_for_element("realtime/transcript", lambda s: s.get_value("final"))
        self.assertTrue(line.get_value("interrupted"))
        self.assertEqual(line.get_string("role"), "assistant")
        (role, text), = self.said(pipeline)
        self.assertEqual((role, text), ("assistant", line.get_string("text")))
        self.assertEqual(self.put_in(server), [("assistant", "output_text", text)])
        # the next one is heard
        self.say(pipeline, "all is well")
        pipeline.wait_for_event("realtimebin.output", lambda e: e["state"] == "started")
        pipeline.wait_for_event("realtimebin.output", lambda e: e["state"] == "stopped")
        line = pipeline.wait_for_element("realtime/transcript", lambda s: (
            s.get_value("final") and s.get_string("text") == "all is well"))
        self.assertFalse(line.get_value("interrupted"))
        self.assertEqual(line.get_value("index"), 1)

    def test_given_up(self):
        """After max-retries it is the error that it would have been at once, with the count."""
        self.place.serve()
        pipeline = self.play(SOON + " max-retries=2", QUIET.replace("appsink name=events sync=false "
                                                                 "async=false", "transcriptsink"))
        pipeline.wait_for_element("realtime/state", lambda s: (
            s.get_value("connection").value_nick == "connected"))
        self.place.servers[-1].stop()
        error, _ = pipeline.wait_for_error().parse_error()
        print(error.message)
        self.assertTrue(error.matches(Gst.ResourceError.quark(), Gst.ResourceError.READ))
        self.assertRegex(error.message, "server ended the session.*2 attempts.*(nobody listens|503)")
        # it is told on the stream first; either may be here first
        if states(pipeline)[-1][0] != "failed":
            pipeline.wait_for_element("realtime/state", lambda s: (
                s.get_value("connection").value_nick == "failed"))
        self.assertEqual(states(pipeline)[3:], [("reconnecting", 1), ("reconnecting", 2),
                                                ("failed", 0)])
        lost, refused = (message.parse_warning()[0] for message in pipeline.messages
                         if message.type == Gst.MessageType.WARNING)
        print(lost.message, refused.message, sep="\n")
        self.assertTrue(lost.matches(Gst.ResourceError.quark(), Gst.ResourceError.READ))
        self.assertRegex(lost.message, r"ended the session\. Attempt 1 of 2 .* in 0\.[12] s")
        self.assertRegex(refused.message, r"Attempt 2 of 2 .* in 0\.[12] s")

    def test_sessions_that_do_not_last(self):
        """One that ends again and again is not made for ever."""
        self.place.serve("--fault", "close-after=300")
        pipeline = self.play(SOON + " max-retries=2", QUIET.replace("appsink name=events sync=false "
                                                                 "async=false", "transcriptsink"))
        error, _ = pipeline.wait_for_error().parse_error()
        print(error.message)
        self.assertTrue(error.matches(Gst.ResourceError.quark(), Gst.ResourceError.READ))
        self.assertIn("2 times", error.message)
        self.assertEqual([state for state, _ in states(pipeline)].count("connected"), 3)

    def test_not_wanted(self):
        for properties in ("reconnect=false", "max-retries=0"):
            with self.subTest(properties):
                server = self.place.serve()
                pipeline = self.play(properties, QUIET.replace(
                    "appsink name=events sync=false async=false", "transcriptsink"))
                pipeline.wait_for_element("realtime/state", lambda s: (
                    s.get_value("connection").value_nick == "connected"))
                server.stop()
                error, _ = pipeline.wait_for_error().parse_error()
                self.assertTrue(error.matches(Gst.ResourceError.quark(), Gst.ResourceError.READ))
                self.assertNotIn("reconnecting", [state for state, _ in states(pipeline)])
                self.assertEqual(pipeline.warnings(), [])
                pipeline.stop()

    def test_what_no_attempt_changes(self):
        """A key that is not good any more ends it at once, with its own error."""
        self.place.serve()
        pipeline = self.play(SOON)
        self.connected(pipeline)
        self.place.servers[-1].stop()
        self.place.serve(key="sk-local-another")
        error, _ = pipeline.wait_for_error().parse_error()
        self.assertTrue(error.matches(Gst.ResourceError.quark(),
                                      Gst.ResourceError.NOT_AUTHORIZED), error.message)
        self.assertIn("401", error.message)

    def test_a_session_that_expires(self):
        """The service lets no session last for ever."""
        self.place.serve("--fault", "session-expired-after=1500")
        pipeline = self.play(SOON)
        first = self.connected(pipeline)
        lost = self.lost(pipeline)
        self.assertIn("maximum duration", lost["reason"])
        second = self.connected(pipeline)
        self.assertNotEqual(first["session_id"], second["session_id"])
        self.assertEqual(changes(pipeline), [
            ("authorizing", 0), ("connecting", 0), ("connected", 0), ("reconnecting", 1),
            ("connected", 0)])
        self.assertEqual([event["code"] for event in pipeline.events
                          if event["type"] == "realtimebin.error"], ["session_expired"])

    def test_by_hand(self):
        """The action; with reconnect=false, too."""
        self.place.serve("--max-sessions", "2")
        pipeline = Pipeline(QUIET.format("reconnect=false voice=marin"), self.place.base_url, KEY)
        self.addCleanup(pipeline.stop)
        self.assertFalse(pipeline.rt.emit("reconnect"))
        self.assertIn("reconnect was not done", pipeline.warnings()[0])
        pipeline.play()
        first = self.connected(pipeline)
        self.ask(pipeline, "hello", "good day")
        # what a session that has spoken does not change
        pipeline.rt.set_property("voice", "cedar")
        self.assertTrue(pipeline.rt.emit("reconnect"))
        state = self.lost(pipeline)
        self.assertEqual((state["reason"], state["attempt"]), ("reconnect", 1))
        second = self.connected(pipeline)
        pipeline.wait_for_event("realtimebin.timeline")
        self.assertNotEqual(first["session_id"], second["session_id"])
        self.assertEqual(self.said(pipeline), [("user", "hello"), ("assistant", "good day")])
        pipeline.rt.send_event(Gst.Event.new_eos())
        pipeline.wait_for_end()
        self.assertFalse(pipeline.rt.emit("reconnect"))
        server = self.place.servers[-1]
        server.stop()
        self.assertEqual([event["session"]["audio"]["output"]["voice"] for event in
                          server.client_events("session.update")][-1], "cedar")

    def test_by_hand_while_it_is_waited_for(self):
        """The attempt is made at once, with what was changed meanwhile."""
        self.place.serve()
        pipeline = self.play("retry-delay-min=600000 retry-delay-max=600000")
        self.connected(pipeline)
        self.place.servers[-1].stop()
        self.lost(pipeline)
        pipeline.rt.set_property("instructions", "Be brief.")
        server = self.place.serve()
        self.assertTrue(pipeline.rt.emit("reconnect"))
        self.connected(pipeline)
        pipeline.rt.send_event(Gst.Event.new_eos())
        pipeline.wait_for_end()
        server.stop()
        update, = server.client_events("session.update")
        self.assertEqual(update["session"]["instructions"], "Be brief.")

    def test_end_of_the_input_meanwhile(self):
        self.place.serve()
        pipeline = self.play("retry-delay-min=600000 retry-delay-max=600000")
        self.connected(pipeline)
        self.place.servers[-1].stop()
        self.lost(pipeline)
        for action in (("send-text", "hello"), ("interrupt",), ("commit-input",)):
            self.assertFalse(pipeline.rt.emit(*action))
        pipeline.rt.set_property("instructions", "Be brief.")
        pipeline.pipeline.send_event(Gst.Event.new_eos())
        pipeline.wait_for_event("realtimebin.state", lambda e: e["connection"] == "closed")
        pipeline.wait_for_end()

    def test_down_meanwhile(self):
        """While an attempt is waited for, and while it is made."""
        self.place.serve()
        for server_is_back in (False, True):
            with self.subTest(server_is_back=server_is_back):
                pipeline = self.play("retry-delay-min=600000 retry-delay-max=600000")
                self.connected(pipeline)
                self.place.servers[-1].stop()
                self.lost(pipeline)
                if server_is_back:
                    self.place.serve("--fault", "answer-delay=30000")
                    pipeline.rt.emit("reconnect")
                    pipeline.wait_for_event("realtimebin.progress", lambda e: e["step"] == "offer")
                begin = time.monotonic()
                pipeline.stop()
                took = time.monotonic() - begin
                print(f"to NULL within {took * 1000:.0f} ms")
                self.assertLess(took, 1)
                self.place.servers[-1].stop()
                self.place.serve()

    def test_a_busy_server(self):
        """The first session is waited for, too, where the server asks for it."""
        self.place.serve("--fault", "call-status=503*2", "--fault", "retry-after=1")
        pipeline = self.play(SOON)
        self.connected(pipeline)
        self.assertEqual(changes(pipeline), [
            ("authorizing", 0), ("connecting", 0), ("reconnecting", 1), ("reconnecting", 2),
            ("connected", 0)])
        warnings = pipeline.warnings()
        print(*warnings, sep="\n")
        self.assertEqual(len(warnings), 2)
        for warning in warnings:
            self.assertGreaterEqual(float(re.search(r"in ([0-9.]+) s", warning)[1]), 1)

    def test_nobody_there_from_the_beginning(self):
        """Told at once; with failure=continue the session is there as soon as the server is."""
        pipeline = self.play()
        error, _ = pipeline.wait_for_error().parse_error()
        self.assertIn("server is running", error.message)
        self.assertEqual(pipeline.warnings(), [])
        pipeline.stop()
        pipeline = self.play(SOON + " max-retries=1 failure=continue")
        _, _, text = pipeline.wait_for_warning("Attempt 1 to reconnect")
        self.assertIn("server is running", text)
        pipeline.wait_for_event("realtimebin.state", lambda e: e.get("attempt", 0) >= 4)
        self.place.serve()
        self.connected(pipeline)
        pipeline.wait_for_event("realtimebin.timeline")

    def test_fresh_tokens(self):
        """From a tokensrc that is linked: one for each connection."""
        self.place.serve()
        pipeline = Pipeline("tokensrc name=tokens ! rt.token_sink " + QUIET.format(SOON),
                            self.place.base_url)
        self.addCleanup(pipeline.stop)
        pipeline.tokens.set_property("api-key", KEY)
        pipeline.tokens.set_property("location", self.place.base_url + "/realtime/client_secrets")
        tokens = []
        pipeline.tokens.get_static_pad("src").add_probe(
            Gst.PadProbeType.BUFFER, lambda pad, info: tokens.append(
                info.get_buffer().extract_dup(0, info.get_buffer().get_size()))
            or Gst.PadProbeReturn.OK)
        pipeline.play()
        self.connected(pipeline)
        self.follow(pipeline)
        # the first attempt may have come before the second server
        self.assertGreaterEqual(len(set(tokens)), 2)
        self.assertIn(2, [event["gst_session"] for event in pipeline.events
                          if event["type"] == "realtimebin.progress" and event["step"] == "token"])


if __name__ == "__main__":
    main()
