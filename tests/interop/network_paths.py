"""Ways through the network between plugin and server: NAT, relays, what a firewall leaves."""
import unittest

import netlab
from harness import Gst, main
from netlab import CLIENT, RELAY, ROUTER, SERVER, Certificates, Turn, filter_packets
from network_talk import Network


class Paths(Network):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.certificates = Certificates()
        cls.turn = Turn(cls.certificates)
        cls.addClassCleanup(cls.turn.stop)
        # what a session takes, whatever becomes of its media
        cls.signalling = (f"ip saddr {CLIENT} ip daddr {SERVER} tcp dport "
                          f"{cls.port(cls.server)} accept")
        # the relay's own way to the server
        cls.relayed = f"ip saddr {RELAY} ip daddr {SERVER} udp dport >= 1024 accept"

    def relay_by(self, rule, **properties):
        """A session whose media can take no way but the relay, reached as `rule` says."""
        filter_packets(self.signalling, self.relayed, f"ip saddr {CLIENT} ip daddr {RELAY} {rule} accept",
                       policy="drop")
        before = self.turn.log().count("ALLOCATE processed, success")
        session = self.talk(**properties)
        # by whichever protocol it is reached: what it relays is UDP
        self.assertEqual(session.used, (RELAY, "relay", "udp"))
        self.assertGreater(self.turn.log().count("ALLOCATE processed, success"), before)
        return session

    def test_straight(self):
        session = self.talk()
        self.assertEqual(session.used, (CLIENT, "host", "udp"))

    def test_turn_over_udp(self):
        self.relay_by(f"udp dport {netlab.TURN_PORT}", turn_server=Turn.url(more="?transport=udp"))

    def test_turn_over_tcp(self):
        self.relay_by(f"tcp dport {netlab.TURN_PORT}", turn_server=Turn.url(more="?transport=tcp"))

    def test_turn_over_what_is_left(self):
        """Both are tried where the URL does not say which."""
        self.relay_by(f"tcp dport {netlab.TURN_PORT}", turn_server=Turn.url())

    def test_turn_over_tls(self):
        self.relay_by(f"tcp dport {netlab.TURN_TLS_PORT}", ssl_ca_file=self.certificates.ca,
                      turn_server=Turn.url("turns", netlab.TURN_TLS_PORT))

    def test_turn_over_tls_of_a_stranger(self):
        error = self.refused(turn_server=Turn.url("turns", netlab.TURN_TLS_PORT),
                             ice_transport_policy="relay")
        self.assertTrue(error.matches(Gst.ResourceError.quark(), Gst.ResourceError.READ))
        self.assertIn("ertificate", error.message)

    def test_relay_only(self):
        """With other ways open: none of them is taken, and no address of ours told."""
        session = self.talk(turn_server=Turn.url(more="?transport=udp"),
                            ice_transport_policy="relay")
        self.assertEqual(session.used, (RELAY, "relay", "udp"))
        self.assertEqual({candidate[1:] for candidate in session.candidates}, {(RELAY, "relay")})

    def test_wrong_password(self):
        error = self.refused(turn_server=Turn.url(password="wrong"), ice_transport_policy="relay")
        self.assertTrue(error.matches(Gst.ResourceError.quark(), Gst.ResourceError.READ))
        self.assertIn("user and password", error.message)

    def test_no_turn_server(self):
        error = self.refused(turn_server=Turn.url(port=9), ice_transport_policy="relay")
        self.assertIn("TURN server", error.message)

    def test_no_turn_server_needed(self):
        """One that is not there is no reason to fail when there is a way without."""
        session = self.talk(turn_server=Turn.url(port=9))
        self.assertEqual(session.used, (CLIENT, "host", "udp"))

    def test_address_behind_nat(self):
        """STUN: the server is told where we are seen from."""
        filter_packets(nat=[f"ip saddr {CLIENT} masquerade"])
        session = self.talk(stun_server=f"stun://{RELAY}:{netlab.TURN_PORT}")
        # the router is seen there by the STUN server's side
        seen = netlab.NETS["relay"][1]
        self.assertIn((seen, "srflx"), {candidate[1:] for candidate in session.candidates})

    def test_no_stun_server(self):
        """Nobody waits for it: the offer is posted while it is still asked."""
        filter_packets(f"ip daddr {RELAY} drop")
        session = self.start(stun_server=f"stun://{RELAY}:{netlab.TURN_PORT}")
        session.pipeline.wait_for_element(
            "realtime/state", lambda s: s.get_value("connection").value_nick == "connecting")
        gathering = session.webrtcbin.get_property("ice-gathering-state").value_nick
        session.wait_until_connected()
        session.pipeline.wait_for_end()
        print(gathering, session.steps())
        self.assertEqual(gathering, "gathering")

    def test_no_udp(self):
        """The server's TCP candidates are left."""
        filter_packets("meta l4proto udp drop")
        session = self.talk()
        self.assertEqual(session.used[2], "tcp")

    def test_nothing_left(self):
        """Where no media passes at all, the error says what did not come."""
        filter_packets(self.signalling, policy="drop")
        error = self.refused(connect_timeout=3000)
        self.assertTrue(error.matches(Gst.ResourceError.quark(),
                                      Gst.ResourceError.OPEN_READ_WRITE))
        self.assertIn("the media connection", error.message)
        self.assertIn("turn-server", error.message)


if __name__ == "__main__":
    netlab.enter("turnserver", "openssl")
    main()
