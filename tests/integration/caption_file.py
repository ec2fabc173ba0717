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

    def test_what_the_server_heard_is_the_file(self):
        import numpy
        self.caption(f"filesrc location={self.talk} ! decodebin ! realtimebin "
                     "session-type=transcription name=rt rt.event_src ! transcriptsink")
        self.server.stop()
        rate, heard = read_wave(self.server.files("-heard.wav")[0])
        source_rate, source = read_wave(self.talk)
        times = numpy.arange(int(len(source) * rate / source_rate)) / rate
        source = numpy.interp(times, numpy.arange(len(source)) / source_rate, source)
        self.assertGreaterEqual(len(heard), len(source) - rate // 20, "the end is missing")

        def delay(begin, end):
            """By how many seconds the piece is later in what was heard, and how alike they are."""
            piece = source[int(begin * rate):int(end * rate)]
            reach = rate // 5
            start = max(0, int(begin * rate) - reach)
            where = heard[start:int(end * rate) + reach]
            size = 1 << (len(where) + len(piece)).bit_length()
            product = numpy.fft.irfft(numpy.fft.rfft(where, size)
                                      * numpy.conj(numpy.fft.rfft(piece, size)))
            best = int(numpy.argmax(product[:len(where) - len(piece) + 1]))
            match = where[best:best + len(piece)]
            likeness = float(numpy.dot(match, piece)
                             / (numpy.linalg.norm(match) * numpy.linalg.norm(piece) + 1e-9))
            return (start + best) / rate - begin, likeness

        found = [delay(begin, end) for begin, end, _ in self.positions]
        print("delay and likeness of each line:", found)
        for offset, likeness in found:
            self.assertGreater(likeness, 0.9)
            # the codec's own delay, the same from the first to the last
            self.assertLess(abs(offset), 0.03)
            self.assertLess(abs(offset - found[0][0]), 0.003)

    def test_times_are_those_of_the_words(self):
        _, finals = self.caption(f"filesrc location={self.talk} ! decodebin ! realtimebin "
                                 "session-type=transcription name=rt rt.event_src ! transcriptsink")
        self.assertEqual(len(finals), len(self.positions))
        for final, (begin, end, text) in zip(finals, self.positions):
            start_error = final.get_value("start") / 1e9 - begin
            end_error = final.get_value("end") / 1e9 - end
            print(f"{text}: start {start_error:+.3f} s, end {end_error:+.3f} s")
            self.assertLess(abs(start_error), 0.2, text)
            self.assertLess(abs(end_error), 0.2, text)

    def test_other_formats(self):
        for caps in ("audio/x-raw,rate=44100,channels=2",
                     "audio/x-raw,rate=8000,channels=1",
                     "audio/x-raw,format=F32LE,rate=48000,channels=1"):
            with self.subTest(caps):
                self.caption(f"filesrc location={self.talk} ! decodebin ! audioconvert ! "
                             f"audioresample ! {caps} ! realtimebin session-type=transcription "
                             "name=rt rt.event_src ! transcriptsink")

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
