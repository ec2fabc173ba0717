"""When words were spoken: sentences at known places of a live source to which all sorts of
things happen, and replies where they are heard, against the times of their transcripts."""
import math
import os
import statistics
import subprocess
import tempfile
import time
import unittest

from harness import Gst, Pipeline, Server, main, read_events, read_wave
from programme import CAPS, RATE, Programme, Source, find, speak_sentences

# what a caption may be wrong by, and the median (s)
LIMIT, MEDIAN = 0.150, 0.060
# -50 dBFS: less is not heard
AUDIBLE = 104


class Loss:
    """Drops what realtimebin sends by RTP while it is on."""

    def __init__(self, rt):
        self.on = False
        self.set = lambda on: setattr(self, "on", on)
        rt.connect("webrtcbin-ready", self.ready)

    def ready(self, _, webrtcbin):
        webrtcbin.connect("deep-element-added", self.added)

    def added(self, _, bin_, element):
        factory = element.get_factory()
        if factory and factory.get_name() == "nicesink":
            element.get_static_pad("sink").add_probe(
                Gst.PadProbeType.BUFFER | Gst.PadProbeType.BUFFER_LIST, self.look)

    def look(self, pad, info):
        buffer = info.get_buffer()
        if buffer is None:
            buffer = info.get_buffer_list().get(0)
        is_rtp = 128 <= buffer.extract_dup(0, 1)[0] < 192
        return Gst.PadProbeReturn.DROP if self.on and is_rtp else Gst.PadProbeReturn.OK


class Report:
    """The errors of all tests, for the end."""
    errors = {}

    @classmethod
    def add(cls, kind, *errors):
        """(error of the start, of the end) of each line; or of what is counted one."""
        cls.errors.setdefault(kind, []).extend(errors)

    @classmethod
    def show(cls):
        every = [error for kind, errors in cls.errors.items() for error in errors
                 if not kind.startswith("of that") and "reply" not in kind]
        for kind, errors in [*cls.errors.items(), ("all but the replies", every)]:
            if not errors:
                continue
            for what, values in zip(["start", "end"] if len(errors[0]) > 1 else ["place"],
                                    zip(*errors)):
                print(f"{kind}: {len(values)} x {what}: median {1000 * median(values):.0f} ms, "
                      f"p95 {1000 * percentile(values, 0.95):.0f} ms, "
                      f"worst {1000 * max(map(abs, values)):.0f} ms")


def median(values):
    return statistics.median(map(abs, values))


def percentile(values, share):
    values = sorted(map(abs, values))
    return values[min(len(values) - 1, math.ceil(share * len(values)) - 1)]


def spans(heard):
    """(begin, end) of each stretch of sound with no more than half a second of silence in it,
    by the buffers that were played: (time, samples)."""
    import numpy
    found = []
    for time_, data in heard:
        samples = numpy.frombuffer(data, dtype="<i2").astype(int)
        for place in numpy.nonzero(numpy.abs(samples) >= AUDIBLE)[0]:
            at = time_ + place / RATE
            if found and at - found[-1][1] <= 0.5:
                found[-1][1] = at
            else:
                found.append([at, at])
    return found


class Times(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="realtime-test-")
        cls.spoken = speak_sentences(cls.folder)

    @classmethod
    def tearDownClass(cls):
        Report.show()

    def listen(self, programme, *options, live=True, prepare=lambda pipeline: None,
               prepare_server=lambda server: None,
               limit=LIMIT, exact=True,
               turns="turn-detection=server-vad transcription-model=gpt-transcribe"):
        """Plays the programme to a server that takes it down; checks all times."""
        script = os.path.join(self.folder, "script.jsonl")
        with open(script, "w", encoding="utf-8") as file:
            file.writelines(f'{{"heard":"{number}"}}\n' for number in range(99))
        server = Server("--asr", "none", "--no-reply", "--script", script, *options)
        self.addCleanup(server.__exit__)
        prepare_server(server)
        log = os.path.join(self.folder, "session.jsonl")
        pipeline = Pipeline(
            f"appsrc name=in format=time caps={CAPS} "
            f"{'is-live=true max-bytes=0' if live else 'block=true max-bytes=4000'} ! "
            f"realtimebin name=rt session-type=transcription {turns} "
            f"rt.event_src ! tee name=t ! queue ! filesink async=false location={log} "
            "t. ! queue ! transcriptsink partials=false", server.base_url, server.api_key)
        self.addCleanup(pipeline.stop)
        prepare(pipeline)
        pipeline.play()
        if live:
            pipeline.wait_for_element("realtime/state", connected)
        source = Source(pipeline, programme, live)
        source.start()
        pipeline.wait_for_end()
        source.join()
        pipeline.stop()
        server.stop()
        finals = pipeline.transcripts("user")
        self.assertEqual([final.get_string("text") for final in finals],
                         [str(number) for number in range(len(programme.said))])
        every = []
        for final, (after, begin, end) in zip(finals, programme.said):
            errors = [final.get_value("start") / 1e9 - source.start_time - begin,
                      final.get_value("end") / 1e9 - source.start_time - end]
            print(f"{after}: start {errors[0]:+.3f} s, end {errors[1]:+.3f} s")
            Report.add(after, errors)
            every += errors
        for error in every:
            self.assertLess(abs(error), limit)
        self.assertLess(median(every), MEDIAN)
        if exact:
            self.check_clock(programme, read_events(log), source.start_time,
                             *read_wave(server.files("-heard.wav")[0]))

    def check_clock(self, programme, events, start_time, rate, heard):
        """What of the errors is ours: where the service heard each sentence, on its own
        count, against where that stands by the timeline. The rest is the detector's."""
        self.assertEqual(rate, RATE)
        epoch, errors = None, []
        sound = programme.render() / 32768
        said = iter(programme.said)
        for event in events:
            if event["type"] == "realtimebin.timeline":
                epoch = event["epoch_running_time"] / 1e9
            elif event["type"] == "input_audio_buffer.speech_started":
                after, begin, end = next(said)
                piece = sound[round(begin * RATE):round(end * RATE)]
                first = max(0, (event["audio_start_ms"] - 500) * RATE // 1000)
                place = first + find(piece, heard[first:first + len(piece) + RATE * 3 // 2])
                errors.append(epoch + place / RATE - start_time - begin)
                print(f"  {after}: counted {errors[-1]:+.4f} s")
        self.assertEqual(len(errors), len(programme.said))
        Report.add("of that the count", *zip(errors))
        # the codec's delay, and what the timeline is rounded to
        self.assertLess(max(map(abs, errors)), 0.010)

    def programme(self):
        return Programme(self.spoken)

    def test_file(self):
        """A file, and one that stands still for four seconds."""
        programme = self.programme().say("file").wait(1.5).do(lambda: time.sleep(4)).wait(1)
        self.listen(programme.say("stalled file").wait(1.5).say("stalled file").wait(0.5),
                    live=False)

    def test_live(self):
        programme = self.programme()
        pipelines, loss = [], []

        def mute(on):
            return lambda: pipelines[0].rt.set_property("mute", on)

        def lose(on):
            return lambda: loss[0].set(on)

        def pause():
            pipelines[0].pipeline.set_state(Gst.State.PAUSED)
            time.sleep(3)
            pipelines[0].pipeline.set_state(Gst.State.PLAYING)

        def prepare(pipeline):
            pipelines.append(pipeline)
            loss.append(Loss(pipeline.rt))
        programme.say("live").wait(10).say("10 s of silence").wait(1.5)
        programme.do(mute(True)).say("unheard", heard=False).wait(1).do(mute(False)).wait(0.5)
        programme.say("mute").wait(1.2).do(lose(True)).wait(0.2).do(lose(False)).wait(0.5)
        programme.say("200 ms of loss")
        middle = sum(programme.said[-1][1:]) / 2
        programme.actions += [(middle, lose(True)), (middle + 0.2, lose(False))]
        programme.wait(1.5).lose(3).wait(0.5).say("packet gap").wait(1.5)
        programme.lose(1.5, late=True).wait(0.5).say("late source").wait(1.5)
        programme.do(pause).wait(0.5).say("pipeline paused").wait(0.5)
        self.listen(programme, prepare=prepare)

    def test_long_gap(self):
        """A live source that gives nothing for twelve seconds."""
        self.listen(self.programme().say("live").wait(1.5).lose(12).wait(0.5)
                    .say("long packet gap").wait(0.5))

    def test_machine_stands_still(self):
        """In mid-speech: the source, the element and the service, or the first two alone."""
        for service, seconds in ((True, 1.2), (False, 0.9)):
            with self.subTest(service=service):
                self.stand_still(service, seconds)

    def stand_still(self, service, seconds):
        programme = self.programme().say("live").wait(1.5).say("machine that stood still")
        middle = sum(programme.said[-1][1:]) / 2
        servers = []

        def stand_still():
            ours = f"{os.getpid()} {servers[0].process.pid if service else ''}"
            with subprocess.Popen(["/bin/sh", "-c", f"kill -STOP {ours}; sleep {seconds}; "
                                                    f"kill -CONT {ours}"]):
                pass
        programme.actions.append((middle, stand_still))
        self.listen(programme.wait(1.5).say("machine that stood still").wait(0.5),
                    prepare_server=servers.append)

    def test_turns_found_on_this_side(self):
        """Where the service looks for no turns."""
        programme = self.programme().say("own turns").wait(1.5).lose(2).wait(0.5)
        self.listen(programme.say("own turns").wait(1.5).say("own turns").wait(0.5),
                    turns="turn-detection=client", exact=False)

    def test_replies(self):
        """What the assistant says has its time where src plays it, however early its words
        come; and of a reply that is broken off, that is as far as it was heard."""
        long_reply = "one two three four five six seven eight nine ten eleven twelve"
        script = os.path.join(self.folder, "replies.jsonl")
        with open(script, "w", encoding="utf-8") as file:
            for number, reply in enumerate(["good morning to you", long_reply, "all right",
                                            "see you soon"]):
                file.write(f'{{"heard":"{number}"}}\n{{"say":"{reply}"}}\n')
        server = Server("--asr", "none", "--script", script)
        self.addCleanup(server.__exit__)
        pipeline = Pipeline(
            f"appsrc name=in format=time caps={CAPS} is-live=true max-bytes=0 ! "
            "realtimebin name=rt turn-detection=server-vad transcription-model=gpt-transcribe ! "
            "fakesink name=ear async=false sync=true signal-handoffs=true "
            "rt.event_src ! transcriptsink partials=false", server.base_url, server.api_key)
        self.addCleanup(pipeline.stop)
        heard = []      # (running time, samples)
        pipeline.ear.connect("handoff", lambda _, buffer, pad: heard.append(
            (buffer.pts / 1e9, buffer.extract_dup(0, buffer.get_size()))))
        pipeline.play()
        pipeline.wait_for_element("realtime/state", connected)
        programme = self.programme().say("question").wait(5)
        # the second reply is not over when somebody speaks again
        programme.say("question").wait(2).say("interruption").wait(5).say("question").wait(5)
        source = Source(pipeline, programme, True)
        source.start()
        pipeline.wait_for_end()
        source.join()
        pipeline.stop()
        lines = pipeline.transcripts("assistant")
        self.assertEqual([line.get_value("interrupted") for line in lines],
                         [False, True, False, False])
        spoken = spans(heard)
        self.assertEqual(len(spoken), len(lines))
        every = []
        for line, (begin, end) in zip(lines, spoken):
            errors = [line.get_value("start") / 1e9 - begin, line.get_value("end") / 1e9 - end]
            print(f"reply '{line.get_string('text')}': start {errors[0]:+.3f} s, "
                  f"end {errors[1]:+.3f} s")
            Report.add("interrupted reply" if line.get_value("interrupted") else "reply", errors)
            every += errors
        self.assertLess(max(map(abs, every)), LIMIT)
        self.assertLess(median(every), MEDIAN)

    def test_service_that_counts_what_comes(self):
        """Losses make its count fall behind, here by a second."""
        programme = self.programme().say("live").wait(1.5).say("live").wait(1.5)
        loss = []
        programme.do(lambda: loss[0].set(True)).wait(1)
        # the peer reports what it missed every few seconds
        programme.do(lambda: loss[0].set(False)).wait(7).say("loss that is not counted")
        self.listen(programme.wait(1.5).say("loss that is not counted").wait(0.5),
                    "--fault", "counts-samples", exact=False,
                    prepare=lambda pipeline: loss.append(Loss(pipeline.rt)))

    def test_service_that_counts_the_time(self):
        """What passes while nothing is sent counts for it."""
        programme = self.programme().say("live").wait(1.5).say("live").wait(1.5)
        pipelines = []

        def pause():
            pipelines[0].pipeline.set_state(Gst.State.PAUSED)
            time.sleep(12)
            pipelines[0].pipeline.set_state(Gst.State.PLAYING)
        programme.do(pause).wait(0.5).say("pause that is counted").wait(1.5)
        # how late its events are has to tell
        self.listen(programme.say("pause that is counted").wait(0.5), "--fault", "counts-clock",
                    exact=False, limit=0.6, prepare=pipelines.append)


def connected(structure):
    state = structure.get_value("connection")
    return getattr(state, "value_nick", str(state)) == "connected"


if __name__ == "__main__":
    main()
