"""What a bad line does to a session, and what becomes of one whose address goes."""
import contextlib
import json
import os
import re
import statistics
import subprocess
import sys
import time
import unittest

import numpy

import netlab
from harness import SOURCE, Gst, Pipeline, main, read_wave, speak
from netlab import CLIENT, SERVER
from network_talk import Network
from shim import likeness, to_16k

LOSS, JITTER_MS, SEED = 0.10, 30, 7
# What gets lost while a call is set up is sent again after one second of DTLS, three of SCTP,
# and after twice as long each time: this line takes 6 s mostly, and more than 15 s now and then.
CONNECT_TIMEOUT_MS = 90000
# A busy machine's recogniser has its time.
DRAIN_TIMEOUT_MS = 120000
TALK_PATIENCE_S = 300
# What a jitter buffer has to hold for packets that overtake each other by twice the jitter.
LATENCY_MS = 100
# Shorter than what the bin takes for a loss, longer than any jitter.
OUTAGE_S = 4

TEXT = """Good evening and welcome to the news at nine.
The city council has agreed to build a new bridge over the river.
Work will begin in the spring and will take about two years.
The weather will be cold and dry with some wind from the north.
More than two thousand people came to the music festival on Sunday.
The last train to the airport leaves at half past eleven.""".splitlines()
# Long enough that a word more or less, of which the packets that are lost decide, is one of many.
REPLY = """The museum is open every day from nine in the morning until five in the afternoon.
Children under ten years old can visit for free.
Please leave your bags and coats at the front desk before you go in.
The old harbour was closed to ships many years ago, but people still come there to walk and to eat.
In summer there is music on the square every evening, and the shops stay open until ten.
If it rains, take the small train from the station to the castle on the hill.
From its tower you can see the whole valley, the lake, and the mountains behind it.
Dinner is served at seven in the great hall, and breakfast from half past six."""


def line(server):
    """Between client and server each packet is lost with LOSS, and late by 0 to twice
    JITTER_MS, in both directions: by the kernel where it can, else by a relay. Media go by
    UDP: where its checks are lost, ICE takes TCP, which sends again what is lost."""
    media = f"ip daddr {SERVER} tcp dport != {Network.port(server)} drop"
    return KernelLine(media) if KernelLine.can() else RelayLine(media)


class KernelLine:
    """netem, at both ends of the client's link."""
    ENDS = (("client", "wan"), ("router", "to-client"))

    def __init__(self, rule):
        self.rule = rule

    @staticmethod
    def can():
        try:
            netlab.run("tc", "qdisc", "replace", "dev", "lo", "root", "netem", "loss", "0%")
        except RuntimeError as error:
            if "qdisc kind is unknown" not in str(error):
                raise
            return False
        netlab.run("tc", "qdisc", "del", "dev", "lo", "root")
        return True

    def __enter__(self):
        print("the line: netem")
        for where, link in self.ENDS:
            netlab.run("tc", "qdisc", "replace", "dev", link, "root", "netem", "limit", "10000",
                       "delay", f"{JITTER_MS}ms", f"{JITTER_MS}ms", "loss", f"{LOSS:.0%}",
                       where=where)
        netlab.filter_packets(self.rule)
        return self

    def __exit__(self, *unused):
        for where, link in self.ENDS:
            print(netlab.run("tc", "-s", "qdisc", "show", "dev", link, where=where).strip())
            netlab.run("tc", "qdisc", "del", "dev", link, "root", where=where)
        netlab.filter_packets()


class RelayLine:
    """lossy.py, as the only way between client and router."""

    def __init__(self, rule):
        self.rule = rule

    def __enter__(self):
        print("the line: lossy.py, this kernel has no netem")
        self.process = subprocess.Popen(
            [sys.executable, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lossy.py"),
             "-", "10.0.9.2/24", "router", "10.0.9.1/24", str(LOSS), str(JITTER_MS), str(SEED)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if self.process.stdout.readline().strip() != "ready":
            raise RuntimeError("the lossy line was not laid")
        netlab.run("ip", "route", "replace", "default", "via", "10.0.9.1", "dev", "lossy",
                   "src", "10.0.9.2")
        # ICE would find the ways around it: IPv6, and the answers to the other address
        netlab.filter_packets(f"ip saddr {CLIENT} drop", f"ip daddr {CLIENT} drop",
                              "meta nfproto ipv6 drop", self.rule)
        return self

    def __exit__(self, *unused):
        counts, _ = self.process.communicate("")
        print(counts.strip())
        netlab.connect()
        netlab.filter_packets()


class BadLine(Network):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.speech = os.path.join(cls.folder, "speech.wav")
        speak(cls.speech, TEXT)
        cls.spoken = os.path.join(cls.folder, "speech.txt")
        with open(cls.spoken, "w", encoding="utf-8") as file:
            file.write("\n".join(TEXT))
        cls.script = os.path.join(cls.folder, "script.jsonl")
        with open(cls.script, "w", encoding="utf-8") as file:
            file.write(json.dumps({"say": REPLY.replace("\n", " ")}) + "\n")

    def word_error_rate(self, spoken, log):
        out = subprocess.run([os.path.join(SOURCE, "examples", "wer"), spoken, log],
                             stdout=subprocess.PIPE, text=True, check=True).stdout
        return float(out.split("%")[0].split()[-1]), out.strip()

    def transcribe(self, wave, name, server=None, **properties):
        """The event stream of a transcription."""
        server = server or self.server
        log = os.path.join(self.folder, re.sub(r"\W+", "-", name) + ".jsonl")
        with Pipeline(f"filesrc location={wave} ! decodebin ! audioconvert ! realtimebin name=rt "
                      f"session-type=transcription rt.event_src ! filesink async=false location={log}",
                      server.base_url, server.api_key) as pipeline:
            pipeline.rt.set_property("connect-timeout", CONNECT_TIMEOUT_MS)
            pipeline.rt.set_property("drain-timeout", DRAIN_TIMEOUT_MS)
            for key, value in properties.items():
                pipeline.rt.set_property(key.replace("_", "-"), value)
            pipeline.play().wait_for_end(TALK_PATIENCE_S)
        return log

    def hear(self, name, over=lambda server: contextlib.nullcontext(), **properties):
        """(word error rate, how alike what was heard is to what was said)."""
        server = self.start_server()
        with over(server):
            log = self.transcribe(self.speech, name, server, **properties)
        rate, out = self.word_error_rate(self.spoken, log)
        server.stop()  # its record is complete then
        sent_rate, sent = read_wave(self.speech)
        heard_path, = server.files("-heard.wav")
        heard_rate, heard = read_wave(heard_path)
        found = [value for value, _ in likeness(to_16k(sent, sent_rate), to_16k(heard, heard_rate),
                                                16000, piece=0.5)]
        print(f"{name}: {out}; alike: mean {statistics.mean(found):.3f}, "
              f"worst {min(found):.3f}")
        return rate, statistics.mean(found)

    def test_speech(self):
        clean, _ = self.hear("clean line")
        with_fec, alike = self.hear("loss, with FEC", line)
        without, less = self.hear("loss, without", line, inband_fec=False)
        thin, _ = self.hear("clean line, 16 kbit/s", bitrate=16000)
        print(f"word error rates: {clean} % on the undisturbed line; with {LOSS:.0%} loss and "
              f"{JITTER_MS} ms jitter {with_fec} % with FEC, {without} % without; "
              f"{thin} % undisturbed at 16 kbit/s")
        self.assertLessEqual(with_fec, clean + 15)
        self.assertLessEqual(thin, clean + 15)
        self.assertGreater(alike, less)

    def test_reply(self):
        server = self.start_server("--script", self.script)
        reply = os.path.join(self.folder, "reply.wav")
        with line(server), Pipeline(
                f"filesrc location={self.question} ! wavparse ! realtimebin name=rt "
                f"latency={LATENCY_MS} connect-timeout={CONNECT_TIMEOUT_MS} "
                f"drain-timeout={DRAIN_TIMEOUT_MS} ! audioconvert ! wavenc "
                f"! filesink location={reply} rt.event_src ! transcriptsink",
                server.base_url, server.api_key) as pipeline:
            pipeline.play().wait_for_end(TALK_PATIENCE_S)
        server.stop()  # its record is complete then
        text = os.path.join(self.folder, "reply.txt")
        with open(text, "w", encoding="utf-8") as file:
            file.write(REPLY)
        said, = server.files("-said.wav")
        rates = {}
        for name, wave in (("as it was said", said), ("as it was heard", reply)):
            rates[name], out = self.word_error_rate(text, self.transcribe(wave, name))
            print(f"{name}: {out}")
        self.assertLessEqual(rates["as it was heard"], rates["as it was said"] + 15)
        print("holes:", self.holes(said), "in what was said,", self.holes(reply), "in what was heard")
        self.assertLessEqual(self.holes(reply), self.holes(said) + 2)

    @staticmethod
    def holes(path):
        """Frames of 20 ms without any sound between two loud ones: what was lost and not
        made up for."""
        rate, samples = read_wave(path)
        size = rate // 50
        peaks = numpy.abs(samples[:len(samples) // size * size]).reshape(-1, size).max(axis=1)
        return int(sum(peaks[i] == 0 and peaks[i - 1] > 0.02 and peaks[i + 1] > 0.02
                       for i in range(1, len(peaks) - 1)))


class Moves(Network):
    """The network changes under a session that stands."""
    server_options = ("--asr", "none")

    def start_talking(self):
        session = Pipeline(
            "audiotestsrc is-live=true wave=ticks ! realtimebin name=rt reconnect=false ! fakesink "
            "rt.event_src ! transcriptsink", self.server.base_url, self.server.api_key)
        self.addCleanup(session.stop)
        session.play().wait_for_element(
            "realtime/state", lambda s: s.get_value("connection").value_nick == "connected")
        return session

    def lost(self, session):
        begin = time.monotonic()
        message = session.wait_for_error()
        error, _ = message.parse_error()
        print(f"after {time.monotonic() - begin:.1f} s: {error.message}")
        self.assertTrue(error.matches(Gst.ResourceError.quark(), Gst.ResourceError.READ))
        return error.message

    def test_address_is_gone(self):
        session = self.start_talking()
        netlab.run("ip", "address", "del", CLIENT + "/24", "dev", "wan")
        self.assertIn(CLIENT, self.lost(session))

    def test_another_address(self):
        session = self.start_talking()
        netlab.run("ip", "address", "flush", "dev", "wan")
        netlab.run("ip", "address", "add", "10.0.1.77/24", "dev", "wan")
        netlab.run("ip", "route", "replace", "default", "via", netlab.NETS["client"][1])
        self.assertIn(CLIENT, self.lost(session))

    def test_link_is_down(self):
        session = self.start_talking()
        netlab.run("ip", "link", "set", "wan", "down")
        self.assertIn(CLIENT, self.lost(session))

    def test_network_swallows_all(self):
        """Every address is still there, and nothing comes any more."""
        session = self.start_talking()
        netlab.run("ip", "link", "set", "to-server", "down", where="router")
        self.assertIn("nothing has come from the server", self.lost(session))

    def test_short_outage(self):
        """What is over before anybody would hang up is nothing to tell of."""
        session = self.start_talking()
        netlab.run("ip", "link", "set", "to-server", "down", where="router")
        time.sleep(OUTAGE_S)
        netlab.restore()
        # an answer to something that is asked now
        session.rt.emit("send-event", '{"type":"nonsense"}')
        session.wait_for_element("realtime/error")
        self.assertEqual(session.rt.get_property("connection-state").value_nick, "connected")


if __name__ == "__main__":
    netlab.enter("tc")
    main()
