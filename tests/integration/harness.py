"""What the integration tests share: a local server, spoken files, pipelines.

Each test file runs by itself: python3 tests/integration/NAME.py, inside
`meson devenv`; REALTIME_SOURCE_DIR and REALTIME_BUILD_DIR say where things are.
"""
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import wave

import gi

gi.require_version("Gst", "1.0")
from gi.repository import Gst  # noqa: E402

SOURCE = os.environ["REALTIME_SOURCE_DIR"]
BUILD = os.environ["REALTIME_BUILD_DIR"]
SERVER = os.path.join(BUILD, "examples", "server", "realtime-server")
SKIP = 77

# A pipeline that is stuck ends the test here, with what it was doing.
PATIENCE = int(os.environ.get("REALTIME_PATIENCE", "120"))


def skip_without_server():
    """Ends the whole file, as skipped, where the local server was not built."""
    if not os.access(SERVER, os.X_OK):
        print("the local server was not built")
        sys.exit(SKIP)


class Server:
    """A local server on a free loopback port, or on what its options say. Started by
    `within`, a command that runs the one behind it."""

    def __init__(self, *options, environment=None, within=()):
        self.folder = tempfile.mkdtemp(prefix="realtime-test-")
        self.log = open(os.path.join(self.folder, "server.log"), "w+")
        self.process = subprocess.Popen(
            [*within, SERVER, "--port", "0", "--record", self.folder, *options],
            stdout=subprocess.PIPE, stderr=self.log, text=True,
            env={**os.environ, **(environment or {})})
        self.exports = {}
        for line in self.process.stdout:
            name, _, value = line.strip().removeprefix("export ").partition("=")
            self.exports[name] = value.strip("'\"")
            if len(self.exports) == 2:
                break
        if len(self.exports) < 2:
            raise RuntimeError("the server did not start: " + self.read_log())
        self.base_url = self.exports["OPENAI_BASE_URL"]
        self.api_key = self.exports["OPENAI_API_KEY"]

    def read_log(self):
        self.log.flush()
        self.log.seek(0)
        return self.log.read()[-4000:]

    def files(self, ending):
        """What was recorded of each call, in the order of the calls."""
        return sorted((os.path.join(self.folder, name)
                       for name in os.listdir(self.folder) if name.endswith(ending)),
                      key=lambda path: os.stat(path).st_mtime_ns)

    def client_events(self, kind=None):
        """What clients sent so far, in the order of the calls; of one type or of all."""
        return [event for path in self.files("-client.jsonl") for event in read_events(path)
                if kind in (None, event.get("type"))]

    def kill(self):
        """Gone, without a goodbye."""
        self.process.kill()
        self.process.wait()

    def stop(self):
        """In good order; what it recorded is complete afterwards."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                self.kill()
                raise RuntimeError("the server did not end: " + self.read_log()) from None

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.stop()
        self.process.stdout.close()
        self.log.close()


def speak(path, lines, *options):
    """Speaks to a file; returns (begin, end, text) of each line, in seconds: where
    its sound begins and ends, without the silence that the voice puts around it."""
    import numpy
    out = subprocess.run([os.path.join(SOURCE, "examples", "speak"), *options, path],
                         input="\n".join(lines), capture_output=True, text=True, check=True)
    rate, samples = read_wave(path)
    positions = []
    for line in out.stdout.splitlines():
        begin, end, text = line.split(" ", 2)
        first = int(float(begin) * rate)
        loud = numpy.nonzero(numpy.abs(samples[first:int(float(end) * rate)]) > 0.02)[0]
        positions.append(((first + loud[0]) / rate, (first + loud[-1]) / rate, text))
    return positions


def read_wave(path):
    """(rate, samples of the first channel as a numpy array of floats)."""
    import numpy
    with wave.open(path) as file:
        data = numpy.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
        samples = data.reshape(-1, file.getnchannels())[:, 0] / 32768.0
        return file.getframerate(), samples


def loud_pieces(samples, rate):
    """Where a voice is heard, as realtimebin has it: the begin, in seconds, of each 20 ms with
    at least 16 samples (of 48 kHz) above -50 dBFS; fewer are a click."""
    import numpy
    size = rate // 50
    loud = numpy.abs(samples[:len(samples) // size * size]).reshape(-1, size) > 10 ** (-50 / 20)
    return numpy.flatnonzero(loud.sum(axis=1) * (48000 / rate) >= 16) / 50


def read_events(path):
    """The events of a JSON Lines file."""
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


class Pipeline:
    """A pipeline from its launch line, and what came on its bus."""

    def __init__(self, line, base_url=None, api_key=None):
        Gst.init(None)
        self.pipeline = Gst.parse_launch(line)
        self.bus = self.pipeline.get_bus()
        self.messages = []
        self.events = []
        self.passed = []  # messages that came while events were waited for
        events = self.pipeline.get_by_name("events")
        if events is not None:
            # what nobody takes holds up no end
            events.set_property("wait-on-eos", False)
        for element in self.bins():
            if base_url:
                element.set_property("base-url", base_url)
            if api_key:
                element.set_property("api-key", api_key)

    def bins(self):
        return self.elements("realtimebin")

    def elements(self, name):
        """All that this factory made, at any depth."""
        found = []
        iterator = self.pipeline.iterate_recurse()
        while True:
            result, element = iterator.next()
            if result == Gst.IteratorResult.RESYNC:
                iterator.resync()
                found = []
                continue
            if result != Gst.IteratorResult.OK:
                return found
            factory = element.get_factory()
            if factory and factory.get_name() == name:
                found.append(element)

    def __getattr__(self, name):
        element = self.pipeline.get_by_name(name)
        if element is None:
            raise AttributeError(name)
        return element

    def play(self):
        self.pipeline.set_state(Gst.State.PLAYING)
        return self

    def wait(self, wanted, patience=PATIENCE):
        """Collects messages until wanted(message) is true; returns that one."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            message = (self.passed.pop(0) if self.passed
                       else self.bus.timed_pop(Gst.SECOND // 2))
            if message is None:
                continue
            self.messages.append(message)
            if message.type == Gst.MessageType.LATENCY:
                self.pipeline.recalculate_latency()
            if wanted(message):
                return message
        raise AssertionError("waited in vain; last messages: " + ", ".join(
            describe(message) for message in self.messages[-8:]))

    def wait_for_end(self, patience=PATIENCE):
        """Until EOS; an error fails the test with its text."""
        message = self.wait(lambda m: m.type in (Gst.MessageType.EOS, Gst.MessageType.ERROR),
                            patience)
        if message.type == Gst.MessageType.ERROR:
            raise AssertionError(describe(message))
        return message

    def wait_for_error(self, patience=PATIENCE):
        return self.wait(lambda m: m.type == Gst.MessageType.ERROR, patience)

    def wait_for_element(self, name, test=lambda structure: True, patience=PATIENCE):
        def matches(message):
            if message.type == Gst.MessageType.ERROR:
                raise AssertionError(describe(message))
            structure = message.get_structure()
            return (message.type == Gst.MessageType.ELEMENT and structure is not None
                    and structure.get_name() == name and test(structure))
        return self.wait(matches, patience).get_structure()

    def wait_for_event(self, kind, test=lambda event: True, patience=PATIENCE):
        """The next event of the stream of this type, from the appsink named events; those
        that were passed are in self.events, too. An error on the bus fails the test."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            sample = self.pipeline.get_by_name("events").emit("try-pull-sample", Gst.SECOND // 4)
            if sample is not None:
                data = sample.get_buffer().extract_dup(0, sample.get_buffer().get_size())
                self.events.append(json.loads(data))
                if self.events[-1]["type"] == kind and test(self.events[-1]):
                    return self.events[-1]
            while (message := self.bus.pop()) is not None:
                self.passed.append(message)
                if message.type == Gst.MessageType.ERROR:
                    raise AssertionError(describe(message))
        raise AssertionError(f"no {kind}; last events: "
                             f"{[event['type'] for event in self.events[-8:]]}")

    def warnings(self):
        """The texts of the warnings on the bus so far."""
        self.messages += self.passed
        self.passed = []
        while (message := self.bus.pop()) is not None:
            self.messages.append(message)
        return [message.parse_warning()[0].message for message in self.messages
                if message.type == Gst.MessageType.WARNING]

    def wait_for_warning(self, words, patience=PATIENCE):
        """The warning with these words in its text; returns (domain, code, text)."""
        def matches(message):
            return (message.type == Gst.MessageType.WARNING
                    and words in message.parse_warning()[0].message)
        error, _ = self.wait(matches, patience).parse_warning()
        return error.domain, error.code, error.message

    def transcripts(self, role=None, final=True):
        """The structures of the transcript messages so far."""
        found = []
        for message in self.messages:
            structure = message.get_structure()
            if (message.type == Gst.MessageType.ELEMENT
                    and structure.get_name() == "realtime/transcript"
                    and (not final or structure.get_value("final"))
                    and (role is None or structure.get_value("role") == role)):
                found.append(structure)
        return found

    def stop(self):
        self.pipeline.set_state(Gst.State.NULL)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.stop()


def describe(message):
    if message.type == Gst.MessageType.ERROR:
        error, debug = message.parse_error()
        return f"ERROR {error.domain}/{error.code}: {error.message} [{debug}]"
    if message.type == Gst.MessageType.WARNING:
        error, debug = message.parse_warning()
        return f"WARNING {error.domain}/{error.code}: {error.message} [{debug}]"
    structure = message.get_structure()
    return f"{message.type.first_value_nick} {structure.to_string() if structure else ''}"[:300]


def launch(line, server=None, environment=None, timeout=PATIENCE, options=("-m",)):
    """Runs a gst-launch line as a user types it; returns (status, output)."""
    variables = {**os.environ, **(server.exports if server else {}), **(environment or {})}
    result = subprocess.run("gst-launch-1.0 " + " ".join(options) + " " + line, shell=True,
                            executable="/bin/bash", stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, text=True, env=variables,
                            timeout=timeout, check=False)
    return result.returncode, result.stdout


def run_to_the_end(pipeline, patience=PATIENCE):
    """Plays what ends by itself."""
    pipeline.set_state(Gst.State.PLAYING)
    message = pipeline.get_bus().timed_pop_filtered(
        patience * Gst.SECOND, Gst.MessageType.EOS | Gst.MessageType.ERROR)
    pipeline.set_state(Gst.State.NULL)
    assert message is not None and message.type == Gst.MessageType.EOS, message


def main():
    """Runs the tests of the file that calls it."""
    skip_without_server()
    unittest.main(verbosity=2)
