"""How the link is made and coded: properties for ICE servers and for Opus."""
import os
import subprocess
import sys
import tempfile
import unittest

from harness import PATIENCE, Gst, Pipeline, Server, describe, main, speak

LINE = ("audiotestsrc is-live=true wave={wave} ! realtimebin name=rt {properties} ! fakesink "
        "rt.event_src ! transcriptsink")
PASSWORD = "hunter2hunter2"
# nobody there: port 9 discards, where it is there at all
DEAD_RELAY = f"turn://alice:{PASSWORD}@127.0.0.1:9"


def connected(structure):
    return structure.get_value("connection").value_nick == "connected"


def find(pipeline, factory):
    element, = pipeline.elements(factory)
    return element


class Link(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.addClassCleanup(cls.server.__exit__)

    def start(self, properties="", wave="silence"):
        pipeline = Pipeline(LINE.format(wave=wave, properties=properties), self.server.base_url,
                            self.server.api_key)
        self.addCleanup(pipeline.stop)
        return pipeline.play()

    def test_encoder(self):
        pipeline = self.start("bitrate=16000 inband-fec=false dtx=true")
        pipeline.wait_for_element("realtime/state", connected)
        encoder = find(pipeline, "opusenc")
        self.assertEqual(encoder.get_property("bitrate"), 16000)
        self.assertFalse(encoder.get_property("inband-fec"))
        self.assertTrue(encoder.get_property("dtx"))
        self.assertTrue(find(pipeline, "rtpopuspay").get_property("dtx"))

    def test_defaults(self):
        pipeline = self.start()
        pipeline.wait_for_element("realtime/state", connected)
        encoder = find(pipeline, "opusenc")
        self.assertEqual(encoder.get_property("bitrate"), 48000)
        self.assertTrue(encoder.get_property("inband-fec"))
        self.assertGreater(encoder.get_property("packet-loss-percentage"), 0)
        self.assertFalse(encoder.get_property("dtx"))

    def packets_of_silence(self, properties):
        """(packets sent, packets encoded) until the encoder has made 150."""
        pipeline = self.start(properties)
        pipeline.wait_for_element("realtime/state", connected)
        counts = {"opusenc": 0, "rtpopuspay": 0}
        done = []

        def count(pad, _info, name):
            counts[name] += 1
            if counts["opusenc"] >= 150 and not done:
                done.append(True)
                pad.get_parent_element().post_message(
                    Gst.Message.new_application(None, Gst.Structure.new_empty("enough")))
            return Gst.PadProbeReturn.OK

        for name in counts:
            find(pipeline, name).get_static_pad("src").add_probe(Gst.PadProbeType.BUFFER, count, name)
        pipeline.wait(lambda m: m.type == Gst.MessageType.APPLICATION)
        pipeline.stop()
        return counts["rtpopuspay"], counts["opusenc"]

    def test_silence_is_next_to_nothing_with_dtx(self):
        sent, encoded = self.packets_of_silence("dtx=true")
        print(f"with dtx {sent} of {encoded} packets")
        self.assertLess(sent, encoded / 4)
        sent, encoded = self.packets_of_silence("dtx=false")
        print(f"without {sent} of {encoded}")
        self.assertGreater(sent, encoded * 0.9)

    def test_words_come_through_dtx(self):
        """Gaps in what is sent are pauses of the speaker, not of the session."""
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "question.wav")
            speak(path, ["hello how are you", "what time is it"], "--pause", "1.5")
            for dtx in ("false", "true"):
                pipeline = Pipeline(
                    f"filesrc location={path} ! wavparse ! realtimebin name=rt dtx={dtx} "
                    "session-type=transcription ! fakesink async=false rt.event_src ! transcriptsink",
                    self.server.base_url, self.server.api_key)
                self.addCleanup(pipeline.stop)
                pipeline.play().wait_for_end()
                finals = pipeline.transcripts("user")
                print(dtx, [(s.get_string("text"), s.get_value("start"), s.get_value("end"))
                            for s in finals])
                self.assertEqual([s.get_string("text") for s in finals],
                                 ["hello how are you", "what time is it"])
                pipeline.stop()

    def refuse(self, properties, *wanted):
        pipeline = Pipeline(LINE.format(wave="silence", properties=properties),
                            self.server.base_url, self.server.api_key)
        self.addCleanup(pipeline.stop)
        change = pipeline.pipeline.set_state(Gst.State.READY)
        self.assertEqual(change, Gst.StateChangeReturn.FAILURE)
        message = pipeline.wait_for_error()
        print(describe(message))
        error, debug = message.parse_error()
        self.assertTrue(error.matches(Gst.ResourceError.quark(), Gst.ResourceError.SETTINGS))
        for word in wanted:
            self.assertIn(word, error.message)
        self.assertNotIn(PASSWORD, error.message + debug)

    def test_bad_settings(self):
        self.refuse("stun-server=stun.example", "stun-server", "stun://HOST:PORT")
        self.refuse(f"turn-server=http://alice:{PASSWORD}@relay.example", "turn-server", "turn://")
        self.refuse(f"turn-server=turn://{PASSWORD}@relay.example", "user and password")
        self.refuse("ice-transport-policy=relay", "turn-server")

    def test_no_relay(self):
        """What fails names the relay, and neither who asked nor how."""
        pipeline = self.start(f"turn-server={DEAD_RELAY} ice-transport-policy=relay")
        message = pipeline.wait_for_error()
        print(describe(message))
        error, debug = message.parse_error()
        self.assertTrue(error.matches(Gst.ResourceError.quark(), Gst.ResourceError.READ))
        self.assertIn("127.0.0.1:9", error.message)
        self.assertNotIn(PASSWORD, error.message + debug)

    def test_password_stays_here(self):
        """In no log at any level, no dump, nothing that is notified, no property."""
        for scheme in ("turn", "turns"):
            with self.subTest(scheme), tempfile.TemporaryDirectory() as folder:
                relay = DEAD_RELAY.replace("turn", scheme, 1)
                child = subprocess.run(
                    [sys.executable, __file__, "--in-detail"], check=False, stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT, timeout=PATIENCE,
                    env={**os.environ, **self.server.exports, "RELAY": relay, "GST_DEBUG": "*:9",
                         "GST_DEBUG_FILE": os.path.join(folder, "log"), "G_MESSAGES_DEBUG": "all",
                         "GST_DEBUG_DUMP_DOT_DIR": folder})
                self.assertEqual(child.returncode, 0, child.stdout[-3000:])
                self.assertIn(b"libnice-DEBUG", child.stdout)
                with open(os.path.join(folder, "output"), "wb") as file:
                    file.write(child.stdout)
                self.assertIn("session.dot", os.listdir(folder))
                for name in os.listdir(folder):
                    with open(os.path.join(folder, name), "rb") as file:
                        lines = [line[:300] for line in file if PASSWORD.encode() in line]
                    self.assertEqual(lines, [], name)
        Gst.init(None)
        element = Gst.ElementFactory.make("realtimebin")
        element.set_property("turn-server", DEAD_RELAY)
        with self.assertRaises(TypeError):
            element.get_property("turn-server")


def run_in_detail():
    """A session of this process with everything written that can be."""
    pipeline = Pipeline(LINE.format(wave="silence", properties=""))
    pipeline.pipeline.add_property_deep_notify_watch(None, True)
    pipeline.rt.set_property("turn-server", os.environ["RELAY"])
    pipeline.play().wait_for_element("realtime/state", connected)
    Gst.debug_bin_to_dot_file(pipeline.pipeline, Gst.DebugGraphDetails.ALL, "session")
    pipeline.stop()
    for message in pipeline.messages:
        print(describe(message))


if __name__ == "__main__":
    if "--in-detail" in sys.argv:
        run_in_detail()
    else:
        main()
