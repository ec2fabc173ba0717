"""What the tests in a network of their own say to each other, and how they look at it."""
import os
import re
import tempfile
import unittest

import gi

from harness import Gst, Pipeline, Server, read_events, read_wave, speak

gi.require_version("GstSdp", "1.0")
gi.require_version("GstWebRTC", "1.0")
from gi.repository import GstSdp, GstWebRTC  # noqa: E402,F401  (for what webrtcbin gives)

import netlab  # noqa: E402
from shim import likeness, to_16k  # noqa: E402

# Opus does not keep the wave; speech through it stays above this.
ALIKE = 0.8
QUESTION = "what time is it"


class Session:
    """A spoken question and its answer, over whatever network there is."""

    def __init__(self, server, question, **properties):
        folder = tempfile.mkdtemp(prefix="realtime-talk-")
        self.reply = os.path.join(folder, "reply.wav")
        self.events = os.path.join(folder, "session.jsonl")
        self.webrtcbin = None
        self.pipeline = Pipeline(
            f"filesrc location={question} ! wavparse ! realtimebin name=rt "
            f"! audioconvert ! wavenc ! filesink location={self.reply} "
            "rt.event_src ! tee name=stream "
            f"stream. ! queue ! filesink async=false buffer-mode=unbuffered location={self.events} "
            "stream. ! queue ! transcriptsink", server.base_url, server.api_key)
        for name, value in properties.items():
            Gst.util_set_object_arg(self.pipeline.rt, name.replace("_", "-"), str(value))
        self.pipeline.rt.connect("webrtcbin-ready", self.keep)

    def keep(self, _bin, webrtcbin):
        self.webrtcbin = webrtcbin

    def wait_until_connected(self):
        self.pipeline.wait_for_element(
            "realtime/state", lambda s: s.get_value("connection").value_nick == "connected")

    def own_candidates(self):
        """[(transport, address, type)] that the server was told of."""
        text = self.webrtcbin.get_property("local-description").sdp.as_text()
        return re.findall(r"a=candidate:\S+ \d+ (\S+) \d+ (\S+) \d+ typ (\S+)", text)

    def selected(self):
        """(address, type, protocol) of the candidate of ours that is in use."""
        promise = Gst.Promise.new()
        self.webrtcbin.emit("get-stats", None, promise)
        promise.wait()
        text = promise.get_reply().to_string().replace("\\", "")
        return re.search(r"ice-candidate-local_\d+_([^_]+)_\d+=.*?candidate-type=\(string\)(\w+)"
                         r".*?protocol=\(string\)(\w+)", text).groups()

    def steps(self):
        """Milliseconds from the begin to each step of the set-up."""
        return {event["step"]: event["elapsed_ns"] // 1000000
                for event in read_events(self.events) if event["type"] == "realtimebin.progress"}

    def words(self, role):
        return " ".join(s.get_string("text") for s in self.pipeline.transcripts(role))

    def __enter__(self):
        self.pipeline.play()
        return self

    def __exit__(self, *unused):
        self.pipeline.stop()


class Network(unittest.TestCase):
    """Each test begins with a network that lets everything through."""
    server_options = ()

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="realtime-network-")
        cls.question = os.path.join(cls.folder, "question.wav")
        speak(cls.question, [QUESTION])
        cls.server = cls.start_server(*cls.server_options)

    @classmethod
    def start_server(cls, *options, address=netlab.SERVER):
        """Ends with the tests of the class."""
        server = Server("--listen", address, *options, within=netlab.within("server"))
        cls.addClassCleanup(server.__exit__)
        return server

    def setUp(self):
        netlab.restore()
        netlab.filter_packets()

    @staticmethod
    def port(server):
        return int(re.search(r":(\d+)/v1", server.base_url).group(1))

    def start(self, server=None, **properties):
        session = Session(server or self.server, self.question, **properties)
        self.addCleanup(session.__exit__)
        return session.__enter__()

    def talk(self, server=None, **properties):
        """A question and its answer, whole; returns the session, over."""
        session = self.start(server, **properties)
        session.wait_until_connected()
        session.used = session.selected()
        session.candidates = session.own_candidates()
        session.pipeline.wait_for_end()
        print(f"{session.used}; {session.steps()}; heard: {session.words('user')}")
        # words are the recogniser's affair; what came is for the ear
        self.assert_heard(server or self.server)
        self.assertTrue(session.words("user"))
        self.assertTrue(session.words("assistant"))
        _, samples = read_wave(session.reply)
        self.assertGreater(float((samples ** 2).mean()) ** 0.5, 0.005, "no answer is heard")
        return session

    def assert_heard(self, server):
        """The wave of the question, or most of it, in what the call's other end heard."""
        rate, sent = read_wave(self.question)
        heard_rate, heard = read_wave(server.files("-heard.wav")[-1])
        found = likeness(to_16k(sent, rate), to_16k(heard, heard_rate), 16000, piece=0.5)
        self.assertGreater(max(value for value, _ in found), ALIKE, found)

    def refused(self, server=None, **properties):
        """(domain, code, text) of the error that a session ends with."""
        session = self.start(server, reconnect=False, **properties)
        message = session.pipeline.wait_for_error()
        error, debug = message.parse_error()
        print(f"{error.domain}/{error.code}: {error.message}")
        for secret in (netlab.PASSWORD, session.pipeline.rt and "sk-local"):
            self.assertNotIn(secret, error.message + (debug or ""))
        return error
