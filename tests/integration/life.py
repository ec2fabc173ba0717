"""Starting, stopping, starting again; at any moment, with the server alive or dead."""
import os
import random
import signal
import subprocess
import sys
import threading
import time
import unittest

from harness import Gst, Pipeline, Server, main

LINE = ("audiotestsrc is-live=true wave=ticks ! realtimebin name=rt ! fakesink "
        "rt.event_src ! transcriptsink")

# Not gst-launch-1.0: of an error that comes before its main loop runs, that of 1.22 tells,
# and does not end.
PROCESS = """
import sys
import gi
gi.require_version("Gst", "1.0")
from gi.repository import Gst
Gst.init(None)
pipeline = Gst.parse_launch(sys.argv[1])
pipeline.set_state(Gst.State.PLAYING)
message = pipeline.bus.timed_pop_filtered(50 * Gst.SECOND, Gst.MessageType.ERROR)
if message:
    print(message.parse_error()[0].message)
pipeline.set_state(Gst.State.NULL)
del message, pipeline
Gst.deinit()
"""


def connected(structure):
    state = structure.get_value("connection")
    return getattr(state, "value_nick", str(state)) == "connected"


def count_threads():
    return len(os.listdir("/proc/self/task"))


def count_files():
    return len(os.listdir("/proc/self/fd"))


class Life(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server("--asr", "none", "--max-sessions", "60")

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()

    def test_again_and_again(self):
        """One element, many sessions; each a fresh one, and nothing is left of it."""
        sessions = set()
        with Pipeline(LINE, self.server.base_url, self.server.api_key) as pipeline:
            for turn in range(12):
                pipeline.play()
                state = pipeline.wait_for_element("realtime/state", connected)
                sessions.add(state.get_string("session-id"))
                pipeline.stop()
                pipeline.bus.set_flushing(True)
                pipeline.bus.set_flushing(False)
                # a message keeps the element that posted it
                pipeline.messages.clear()
                if turn == 1:
                    threads, files = settle()
            after = settle()
        self.assertEqual(len(sessions), 12)
        print(f"threads {threads} then {after[0]}, files {files} then {after[1]}")
        self.assertLessEqual(after[0], threads + 1)
        self.assertLessEqual(after[1], files + 2)

    def test_down_at_any_moment(self):
        """To NULL at moments all over the set-up; the figure is for the reader."""
        random.seed(7)
        longest = 0
        for _ in range(40):
            pipeline = Pipeline(LINE, self.server.base_url, self.server.api_key).play()
            pipeline.bus.timed_pop_filtered(random.randrange(0, 400) * Gst.MSECOND,
                                            Gst.MessageType.ERROR)
            begin = time.monotonic()
            pipeline.stop()
            longest = max(longest, time.monotonic() - begin)
        print(f"to NULL within {longest * 1000:.0f} ms")
        self.assertLess(longest, 5)

    def test_down_while_the_server_hangs(self):
        server = Server("--asr", "none", "--fault", "answer-delay=30000")
        self.addCleanup(server.__exit__)
        with Pipeline(LINE, server.base_url, server.api_key).play() as pipeline:
            pipeline.wait_for_element("realtime/state")
            begin = time.monotonic()
            pipeline.stop()
            print(f"to NULL within {(time.monotonic() - begin) * 1000:.0f} ms")
            self.assertLess(time.monotonic() - begin, 5)

    def test_down_while_the_server_is_dead(self):
        server = Server("--asr", "none")
        self.addCleanup(server.__exit__)
        with Pipeline(LINE, server.base_url, server.api_key).play() as pipeline:
            pipeline.wait_for_element("realtime/state", connected)
            server.kill()
            begin = time.monotonic()
            pipeline.stop()
            print(f"to NULL within {(time.monotonic() - begin) * 1000:.0f} ms")
            self.assertLess(time.monotonic() - begin, 5)

    def test_the_server_is_told(self):
        """The call is hung up: its place is free for the next at once."""
        server = Server("--asr", "none", "--max-sessions", "1")
        self.addCleanup(server.__exit__)
        for _ in range(5):
            with Pipeline(LINE, server.base_url, server.api_key).play() as pipeline:
                pipeline.wait_for_element("realtime/state", connected)

    def test_processes_that_end_early(self):
        """A process that is told at once that it will not do, and one that is interrupted
        while its first session is set up, end: neither hangs nor crashes."""
        server = Server("--asr", "none", "--fault", "mint-status=403")
        self.addCleanup(server.__exit__)
        line = "audiotestsrc is-live=true ! realtimebin session-type=transcription ! fakesink"
        for _ in range(8):
            result = subprocess.run([sys.executable, "-c", PROCESS, line], check=False, text=True,
                                    env={**os.environ, **server.exports}, timeout=60,
                                    stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            self.assertEqual(result.returncode, 0, result.stdout)
            self.assertIn("403", result.stdout)
        random.seed(11)
        for _ in range(8):
            process = subprocess.Popen(["gst-launch-1.0", *line.split()], env={**os.environ, **self.server.exports},
                                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            try:
                process.communicate(timeout=random.uniform(0.15, 0.7))
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGINT)
            output, _ = process.communicate(timeout=60)
            # before gst-launch has a handler the signal itself ends the process
            self.assertIn(process.returncode, (0, -signal.SIGINT), output)

    def test_pause_and_go_on(self):
        with Pipeline(LINE, self.server.base_url, self.server.api_key).play() as pipeline:
            pipeline.wait_for_element("realtime/state", connected)
            for _ in range(3):
                pipeline.pipeline.set_state(Gst.State.PAUSED)
                pipeline.pipeline.get_state(Gst.SECOND)
                pipeline.pipeline.set_state(Gst.State.PLAYING)
            self.assertEqual(pipeline.rt.get_property("connection-state").value_nick, "connected")

    def test_end_by_the_application(self):
        """An EOS sent to the pipeline (Ctrl-C with -e) drains a live session."""
        with Pipeline(LINE, self.server.base_url, self.server.api_key).play() as pipeline:
            pipeline.wait_for_element("realtime/state", connected)
            pipeline.pipeline.send_event(Gst.Event.new_eos())
            pipeline.wait_for_end()

    def test_end_before_anything(self):
        """An empty file, and an end before there is a session."""
        with Pipeline("audiotestsrc num-buffers=0 ! realtimebin name=rt ! fakesink "
                      "rt.event_src ! transcriptsink",
                      self.server.base_url, self.server.api_key).play() as pipeline:
            pipeline.wait_for_end()

    def test_secrets_stay_secret(self):
        """In no log at the highest level, no dump, no property."""
        with Pipeline(LINE, self.server.base_url, self.server.api_key) as pipeline:
            rt = pipeline.rt
            for name in ("api-key", "token"):
                self.assertFalse(rt.find_property(name).flags & 1, name + " can be read")
            dump = Gst.debug_bin_to_dot_data(pipeline.pipeline, Gst.DebugGraphDetails.ALL)
            self.assertNotIn(self.server.api_key, dump)

    def test_events_of_the_application(self):
        with Pipeline(LINE, self.server.base_url, self.server.api_key) as pipeline:
            rt = pipeline.rt
            self.assertFalse(rt.emit("send-event", '{"type":"input_audio_buffer.clear"}'))
            pipeline.play()
            pipeline.wait_for_element("realtime/state", connected)
            for bad in ("", "nonsense", "[]", "{}", '{"type":1}', '{"type":"x"'):
                self.assertFalse(rt.emit("send-event", bad), bad)
            self.assertTrue(rt.emit("send-event", '{"type":"no.such","event_id":"mine"}'))
            error = pipeline.wait_for_element("realtime/error")
            self.assertEqual(error.get_string("event-id"), "mine")
            self.assertEqual(rt.get_property("connection-state").value_nick, "connected")


def settle():
    """Threads and files once what is going down in the background is down."""
    best = (count_threads(), count_files())
    for _ in range(50):
        now = (count_threads(), count_files())
        best = min(best, now)
        threading.Event().wait(0.1)
    return best


if __name__ == "__main__":
    main()
