"""A spoken file, captioned: every line of the documentation, every input."""
import os
import re
import tempfile
import unittest

from harness import Pipeline, Server, launch, main, read_events, read_wave, speak

LINES = [
    "hello how are you today",
    "turn on the lights in the living room",
    "the train to london leaves at half past seven",
]


def words(text):
    return re.findall(r"[a-z']+", text.lower())


def error_rate(reference, heard):
    """Edits a word, as examples/wer counts them."""
    row = list(range(len(heard) + 1))
    for i, wanted in enumerate(reference, 1):
        above, row = row, [i]
        for j, word in enumerate(heard, 1):
            row.append(min(above[j - 1] + (word != wanted), above[j] + 1, row[j - 1] + 1))
    return row[-1] / len(reference)


def in_band(samples, rate, to_rate, band=3500):
    """The samples at another rate, without what is above the band (Hz)."""
    import numpy
    spectrum = numpy.fft.rfft(samples)
    spectrum[int(band * len(samples) / rate):] = 0
    length = int(len(samples) * to_rate / rate)
    return numpy.fft.irfft(spectrum, length) * (length / len(samples))


class CaptionFile(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="realtime-test-")
        cls.talk = os.path.join(cls.folder, "talk.wav")
        # no pause at the end: the last word is the last of the file
        cls.positions = speak(cls.talk, LINES, "--pause", "1.0")

    def setUp(self):
        self.server = Server("--no-reply")
        self.addCleanup(self.server.__exit__)

    def check_text(self, texts):
        heard = [word for text in texts for word in words(text)]
        said = [word for line in LINES for word in words(line)]
        self.assertLessEqual(error_rate(said, heard), 0.15, f"heard {texts}")

    def caption(self, line):
        with Pipeline(line, self.server.base_url, self.server.api_key).play() as pipeline:
            pipeline.wait_for_end()
            finals = pipeline.transcripts("user")
            self.check_text([final.get_string("text") for final in finals])
            return pipeline, finals

    def test_the_line_as_written(self):
        status, output = launch(f"filesrc location={self.talk} ! decodebin ! "
                                "realtimebin session-type=transcription ! transcriptsink",
                                self.server)
        self.assertEqual(status, 0, output)
        finals = [match for match in re.finditer(
            r"realtime/transcript.*?text=\(string\)\"?(.*?)\"?, delta.*?final=\(boolean\)true", output)]
        self.check_text([match.group(1).replace("\\", "") for match in finals])
        end = output.find("Got EOS from element \"pipeline0\"")
        self.assertGreater(end, finals[-1].start(), "the last sentence came after EOS")

    def heard_as(self, number, source, source_rate):
        """Delay (s) and likeness of each line in what call number heard, in the band
        of the source: a codec may change what an ear does not hear."""
        import numpy
        rate, heard = read_wave(self.server.files("-heard.wav")[number])
        source = in_band(source, source_rate, rate)
        heard = in_band(heard, rate, rate)
        self.assertGreaterEqual(len(heard), len(source) - rate // 20, "the end is missing")
        found = []
        for begin, end, _ in self.positions:
            piece = source[int(begin * rate):int(end * rate)]
            start = max(0, int(begin * rate) - rate // 5)
            where = heard[start:int(end * rate) + rate // 5]
            size = 1 << (len(where) + len(piece)).bit_length()
            product = numpy.fft.irfft(numpy.fft.rfft(where, size)
                                      * numpy.conj(numpy.fft.rfft(piece, size)))
            best = int(numpy.argmax(product[:len(where) - len(piece) + 1]))
            match = where[best:best + len(piece)]
            likeness = float(numpy.dot(match, piece)
                             / (numpy.linalg.norm(match) * numpy.linalg.norm(piece) + 1e-9))
            found.append(((start + best) / rate - begin, likeness))
        print("delay and likeness of each line:", found)
        for offset, likeness in found:
            self.assertGreater(likeness, 0.98)
            # the codec's own delay, the same from the first to the last
            self.assertLess(abs(offset), 0.03)
            self.assertLess(abs(offset - found[0][0]), 0.003)

    def test_what_the_server_heard_is_the_file(self):
        self.caption(f"filesrc location={self.talk} ! decodebin ! realtimebin "
                     "session-type=transcription name=rt rt.event_src ! transcriptsink")
        self.server.stop()
        rate, source = read_wave(self.talk)
        self.heard_as(0, source, rate)

    def test_times_are_those_of_the_words(self):
        _, finals = self.caption(f"filesrc location={self.talk} ! decodebin ! realtimebin "
                                 "session-type=transcription name=rt rt.event_src ! transcriptsink")
        for begin, end, text in self.positions:
            # the recogniser may hear one sentence as two
            parts = [final for final in finals if final.get_value("start") / 1e9 < end
                     and final.get_value("end") / 1e9 > begin]
            self.assertTrue(parts, text)
            start_error = min(part.get_value("start") for part in parts) / 1e9 - begin
            end_error = max(part.get_value("end") for part in parts) / 1e9 - end
            print(f"{text}: start {start_error:+.3f} s, end {end_error:+.3f} s")
            self.assertLess(abs(start_error), 0.2, text)
            self.assertLess(abs(end_error), 0.2, text)

    def test_other_formats(self):
        """Whatever the input's format, the same is heard. The words of a telephone's
        band are left to the recogniser, which was not made for it."""
        formats = ("audio/x-raw,format=S16LE,rate=44100,channels=2",
                   "audio/x-raw,format=S16LE,rate=8000,channels=1",
                   "audio/x-raw,format=F32LE,rate=48000,channels=1")
        for caps in formats:
            with Pipeline(f"filesrc location={self.talk} ! decodebin ! audioconvert ! "
                          f"audioresample ! {caps} ! realtimebin session-type=transcription "
                          "name=rt rt.event_src ! transcriptsink",
                          self.server.base_url, self.server.api_key).play() as pipeline:
                pipeline.wait_for_end()
                texts = [line.get_string("text") for line in pipeline.transcripts("user")]
            print(caps, texts)
            self.assertGreaterEqual(len(texts), len(LINES))
            if "rate=8000" not in caps:
                self.check_text(texts)
        self.server.stop()
        rate, source = read_wave(self.talk)
        for number, caps in enumerate(formats):
            with self.subTest(caps):
                self.heard_as(number, source, rate)

    def test_a_log_replays_to_the_same_messages(self):
        log = os.path.join(self.folder, "session.jsonl")
        live, _ = self.caption(
            f"filesrc location={self.talk} ! decodebin ! realtimebin session-type=transcription "
            f"name=rt rt.event_src ! tee name=t ! queue ! filesink async=false location={log} "
            "t. ! queue ! transcriptsink")
        with Pipeline(f"filesrc location={log} ! application/x-realtime-events ! "
                      "transcriptsink").play() as replay:
            replay.wait_for_end()
            self.assertEqual(element_texts(live), element_texts(replay))
        types = [event["type"] for event in read_events(log)]
        steps = [event["step"] for event in read_events(log)
                 if event["type"] == "realtimebin.progress"]
        self.assertIn("realtimebin.timeline", types)
        for step in ("token", "offer", "answer", "ice", "dtls", "channel", "configured"):
            self.assertIn(step, steps)

    def test_caption_files(self):
        for encoder, ending in (("webvttenc", "vtt"), ("srtenc", "srt")):
            with self.subTest(encoder):
                out = os.path.join(self.folder, "talk." + ending)
                with Pipeline(
                        f"filesrc location={self.talk} ! decodebin ! realtimebin "
                        "session-type=transcription name=rt rt.event_src ! transcriptcaptions ! "
                        f"{encoder} ! filesink location={out}",
                        self.server.base_url, self.server.api_key).play() as pipeline:
                    pipeline.wait_for_end()
                with open(out, encoding="utf-8") as file:
                    text = file.read()
                cues = re.findall(r"(\d+):(\d\d):(\d\d)[.,](\d{3}) --> .*\n((?:.+\n)+)", text)
                self.check_text([cue[4] for cue in cues])
                first = int(cues[0][1]) * 60 + int(cues[0][2]) + int(cues[0][3]) / 1000
                self.assertLess(abs(first - self.positions[0][0]), 0.2)


def element_texts(pipeline):
    """The element messages of the transcriptsink, as text."""
    return [message.get_structure().to_string() for message in pipeline.messages
            if message.get_structure() is not None
            and message.get_structure().get_name().startswith("realtime/")]


if __name__ == "__main__":
    main()
