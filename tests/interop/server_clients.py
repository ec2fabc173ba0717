"""The local server against the npm package `openai` over three WebRTC stacks of others."""
import json
import os
import subprocess
import unittest

import gi

gi.require_version("Gst", "1.0")
from gi.repository import Gst  # noqa: E402
import numpy  # noqa: E402

from harness import SOURCE, Server, main, read_events, read_wave  # noqa: E402
from opus import opus_packets, opus_samples, read_packets, write_packets  # noqa: E402
from shim import RATE, likeness, results, spoken, to_16k  # noqa: E402

HERE = os.path.join(SOURCE, "tests", "interop")


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
        # A hang-up is said in DTLS alone; of that werift does not always tell.
        if stack != "werift":
            self.assertIn(seen["end"], ("the channel was closed", "the connection was closed"))
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

    def call_with_packets(self, stack):
        """The key, the session beside the offer; Opus as it is."""
        speech = os.path.join(self.folder, "talk.opus64")
        write_packets(speech, opus_packets(self.talk))
        seen = self.call(stack, speech)
        with open(os.path.join(self.folder, f"{stack}-heard"), encoding="ascii") as file:
            packets = read_packets(file)
        self.assert_heard(stack, opus_samples(packets))
        return seen

    def test_werift(self):
        """A WebRTC stack in TypeScript."""
        self.call_with_packets("werift")

    def test_node_datachannel(self):
        """libdatachannel, in C++."""
        self.assertTrue(self.call_with_packets("node-datachannel")["library"])


if __name__ == "__main__":
    main()
