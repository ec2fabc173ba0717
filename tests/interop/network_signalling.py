"""How the requests get through: proxies, TLS, IPv6."""
import sys
import unittest

import netlab
from harness import Gst, main
from netlab import CLIENT, PROXY_PORT, RELAY, SERVER, SERVER6, Certificates, Proxy, Turn, filter_packets
from network_talk import Network

PROXY = f"{RELAY}:{PROXY_PORT}"
# Shows a request whole, and answers none.
EAVESDROPPER = """
import socket, ssl, sys
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[3], sys.argv[4])
listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    try:
        connection = context.wrap_socket(listener.accept()[0], server_side=True)
        request = b""
        while b"a=candidate" not in request:
            piece = connection.recv(65536)
            if not piece:
                break
            request += piece
        print(request.decode(), flush=True)
        connection.sendall(b"HTTP/1.1 404 Not Found\\r\\nContent-Length: 0\\r\\n\\r\\n")
    except OSError:
        pass  # somebody who only looked whether we listen
"""


class Signalling(Network):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.certificates = Certificates()
        cls.secure = cls.start_server(*cls.certificates.options("server"))

    def by_proxy_only(self):
        """The media goes straight; the requests can go nowhere but to the proxy."""
        filter_packets(f"ip saddr {CLIENT} ip daddr {SERVER} meta l4proto tcp drop")

    def check(self, error, *words):
        self.assertTrue(error.matches(Gst.ResourceError.quark(),
                                      Gst.ResourceError.OPEN_READ_WRITE))
        for word in words:
            self.assertIn(word, error.message)

    def test_proxy(self):
        self.by_proxy_only()
        with Proxy() as proxy:
            self.talk(http_proxy=f"http://{PROXY}")
            self.assertIn(f"POST {self.server.base_url}/realtime/calls", proxy.log())

    def test_proxy_with_tls_behind_it(self):
        """A tunnel through the proxy, which sees no key and no offer."""
        self.by_proxy_only()
        with Proxy() as proxy:
            self.talk(self.secure, http_proxy=f"http://{PROXY}", ssl_ca_file=self.certificates.ca)
            self.assertIn(f"CONNECT {SERVER}:{self.port(self.secure)}", proxy.log())
            self.assertNotIn("/realtime/calls", proxy.log())

    def test_proxy_that_wants_a_password(self):
        self.by_proxy_only()
        with Proxy(f"BasicAuth {netlab.USER} {netlab.PASSWORD}"):
            for server in (self.server, self.secure):
                self.talk(server, http_proxy=f"http://{netlab.USER}:{netlab.PASSWORD}@{PROXY}",
                          ssl_ca_file=self.certificates.ca)
                error = self.refused(server, http_proxy=f"http://{netlab.USER}:wrong@{PROXY}",
                                     ssl_ca_file=self.certificates.ca)
                self.assertIn("proxy", error.message)
                self.assertNotIn("wrong", error.message)

    def test_password_of_the_proxy_stays_there(self):
        """The server at the end of the tunnel is not told of it, and the request is whole."""
        self.by_proxy_only()
        with Proxy(f"BasicAuth {netlab.USER} {netlab.PASSWORD}"), netlab.Program(
                "server", [sys.executable, "-c", EAVESDROPPER, SERVER, "8443",
                           self.certificates.path("server.crt"),
                           self.certificates.path("server.key")], [8443]) as server:
            error = self.refused(base_url=f"https://{SERVER}:8443/v1",
                                 http_proxy=f"http://{netlab.USER}:{netlab.PASSWORD}@{PROXY}",
                                 ssl_ca_file=self.certificates.ca)
            self.assertTrue(error.matches(Gst.ResourceError.quark(),
                                          Gst.ResourceError.NOT_FOUND))
            request = server.log()
        self.assertIn("POST /v1/realtime/calls", request)
        self.assertIn("Authorization: Bearer", request)
        self.assertIn("a=candidate", request)
        self.assertNotIn("Proxy-Authorization", request)

    def test_media_by_proxy(self):
        """Nothing but the proxy is within reach: requests and media go through it, by TLS."""
        filter_packets(f"ip daddr {RELAY} tcp dport {PROXY_PORT} accept",
                       f"ip saddr {RELAY} ip daddr {SERVER} accept", policy="drop")
        turn = Turn(self.certificates)
        self.addCleanup(turn.stop)
        with Proxy(f"BasicAuth {netlab.USER} {netlab.PASSWORD}") as proxy:
            session = self.talk(
                self.secure, ssl_ca_file=self.certificates.ca,
                http_proxy=f"http://{netlab.USER}:{netlab.PASSWORD}@{PROXY}",
                turn_server=Turn.url("turns", netlab.TURN_TLS_PORT))
            self.assertEqual(session.used, (RELAY, "relay", "udp"))
            self.assertIn(f"CONNECT {RELAY}:{netlab.TURN_TLS_PORT}", proxy.log())
            error = self.refused(
                self.secure, ssl_ca_file=self.certificates.ca, ice_transport_policy="relay",
                http_proxy=f"http://{netlab.USER}:wrong@{PROXY}",
                turn_server=Turn.url("turns", netlab.TURN_TLS_PORT))
            self.assertNotIn("wrong", error.message)

    def test_no_proxy_there(self):
        self.by_proxy_only()
        self.check(self.refused(http_proxy=f"http://{PROXY}"), "proxy", PROXY)

    def test_proxy_that_knows_no_way(self):
        filter_packets(f"ip daddr {SERVER} meta l4proto tcp drop")
        with Proxy("ConnectPort 1"):
            self.check(self.refused(self.secure, http_proxy=f"http://{PROXY}",
                                    ssl_ca_file=self.certificates.ca), "proxy")

    def test_private_authority(self):
        self.talk(self.secure, ssl_ca_file=self.certificates.ca)

    def test_unknown_authority(self):
        self.check(self.refused(self.secure), "certificate", "ssl-ca-file")

    def test_certificate_of_another(self):
        server = self.start_server(*self.certificates.options("other"), "--asr", "none")
        self.check(self.refused(server, ssl_ca_file=self.certificates.ca), "certificate")

    def test_expired_certificate(self):
        server = self.start_server(*self.certificates.options("expired"), "--asr", "none")
        self.check(self.refused(server, ssl_ca_file=self.certificates.ca), "certificate", "expired")

    def test_any_certificate(self):
        """Asked for by name only."""
        server = self.start_server(*self.certificates.options("other"))
        self.talk(server, ssl_strict=False)

    def test_no_tls_where_it_is_expected(self):
        error = self.refused(self.server, base_url=self.server.base_url.replace("http", "https", 1))
        self.check(error)

    def test_ipv6_only(self):
        """No address but these, on either side."""
        for name in ("client", "server"):
            address, _, _, _ = netlab.NETS[name]
            netlab.run("ip", "address", "del", address + "/24", "dev", "wan", where=name)
        server = self.start_server(address=SERVER6)
        session = self.talk(server)
        self.assertEqual(session.used, (netlab.NETS["client"][2], "host", "udp"))


if __name__ == "__main__":
    netlab.enter("tinyproxy", "turnserver", "openssl")
    main()
