"""The local server against the npm package `openai` over two WebRTC stacks of others."""
import base64
import json
import os
import subprocess
import unittest

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstApp", "1.0")
from gi.repository import Gst, GstApp  # noqa: E402,F401
import numpy  # noqa: E402

from harness import SOURCE, Server, main, read_events, read_wave  # noqa: E402
from shim import RATE, likeness, results, spoken, to_16k  # noqa: E402

HERE = os.path.join(SOURCE, "tests", "interop")


def opus_packets(wave):
    """The packets of a file, 20 ms each, then one of silence."""
    pipeline = Gst.parse_launch(
        f"filesrc location={wave} ! wavparse ! audioconvert ! audioresample ! opusenc "
        "! appsink name=out sync=false")
    pipeline.set_state(Gst.State.PLAYING)
    packets = []
    while True:
        sample = pipeline.get_by_name("out").pull_sample()
        if sample is None:
            break
        buffer = sample.get_buffer()
        packets.append(buffer.extract_dup(0, buffer.get_size()))
    pipeline.set_state(Gst.State.NULL)
    return packets + [b"\xf8\xff\xfe"]


def opus_samples(packets):
    """What an Opus decoder makes of packets, at 48 kHz."""
    pipeline = Gst.parse_launch(
        "appsrc name=in format=time caps=audio/x-opus,channel-mapping-family=0,channels=1,rate=48000 "
        "! opusdec ! audioconvert ! audio/x-raw,format=S16LE,channels=1,rate=48000 "
        "! appsink name=out sync=false")
    pipeline.set_state(Gst.State.PLAYING)
    source = pipeline.get_by_name("in")
    for number, packet in enumerate(packets):
        buffer = Gst.Buffer.new_wrapped(packet)
        buffer.pts = number * 20 * Gst.MSECOND
        buffer.duration = 20 * Gst.MSECOND
        source.emit("push-buffer", buffer)
    source.emit("end-of-stream")
    parts = []
    while True:
        sample = pipeline.get_by_name("out").pull_sample()
        if sample is None:
            break
        buffer = sample.get_buffer()
        parts.append(numpy.frombuffer(buffer.extract_dup(0, buffer.get_size()), "<i2"))
    pipeline.set_state(Gst.State.NULL)
    return numpy.concatenate(parts) / 32768.0


class Clients(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        Gst.init(None)
        cls.folder = results("clients")
        cls.talk, cls.samples = spoken(cls.folder, "talk.wav", ["hello how are you today"], "rms")

    def call(self, stack, speech):
        with Server() as server:
            run = subprocess.run(
                ["node", os.path.join(HERE, "caller.mjs"), stack, speech,
                 os.path.join(self.folder, stack)],
                env={**os.environ, **server.exports}, capture_output=True, text=True,
                timeout=150, check=False)
            self.assertEqual(run.returncode, 0, run.stdout + run.stderr + server.read_log())
            server.stop()
            records = {ending: server.files(ending)[0] for ending in
                       ("-heard.wav", "-said.wav", "-server.jsonl", "-client.jsonl")}
        for ending, path in records.items():
            os.rename(path, os.path.join(self.folder, f"{stack}-at-server{ending}"))
        seen = json.loads(run.stdout.splitlines()[-1])
        print(stack, seen)
        self.assertIn(seen["status"], (200, 201))
        self.assertEqual(seen["tools"], ["get_weather"])
        self.assertIn("hello", seen["transcript"].lower())
        self.assertEqual(seen["call"]["name"], "get_weather")
        self.assertEqual(seen["call"]["arguments"]["city"].lower(), "berlin")
        self.assertIn("sunny", seen["answer"])
        self.assertEqual(seen["errors"], [])
        self.assertEqual(seen["end"], "the channel was closed")
        # every event came, each once, as it was sent
        sent = read_events(os.path.join(self.folder, f"{stack}-at-server-server.jsonl"))
        got = read_events(os.path.join(self.folder, f"{stack}-events.jsonl"))
        self.assertEqual(got, sent[:len(got)])
        return seen

    def assert_alike(self, what, sent, heard):
        found = likeness(sent, heard, 16000)
        print(what, "correlation:", ", ".join(f"{value:.3f}" for value, _ in found))
        self.assertGreater(len(found), 0)
        # a sender or receiver that shares its processor may stall
        self.assertGreater(numpy.median([value for value, _ in found]), 0.8)

    def assert_heard(self, stack, heard):
        """Both voices, each where it arrived, are those that were sent."""
        _, up = read_wave(os.path.join(self.folder, f"{stack}-at-server-heard.wav"))
        self.assert_alike(f"{stack} up", to_16k(self.samples, RATE), to_16k(up, RATE))
        _, said = read_wave(os.path.join(self.folder, f"{stack}-at-server-said.wav"))
        self.assert_alike(f"{stack} down", to_16k(said, RATE), to_16k(heard, RATE))

    def test_wrtc(self):
        """libwebrtc in Node.js: a token, then the offer alone."""
        speech = os.path.join(self.folder, "talk.raw")
        (self.samples * 32767).astype("<i2").tofile(speech)
        seen = self.call("wrtc", speech)
        self.assertEqual(seen["minted"], "realtime")
        self.assertEqual(seen["rate"], RATE)
        self.assert_heard("wrtc", numpy.fromfile(
            os.path.join(self.folder, "wrtc-heard"), "<i2") / 32768.0)

    def test_werift(self):
        """A WebRTC stack in TypeScript: the key, the session beside the offer."""
        speech = os.path.join(self.folder, "talk.opus64")
        with open(speech, "w", encoding="ascii") as file:
            for packet in opus_packets(self.talk):
                file.write(base64.b64encode(packet).decode() + "\n")
        self.call("werift", speech)
        with open(os.path.join(self.folder, "werift-heard"), encoding="ascii") as file:
            packets = [base64.b64decode(line) for line in file]
        self.assert_heard("werift", opus_samples(packets))


if __name__ == "__main__":
    main()
