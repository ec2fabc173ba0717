"""Every launch line of docs/captions.md, run as it stands there, and what came of it
read with the tools of others: ffmpeg, ffprobe, an HLS parser.

The pictures that it makes stay in the build folder, in pictures/, to be looked at.
"""
import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest

from harness import BUILD, Gst, Server, launch, main, read_events, speak
from launchlines import read_page, tested_headings, words

LINES = [
    "hello how are you today",
    "turn on the lights in the living room",
    "the train to london leaves at half past seven",
]
PICTURES = os.path.join(BUILD, "pictures")
# A frame of the video, and what rounding to milliseconds adds.
FRAME = 1 / 30 + 0.002


def run(*command, folder):
    """What a tool prints."""
    result = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    if result.returncode:
        raise AssertionError(f"{command}: {result.stderr.decode(errors='replace')}")
    return result.stdout


def probe(name, folder):
    return json.loads(run("ffprobe", "-v", "error", "-show_streams", "-show_format",
                          "-of", "json", name, folder=folder))


def parse_cues(text):
    """(start, end, text) of each cue of WebVTT or SubRip."""
    cues = []
    for match in re.finditer(r"(\d+):(\d\d):(\d\d)[.,](\d{3}) --> (\d+):(\d\d):(\d\d)[.,](\d{3}).*\n"
                             r"((?:.+\n?)*)", text):
        numbers = [int(part) for part in match.groups()[:8]]
        start, end = (hours * 3600 + minutes * 60 + seconds + ms / 1000
                      for hours, minutes, seconds, ms in (numbers[:4], numbers[4:]))
        cues.append((start, end, re.sub(r"<[^>]*>|\{[^}]*\}", "", match.group(9)).strip()))
    return cues


def read_frame(name, time, folder):
    """The frame at a time (s), as a numpy array of grey."""
    import numpy
    size = probe(name, folder)["streams"][0]
    data = run("ffmpeg", "-v", "error", "-ss", str(time), "-i", name, "-frames:v", "1",
               "-f", "rawvideo", "-pix_fmt", "gray", "-", folder=folder)
    return numpy.frombuffer(data, dtype="uint8").reshape(size["height"], size["width"])


def save_picture(name, time, picture, folder, *filters):
    os.makedirs(PICTURES, exist_ok=True)
    path = os.path.join(PICTURES, picture)
    run("ffmpeg", "-v", "error", "-y", "-i", name, *filters, "-ss", str(time), "-frames:v", "1",
        path, folder=folder)
    return path


class Outputs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="realtime-test-")
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.lines, cls.named = read_page()
        talk = os.path.join(cls.folder, "talk.wav")
        cls.positions = speak(talk, LINES, "--pause", "1.0")
        with Server("--no-reply") as server:
            status, output = launch(
                f"filesrc location={talk} ! decodebin ! realtimebin name=rt "
                "session-type=transcription rt.event_src ! "
                f"filesink location={cls.folder}/session.jsonl", server)
        assert status == 0, output
        # what the service said, and when it was spoken: the measure of all
        cls.run_line("WebVTT")
        cls.spoken = cls.read("talk.vtt")

    @classmethod
    def read(cls, name):
        with open(os.path.join(cls.folder, name), encoding="utf-8") as file:
            return parse_cues(file.read())

    @classmethod
    def run_line(cls, heading, server=None, change=lambda line: line):
        """Runs the line under a heading of the page in the folder of this test; returns
        what it said."""
        line = change(cls.lines[heading])
        result = subprocess.run(line, shell=True, executable="/bin/bash", cwd=cls.folder,
                                env={**os.environ, **(server.exports if server else {})},
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                timeout=120, check=False)
        assert result.returncode == 0, f"{heading}: {line}\n{result.stdout}"
        return result.stdout

    def check_cues(self, cues):
        self.assertEqual([words(cue[2]) for cue in cues], [words(cue[2]) for cue in self.spoken])
        for cue, spoken in zip(cues, self.spoken):
            self.assertLess(abs(cue[0] - spoken[0]), 0.002, cue)
            self.assertLess(abs(cue[1] - spoken[1]), 0.002, cue)

    def test_the_page_is_whole(self):
        """Each line stands in the table and has a test; the table names no other."""
        self.assertEqual(sorted(self.lines), sorted(self.named))
        self.assertEqual(sorted(self.lines), sorted(tested_headings()))

    def test_webvtt(self):
        transcripts = [event["transcript"] for event in read_events(
            os.path.join(self.folder, "session.jsonl"))
            if event["type"].endswith("input_audio_transcription.completed")]
        self.assertEqual([word for cue in self.spoken for word in words(cue[2])],
                         [word for text in transcripts for word in words(text)])
        self.assertGreaterEqual(len(self.spoken), len(LINES))
        for begin, end, text in self.positions:
            starts = [abs(cue[0] - begin) for cue in self.spoken]
            self.assertLess(min(starts), 0.2, text)

    def test_subrip(self):
        self.run_line("SubRip")
        self.check_cues(self.read("talk.srt"))

    def check_track(self, name, codec):
        """What stands in the file; returns the cues as ffmpeg reads them."""
        streams = probe(name, self.folder)["streams"]
        self.assertEqual([stream["codec_type"] for stream in streams], ["video", "subtitle"])
        self.assertEqual(streams[1]["codec_name"], codec)
        self.assertEqual(streams[1]["tags"]["language"], "eng")
        out = run("ffmpeg", "-v", "error", "-i", name, "-map", "0:s:0", "-f", "srt", "-",
                  folder=self.folder)
        return streams[1], parse_cues(out.decode())

    def test_matroska(self):
        self.run_line("Matroska")
        _, cues = self.check_track("talk.mkv", "subrip")
        self.check_cues(cues)

    def test_mp4(self):
        self.run_line("MP4")
        track, cues = self.check_track("talk.mp4", "mov_text")
        # where samples take no time ffmpeg loses the last one's duration: the track tells it
        end = float(track["start_time"]) + float(track["duration"])
        self.check_cues(cues[:-1] + [(cues[-1][0], end, cues[-1][2])])

    def check_languages(self, said):
        """Two tracks and two files, each with its language and the words of its session.
        Returns what was said, by language."""
        streams = probe("languages.mkv", self.folder)["streams"]
        self.assertEqual([stream["tags"]["language"] for stream in streams
                          if stream["codec_type"] == "subtitle"], ["eng", "ger"])
        lines = re.findall(r"realtime/transcript.*? text=\(string\)(.*?), delta=.*?"
                           r"final=\(boolean\)true.*?language=\(string\)(\w+)", said)
        texts = {code: " ".join(text.replace("\\", "") for text, language in lines
                                if language == code) for code in ("en", "de")}
        self.assertEqual({language for _, language in lines}, set(texts))
        for number, code in enumerate(texts):
            out = run("ffmpeg", "-v", "error", "-i", "languages.mkv", "-map", f"0:s:{number}",
                      "-f", "srt", "-", folder=self.folder)
            for cues in (self.read(code + ".vtt"), parse_cues(out.decode())):
                self.assertEqual([word for cue in cues for word in words(cue[2])],
                                 words(texts[code]))
        return texts

    @staticmethod
    def with_messages(line):
        return line.replace("gst-launch-1.0", "gst-launch-1.0 -m") \
            + " english. ! queue ! transcriptsink german. ! queue ! transcriptsink"

    def test_two_languages(self):
        with Server("--no-reply") as server:
            said = self.check_languages(self.run_line("Two languages", server,
                                                      self.with_messages))
        for text in said.values():
            self.assertGreater(len(words(text)), 10)

    def test_two_languages_apart(self):
        """The second session with a server that hears something else: the tracks do not
        mix."""
        scripts = []
        for text in ("good morning", "guten morgen"):
            scripts.append(os.path.join(self.folder, words(text)[0] + ".script"))
            with open(scripts[-1], "w", encoding="utf-8") as file:
                # whatever is heard, and in how many turns
                file.write((json.dumps({"heard": text}) + "\n") * 20)

        with Server("--no-reply", "--script", scripts[0]) as english, \
                Server("--no-reply", "--script", scripts[1]) as german:
            output = self.run_line("Two languages", english, lambda line: self.with_messages(
                line).replace("name=two", f"name=two base-url={german.base_url} "
                              f"api-key={german.api_key}"))
        said = self.check_languages(output)
        self.assertEqual({code: set(words(text)) for code, text in said.items()},
                         {"en": {"good", "morning"}, "de": {"guten", "morgen"}})

    def test_translated(self):
        with Server() as server:
            self.run_line("Translated", server)
            told = {}
            for path in server.files("-server.jsonl"):
                events = list(read_events(path))
                language, = {event["session"]["audio"]["output"]["language"] for event in events
                             if event["type"] == "session.updated"}
                for kind in ("input", "output"):
                    told[language, kind] = words("".join(
                        event["delta"] for event in events
                        if event["type"] == f"session.{kind}_transcript.delta"))
        said, spanish, french = ([word for cue in self.read(name) for word in words(cue[2])]
                                 for name in ("said.vtt", "es.vtt", "fr.vtt"))
        self.assertEqual(said, told["es", "input"])
        self.assertEqual(spanish, told["es", "output"])
        self.assertEqual(french, told["fr", "output"])
        self.assertIn("usted", spanish)
        self.assertIn("vous", french)

    def check_burnt_in(self, name, picture):
        """White letters low in the picture while there are words, else none."""
        times = [((start + end) / 2, True) for start, end, _ in self.spoken]
        times += [((before[1] + after[0]) / 2, False) for before, after in
                  zip(self.spoken, self.spoken[1:]) if after[0] - before[1] > 0.3]
        self.assertIn(False, [shown for _, shown in times])
        for time, shown in times:
            frame = read_frame(name, time, self.folder)
            low = frame[frame.shape[0] * 3 // 4:]
            white = int((low > 200).sum())
            self.assertEqual(white > 200, shown, f"{white} white pixels at {time:.2f} s")
        save_picture(name, times[-2][0] if times[-1][1] else times[1][0], picture, self.folder)

    def test_burnt_in(self):
        self.run_line("Burnt in")
        self.check_burnt_in("burnt-in.mkv", "burnt-in.png")

    def test_hls(self):
        import m3u8
        print(self.run_line("HTTP Live Streaming", change=lambda line: (
            "GST_DEBUG_NO_COLOR=1 GST_DEBUG=transcripthlssink:6,transcriptcaptions:5 " + line)))
        master = m3u8.load(os.path.join(self.folder, "master.m3u8"))
        self.assertEqual([playlist.uri for playlist in master.playlists], ["video.m3u8"])
        subtitles, = master.media
        self.assertEqual((subtitles.type, subtitles.language, subtitles.default,
                          subtitles.autoselect, subtitles.uri),
                         ("SUBTITLES", "en", "YES", "YES", "captions.m3u8"))
        self.assertEqual(master.playlists[0].stream_info.subtitles, subtitles.group_id)

        video = m3u8.load(os.path.join(self.folder, "video.m3u8"))
        captions = m3u8.load(os.path.join(self.folder, "captions.m3u8"))
        self.assertTrue(captions.is_endlist)
        self.assertEqual(captions.target_duration, video.target_duration)
        for segment in captions.segments[:-1]:
            self.assertEqual(segment.duration, captions.target_duration)
        # the time that the map gives to a video segment is the one that it has, but for what
        # passes before the first frame of a live source: the same in all
        start = 0
        offsets = []
        for segment in video.segments:
            stream = probe(segment.uri, self.folder)["streams"][0]
            after = (int(stream["start_pts"]) - self.mapped(captions, start)) / 90000
            print(f"{segment.uri}: {after * 1000:+.0f} ms")
            offsets.append(after)
            start += segment.duration
        self.assertGreater(offsets[0], -FRAME)
        self.assertLess(offsets[0], captions.target_duration)
        for after in offsets:
            self.assertLess(abs(after - offsets[0]), FRAME)
        cues = {}
        for number, segment in enumerate(captions.segments):
            begin = number * captions.target_duration
            for cue in self.read(segment.uri):
                self.assertLess(cue[0], begin + captions.target_duration)
                self.assertGreater(cue[1], begin)
                cues[cue] = cues.get(cue, 0) + 1
        print(cues)
        self.check_cues(sorted(cues))
        for (start, end, _), times in cues.items():
            first, last = int(start // 4), int((end - 0.001) // 4)
            self.assertEqual(times, last - first + 1, "a cue stands in each of its segments")
        out = run("ffmpeg", "-v", "error", "-i", "captions.m3u8", "-f", "srt", "-",
                  folder=self.folder)
        self.check_cues(sorted(set(parse_cues(out.decode()))))

    def mapped(self, captions, time):
        with open(os.path.join(self.folder, captions.segments[0].uri), encoding="utf-8") as file:
            mpegts, hours, minutes, seconds = re.search(
                r"X-TIMESTAMP-MAP=MPEGTS:(\d+),LOCAL:(\d+):(\d+):([\d.]+)", file.read()).groups()
        local = int(hours) * 3600 + int(minutes) * 60 + float(seconds)
        return int(mpegts) + (time - local) * 90000

    def decode(self, name):
        """The captions of a video as ffmpeg decodes them."""
        out = run("ffmpeg", "-v", "error", "-f", "lavfi", "-i", f"movie={name}[out+subcc]",
                  "-map", "0:s", "-f", "srt", "-", folder=self.folder)
        cues = parse_cues(out.decode().replace("\\h", " "))
        save = os.path.join(self.folder, name + ".ass")
        run("ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", f"movie={name}[out+subcc]",
            "-map", "0:s", save, folder=self.folder)
        return cues

    def save_decoded(self, name, time):
        """A picture of the captions as decoded, drawn into the frame of that time."""
        path = save_picture(name, time, name.replace(".ts", ".png"), self.folder,
                            "-vf", f"ass={name}.ass")
        self.assertGreater(os.path.getsize(path), 1000)

    def extract(self, name):
        """(time, pair) of each that GStreamer finds in a video, padding left out. Times
        are those of the frames, the first being at 0."""
        pairs = []
        first = []

        def take_frame(_, info):
            first.append(info.get_buffer().pts)
            return Gst.PadProbeReturn.REMOVE

        def take(_, info):
            buffer = info.get_buffer()
            found, data = buffer.map(Gst.MapFlags.READ)
            self.assertTrue(found)
            for at in range(0, data.size, 2):
                pair = bytes(byte & 0x7f for byte in data.data[at:at + 2])
                if pair != b"\0\0":
                    pairs.append((buffer.pts, pair))
            buffer.unmap(data)
            return Gst.PadProbeReturn.OK

        Gst.init(None)
        pipeline = Gst.parse_launch(
            f"filesrc location={self.folder}/{name} ! tsdemux ! h264parse ! ccextractor name=cc ! "
            "queue ! fakesink name=frames cc.caption ! queue ! ccconverter ! "
            "closedcaption/x-cea-608,format=raw ! fakesink name=sink async=false")
        pipeline.get_by_name("sink").get_static_pad("sink").add_probe(
            Gst.PadProbeType.BUFFER, take)
        pipeline.get_by_name("frames").get_static_pad("sink").add_probe(
            Gst.PadProbeType.BUFFER, take_frame)
        pipeline.set_state(Gst.State.PLAYING)
        message = pipeline.get_bus().timed_pop_filtered(
            60 * Gst.SECOND, Gst.MessageType.EOS | Gst.MessageType.ERROR)
        pipeline.set_state(Gst.State.NULL)
        self.assertTrue(message and message.type == Gst.MessageType.EOS)
        return [((pts - first[0]) / 1e9, pair) for pts, pair in pairs]

    def test_pop_on(self):
        self.run_line("CEA-608 pop-on")
        cues = self.decode("pop-on.ts")
        self.assertEqual([word for cue in cues for word in words(cue[2])],
                         [word for cue in self.spoken for word in words(cue[2])])
        for _, _, text in cues:
            self.assertLessEqual(len(text.splitlines()), 2)
        # the first may come before there was time to load it
        for start, _, text in self.spoken[1:]:
            delay = min((cue[0] - start for cue in cues
                         if words(cue[2])[0] == words(text)[0]), key=abs)
            print(f"{text!r}: {delay * 1000:+.0f} ms")
            self.assertLess(abs(delay), FRAME, text)
        self.save_decoded("pop-on.ts", sum(self.spoken[-1][:2]) / 2)

    def check_flow(self, name, bound):
        """The words of a mode in which they come letter by letter: as ffmpeg shows them,
        and each sentence within the bound (s) of its time."""
        text, times, last = "", [], None
        for time, pair in self.extract(name):
            if pair[0] < 0x20:
                # a code comes twice; a preamble begins a line
                if pair != last and pair[1] >= 0x40:
                    text += " "
                    times.append(time)
                last = pair if pair != last else None
            else:
                last = None
                for byte in pair.rstrip(b"\0"):
                    text += chr(byte)
                    times.append(time)
        said = [word for cue in self.spoken for word in words(cue[2])]
        found = list(re.finditer(r"[a-z']+", text.lower()))
        self.assertEqual([match.group() for match in found], said)
        first = 0
        for start, _, spoken in self.spoken:
            delay = times[found[first].start()] - start
            print(f"{spoken!r}: {delay * 1000:+.0f} ms")
            self.assertGreaterEqual(delay, -FRAME)
            self.assertLess(delay, bound)
            first += len(words(spoken))

    def test_roll_up(self):
        self.run_line("CEA-608 roll-up")
        rows = []
        for _, _, text in self.decode("roll-up.ts"):
            shown = text.splitlines()
            self.assertLessEqual(len(shown), 3)
            # each event adds to the one before, or rolls it up
            if not rows or shown[:-1] != rows[-len(shown) + 1:]:
                rows += [row for row in shown if row not in rows[-3:]]
            else:
                rows.append(shown[-1])
        self.assertEqual([word for row in rows for word in words(row)],
                         [word for cue in self.spoken for word in words(cue[2])])
        # a new line takes six codes
        self.check_flow("roll-up.ts", 8 / 30)
        self.save_decoded("roll-up.ts", self.spoken[-1][1])

    def test_paint_on(self):
        self.run_line("CEA-608 paint-on")
        decoded = [word for cue in self.decode("paint-on.ts") for word in words(cue[2])]
        said = [word for cue in self.spoken for word in words(cue[2])]
        self.assertEqual(decoded[-len(said):], said)
        self.check_flow("paint-on.ts", 10 / 30)
        self.save_decoded("paint-on.ts", self.spoken[-1][1])

    def test_out_of_a_video(self):
        if not os.path.exists(os.path.join(self.folder, "roll-up.ts")):
            self.run_line("CEA-608 roll-up")
        self.run_line("CEA-608 out of a video")
        with open(os.path.join(self.folder, "roll-up.608"), "rb") as file:
            extracted = file.read()
        # the bytes that went in, without the padding
        straight = os.path.join(self.folder, "straight.608")
        status, output = launch(
            f"filesrc location={self.folder}/session.jsonl ! transcriptcaptions mode=words ! "
            "transcripttocea608 mode=roll-up3 ! closedcaption/x-cea-608,framerate=30/1 ! "
            f"filesink location={straight}")
        self.assertEqual(status, 0, output)
        with open(straight, "rb") as file:
            data = file.read()
        pairs = [data[at:at + 2] for at in range(0, len(data), 2)]
        self.assertEqual([extracted[at:at + 2] for at in range(0, len(extracted), 2)
                          if extracted[at:at + 2] != b"\x80\x80"],
                         [pair for pair in pairs if pair != b"\x80\x80"])

    def test_tttocea608(self):
        Gst.init(None)
        if not Gst.ElementFactory.find("tttocea608"):
            self.skipTest("no tttocea608 here")
        self.run_line("With tttocea608")
        decoded = {word for cue in self.decode("tttocea608.ts") for word in words(cue[2])}
        self.assertLessEqual({word for cue in self.spoken for word in words(cue[2])}, decoded)


if __name__ == "__main__":
    main()
