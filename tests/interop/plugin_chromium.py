"""The plugin against Chromium, and so libwebrtc, as answering peer."""
import unittest

from answering import Answering
from browser import Browser
from chromium_peer import ChromiumPeer
from harness import main


class Chromium(Answering, unittest.TestCase):
    name = "chromium"
    # Its jitter buffer stretches and squeezes what comes late, most of all at the
    # beginning: only short pieces stay what they were.
    talk_options = ("--lead", "3")
    piece = 0.25
    spoiled = 0.5
    spread = 1.5
    # it sends none above 256 KiB, whatever the other end takes
    sizes = (60_000, 70_000, 200_000, 262_000)

    @classmethod
    def setUpClass(cls):
        print(Browser.version())
        super().setUpClass()

    def make_peer(self, **options):
        return ChromiumPeer(self.folder, self.say, **options)

    def heard(self, peer):
        print("packets", peer.stats)
        return peer.rate, peer.heard

    def test_audio_and_events_both_ways(self):
        peer = self.peer()
        self.converse(peer)
        self.assertEqual(peer.label, "oai-events")


if __name__ == "__main__":
    main()
