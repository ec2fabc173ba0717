"""Each way in which a session can fail, and what the user is told."""
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest

from harness import Gst, Pipeline, Server, describe, main

# audio without end, so that nothing but the failure ends the pipeline
LINE = ("audiotestsrc is-live=true wave=silence ! realtimebin name=rt rt.event_src ! "
        "transcriptsink")
ONCE = LINE.replace("name=rt", "name=rt reconnect=false")
RESOURCE, STREAM, CORE = "gst-resource-error-quark", "gst-stream-error-quark", "gst-core-error-quark"
READ = int(Gst.ResourceError.READ)
SETTINGS = int(Gst.ResourceError.SETTINGS)
NOT_FOUND = int(Gst.ResourceError.NOT_FOUND)
NOT_AUTHORIZED = int(Gst.ResourceError.NOT_AUTHORIZED)
OPEN_READ_WRITE = int(Gst.ResourceError.OPEN_READ_WRITE)


class Errors(unittest.TestCase):
    def serve(self, *faults):
        server = Server("--asr", "none", *[word for fault in faults for word in ("--fault", fault)])
        self.addCleanup(server.__exit__)
        return server

    def get_error(self, base_url, api_key, properties="", patience=60):
        """The one error of a session that cannot be."""
        with Pipeline(LINE.replace("name=rt", "name=rt " + properties), base_url,
                      api_key).play() as pipeline:
            message = pipeline.wait_for_error(patience)
            print(describe(message))
            # one error a failure
            time_of_peace = pipeline.bus.timed_pop_filtered(Gst.SECOND // 4, Gst.MessageType.ERROR)
            self.assertIsNone(time_of_peace)
            return message

    def check(self, message, domain, number, text, **details):
        error, _ = message.parse_error()
        self.assertEqual((error.domain, error.code), (domain, number), error.message)
        self.assertRegex(error.message.lower(), text)
        structure = message.parse_error_details()
        for name, value in details.items():
            self.assertEqual(structure.get_value(name.replace("_", "-")), value)

    def test_no_credentials(self):
        environment = {name: value for name, value in os.environ.items()
                       if name not in ("OPENAI_API_KEY", "OPENAI_BASE_URL")}
        result = subprocess.run(["gst-launch-1.0", *LINE.split()], env=environment, text=True,
                                capture_output=True, timeout=60, check=False)
        print(result.stderr)
        self.assertNotEqual(result.returncode, 0)
        for word in ("OPENAI_API_KEY", "api-key", "token", "OPENAI_BASE_URL", "realtime-server"):
            self.assertIn(word, result.stderr)

    def test_wrong_key(self):
        server = self.serve()
        for kind in ("conversation", "transcription"):
            with self.subTest(kind):
                message = self.get_error(server.base_url, "sk-local-wrong", "session-type=" + kind)
                self.check(message, RESOURCE, NOT_AUTHORIZED, "key", http_status=401,
                           code="invalid_api_key")
                self.assertNotIn("sk-local-wrong", describe(message))

    def test_statuses_of_the_call(self):
        for status, number in ((404, NOT_FOUND), (429, OPEN_READ_WRITE),
                                    (500, OPEN_READ_WRITE), (403, NOT_AUTHORIZED)):
            for step in ("call", "mint"):
                with self.subTest(step, status=status):
                    server = self.serve(f"{step}-status={status}")
                    message = self.get_error(server.base_url, server.api_key,
                                        "session-type=transcription reconnect=false")
                    self.check(message, RESOURCE, number, str(status), http_status=status)

    def test_no_such_place(self):
        server = self.serve()
        message = self.get_error(server.base_url + "/nowhere", server.api_key)
        self.check(message, RESOURCE, NOT_FOUND, "404", http_status=404)

    def test_nobody_listens(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            message = self.get_error(f"http://127.0.0.1:{taken.getsockname()[1]}/v1", "sk-local-x")
        self.check(message, RESOURCE, OPEN_READ_WRITE, "nobody listens")

    def test_no_such_host(self):
        message = self.get_error("http://nowhere.invalid/v1", "sk-local-x")
        self.check(message, RESOURCE, NOT_FOUND, "nowhere.invalid")

    def test_bad_url(self):
        pipeline = Pipeline(LINE, "not a url", "sk-local-x").play()
        message = pipeline.wait_for_error()
        print(describe(message))
        pipeline.stop()
        self.check(message, RESOURCE, SETTINGS, "url")

    def test_bad_session(self):
        pipeline = Pipeline(LINE, "http://127.0.0.1:9/v1", "sk-local-x")
        pipeline.rt.set_property("session", "{ nonsense")
        pipeline.play()
        message = pipeline.wait_for_error()
        print(describe(message))
        pipeline.stop()
        self.check(message, RESOURCE, SETTINGS, "session")

    def test_configuration_that_the_service_refuses(self):
        server = self.serve()
        pipeline = Pipeline(LINE, server.base_url, server.api_key)
        pipeline.rt.set_property("session", '{"temperature": 0.8}')
        pipeline.play()
        message = pipeline.wait_for_error()
        print(describe(message))
        pipeline.stop()
        error, _ = message.parse_error()
        self.assertIn("temperature", error.message)

    def test_untrusted_certificate(self):
        folder = tempfile.mkdtemp(prefix="realtime-test-")
        key, certificate = os.path.join(folder, "key.pem"), os.path.join(folder, "cert.pem")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
                        "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
                        "-keyout", key, "-out", certificate], check=True, capture_output=True)
        server = Server("--asr", "none", "--tls-certificate", certificate, "--tls-key", key)
        self.addCleanup(server.__exit__)
        base_url = server.base_url.replace("127.0.0.1", "localhost")
        self.assertTrue(base_url.startswith("https://"), base_url)
        message = self.get_error(base_url, server.api_key)
        self.check(message, RESOURCE, OPEN_READ_WRITE, "certificate")
        with Pipeline(LINE.replace("name=rt", f"name=rt ssl-ca-file={certificate}"), base_url,
                      server.api_key).play() as pipeline:
            pipeline.wait_for_element("realtime/state", connected)

    def test_unusable_answers(self):
        for fault in ("answer-not-sdp", "answer-empty", "answer-truncated"):
            with self.subTest(fault):
                server = self.serve(fault)
                message = self.get_error(server.base_url, server.api_key)
                self.check(message, STREAM, int(Gst.StreamError.FORMAT), "answer")

    def test_somebody_else_on_the_line(self):
        server = self.serve("bad-fingerprint")
        message = self.get_error(server.base_url, server.api_key)
        self.check(message, RESOURCE, OPEN_READ_WRITE, "fingerprint")

    def test_channel_that_never_opens(self):
        server = self.serve("no-channel")
        message = self.get_error(server.base_url, server.api_key, "connect-timeout=4000")
        error, _ = message.parse_error()
        self.assertRegex(error.message, "channel")

    def test_answer_that_never_comes(self):
        server = self.serve("answer-delay=60000")
        message = self.get_error(server.base_url, server.api_key, "connect-timeout=8000")
        error, _ = message.parse_error()
        self.assertRegex(error.message, "8000 ms.*answer")

    def test_session_that_is_not_confirmed(self):
        """A server that filters events is taken as it is, with a warning."""
        server = self.serve("no-session-updated")
        with Pipeline(LINE, server.base_url, server.api_key).play() as pipeline:
            pipeline.wait(lambda m: m.type == Gst.MessageType.WARNING)
            pipeline.wait_for_element("realtime/state", connected)

    def test_server_gone(self):
        """Killed, or just not there any more: noticed within 10 s."""
        for how in ("kill", "vanish"):
            with self.subTest(how):
                server = self.serve(*(["vanish-after=2000"] if how == "vanish" else []))
                with Pipeline(ONCE, server.base_url, server.api_key).play() as pipeline:
                    pipeline.wait_for_element("realtime/state", connected)
                    if how == "kill":
                        server.kill()
                    begin = time.monotonic()
                    message = pipeline.wait_for_error(60)
                    took = time.monotonic() - begin
                    print(f"noticed after {took:.1f} s: {describe(message)}")
                    self.check(message, RESOURCE, READ, "server")
                    self.assertLess(took, 10 if how == "kill" else 12)

    def test_session_that_the_server_ends(self):
        server = self.serve("session-expired-after=1500")
        with Pipeline(ONCE, server.base_url, server.api_key).play() as pipeline:
            message = pipeline.wait_for_error()
            print(describe(message))
            self.check(message, RESOURCE, READ, "session_expired|maximum duration")

    def test_missing_plugins(self):
        """Without libnice's plugin: the message that installers listen for, and its name."""
        folder = tempfile.mkdtemp(prefix="realtime-test-")
        system = os.path.dirname(Gst.Registry.get().find_plugin("coreelements").get_filename())
        for name in os.listdir(system):
            if name.endswith(".so") and name != "libgstnice.so":
                os.symlink(os.path.join(system, name), os.path.join(folder, name))
        script = ("import sys; sys.path.insert(0, sys.argv[1]); from harness import *; "
                  "p = Pipeline(sys.argv[2]).play(); p.wait_for_error(); "
                  "print(*map(describe, p.messages), sep='\\n'); p.stop()")
        result = subprocess.run(
            [sys.executable, "-c", script, os.path.dirname(__file__), LINE], text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60, check=False,
            env={**os.environ, "GST_PLUGIN_SYSTEM_PATH_1_0": folder,
                 "OPENAI_API_KEY": "sk-local-x",
                 "GST_REGISTRY_1_0": os.path.join(folder, "registry.bin")})
        shutil.rmtree(folder)
        print(result.stdout)
        self.assertRegex(result.stdout, "missing-plugin.*nice(src|sink)")
        self.assertRegex(result.stdout, f"{CORE}/{int(Gst.CoreError.MISSING_PLUGIN)}.*nice(src|sink)")

    def test_a_bad_file_is_no_hang(self):
        """A pipeline whose source fails goes down like any other."""
        server = self.serve()
        with Pipeline("filesrc location=/nonexistent ! decodebin ! realtimebin ! fakesink",
                      server.base_url, server.api_key).play() as pipeline:
            pipeline.wait_for_error()


def connected(structure):
    state = structure.get_value("connection")
    return getattr(state, "value_nick", str(state)) == "connected"


if __name__ == "__main__":
    main()
