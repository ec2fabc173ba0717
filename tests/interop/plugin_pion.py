"""The plugin against pion, the stack that the service is made of, as the agent that it is
there: ICE-lite, active in DTLS, one fingerprint for the session, TCP beside UDP."""
import os
import re
import unittest

from answering import Answering
from harness import main
from opus import opus_packets, opus_samples, read_packets, write_packets
from pion_peer import PionPeer
from plugin_quirks import all_of_them
from shim import RATE


class Pion(Answering, unittest.TestCase):
    name = "pion"
    # this pion sends no larger ones, whatever it is told of the other end
    sizes = (60_000, 65_000)

    @classmethod
    def setUpClass(cls):
        print("pion", PionPeer.version())
        super().setUpClass()
        cls.packets = os.path.join(cls.folder, "say.opus64")
        write_packets(cls.packets, opus_packets(cls.say_path))

    def make_peer(self, **options):
        return PionPeer(self.folder, self.packets, **options)

    def heard(self, peer):
        return RATE, opus_samples(read_packets(peer.heard))

    def test_audio_and_events_both_ways(self):
        peer = self.peer()
        self.converse(peer)
        self.assertEqual(peer.label, "oai-events")
        self.assertIn("channel closed", peer.states)
        # the offer: what pion 4 before 4.2.16 takes for a section that was rejected
        self.assertRegex(peer.offers[0], r"(?m)^m=application 9 ")
        self.assertNotIn("a=bundle-only", peer.offers[0])
        self.assertRegex(peer.offers[0], r"(?m)^a=max-message-size:\d+")
        # and the answer really is that of a lite agent
        answer = peer.given[0]
        session, _, media = answer.partition("m=audio")
        self.assertIn("a=ice-lite", session)
        self.assertIn("a=fingerprint:", session)
        self.assertNotIn("a=fingerprint:", media)
        self.assertEqual(set(re.findall(r"a=setup:(\w+)", answer)), {"active"})
        self.assertIn("a=ice-ufrag:QmTz/u7/4pLx", answer)
        self.assertRegex(answer, r"a=candidate:\S+ 1 tcp \d+ \S+ \d+ typ host tcptype passive")

    def test_in_the_shape_of_the_service(self):
        """Candidates in the first section alone, with the user fragment at their end, none
        that says it is the last, and the rest of what was seen."""
        self.converse(self.peer(rewrite=all_of_them))

    def test_over_tcp(self):
        """Where no UDP gets through, the passive TCP candidate is the way. What is late holds up
        all that is behind it."""
        self.spread = 3
        self.converse(self.peer(tcp_only=True))


if __name__ == "__main__":
    main()
