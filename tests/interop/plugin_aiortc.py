"""The plugin against aiortc, a WebRTC stack of other hands, as answering peer."""
import unittest

from aiortc_peer import AiortcPeer
from answering import Answering
from harness import main, read_wave


class Aiortc(Answering, unittest.TestCase):
    name = "aiortc"
    # a sender in Python, with its peer on the same processor
    spread = 1.5

    @classmethod
    def setUpClass(cls):
        print("aiortc", AiortcPeer.version)
        super().setUpClass()

    def make_peer(self, **options):
        return AiortcPeer(self.folder, self.say, **options)

    def heard(self, peer):
        return read_wave(peer.heard)


if __name__ == "__main__":
    main()
