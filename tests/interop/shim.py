"""A service as small as can be in front of an answering peer that is not ours.

The peer (aiortc, or a page in Chromium) answers the offer and carries audio and
events; here is only what HTTP needs, and a session that says yes. It runs in a
thread of its own. `rewrite` sees each answer before it goes out, to give it the
shape of some other answerer.
"""
import asyncio
import base64
import copy
import json
import os
import shutil
import sys
import threading

import numpy

from harness import SKIP, read_wave, speak

try:
    import aiortc  # noqa: F401
    from aiohttp import web
except ImportError as missing:
    print(missing)
    if "REALTIME_INTEROP" in os.environ:
        raise
    sys.exit(SKIP)

RATE = 48000


def results(name):
    """The folder that a test leaves its logs, recordings and pictures in; made anew."""
    folder = os.path.join(os.environ["REALTIME_BUILD_DIR"], "interop", name)
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    return folder


def spoken(folder, name, lines, voice, *options):
    """A talk, and its samples at 48 kHz."""
    path = os.path.join(folder, name)
    speak(path, lines, "--voice", voice, *options)
    rate, samples = read_wave(path)
    times = numpy.arange(len(samples) * RATE // rate) * rate / RATE
    return path, numpy.interp(times, numpy.arange(len(samples)), samples)


def merge(into, patch):
    """RFC 7396."""
    if not isinstance(patch, dict):
        return patch
    into = dict(into) if isinstance(into, dict) else {}
    for name, value in patch.items():
        if value is None:
            into.pop(name, None)
        else:
            into[name] = merge(into.get(name), value)
    return into


# What the beta called the events of GA.
BETA_NAMES = {
    "conversation.item.added": "conversation.item.created", "conversation.item.done": None,
    "response.output_text.delta": "response.text.delta",
    "response.output_text.done": "response.text.done",
    "response.output_audio_transcript.delta": "response.audio_transcript.delta",
    "response.output_audio_transcript.done": "response.audio_transcript.done",
    "response.output_audio.done": "response.audio.done",
}
BETA_STATE = {
    "id": "sess_interop", "object": "realtime.session", "modalities": ["text", "audio"],
    "instructions": "", "voice": "af_heart", "input_audio_format": "pcm16",
    "output_audio_format": "pcm16", "input_audio_transcription": {"model": "small"},
    "turn_detection": {"type": "server_vad", "create_response": True}, "tools": [],
}
# A piece of base64 in an event of speaches.
PIECE = 800


class Session:
    """The events of one call; `send` takes a string. `names` has other names for
    types, None for those that are not sent; `only`, if given, all that are;
    `beta` makes flat sessions, and takes no others; `wrapped` puts each event into
    base64, and longer ones into several."""

    def __init__(self, send, names=None, only=None, beta=False, wrapped=False):
        self.send_text = send
        self.state = BETA_STATE if beta else {
            "type": "realtime", "object": "realtime.session", "id": "sess_interop"}
        self.beta = beta
        self.wrapped = wrapped
        self.received = []
        self.number = 0
        self.names = {**(BETA_NAMES if beta else {}), **(names or {})}
        self.only = only

    def send(self, **event):
        event["type"] = self.names.get(event["type"], event["type"])
        if event["type"] is None or (self.only is not None and event["type"] not in self.only):
            return
        self.number += 1
        event["event_id"] = f"event_{self.number}"
        text = json.dumps(event, ensure_ascii=False)
        for part in wrap(text, event["event_id"]) if self.wrapped else [text]:
            self.send_text(part)

    def opened(self):
        self.send(type="session.created", session=copy.deepcopy(self.state))

    def take(self, text):
        event = json.loads(text)
        self.received.append(event)
        if event["type"] == "session.update":
            self.update(event)
        elif event["type"] == "conversation.item.create":
            item = {"id": f"item_{self.number}", "status": "completed", **event["item"]}
            self.send(type="conversation.item.added", previous_item_id=None, item=item)
            self.send(type="conversation.item.done", previous_item_id=None, item=item)

    def update(self, event):
        wrong = ({"audio", "output_modalities", "type"} if self.beta
                 else {"modalities", "turn_detection"}) & set(event["session"])
        if wrong:
            self.send(type="error", error={
                "type": "invalid_request_error", "code": "unknown_parameter",
                "message": f"Unknown parameter: 'session.{min(wrong)}'."})
            return
        self.state = merge(self.state, event["session"])
        self.send(type="session.updated", session=copy.deepcopy(self.state))

    def turn(self, heard, said, end_ms=60000):
        """A spoken turn and its spoken answer, told as the service tells them."""
        words = {"response_id": "resp_1", "item_id": "item_a", "output_index": 0,
                 "content_index": 0}
        user = {"id": "item_u", "type": "message", "role": "user", "status": "completed",
                "content": [{"type": "input_audio", "transcript": None}]}
        answer = {"id": "item_a", "type": "message", "role": "assistant", "content": []}
        response = {"id": "resp_1", "object": "realtime.response", "status": "in_progress",
                    "conversation_id": "conv_1", "output": []}
        self.send(type="input_audio_buffer.speech_started", item_id="item_u", audio_start_ms=0)
        self.send(type="input_audio_buffer.speech_stopped", item_id="item_u", audio_end_ms=end_ms)
        self.send(type="input_audio_buffer.committed", item_id="item_u", previous_item_id=None)
        self.send(type="conversation.item.added", item=user, previous_item_id=None)
        self.send(type="conversation.item.done", item=user, previous_item_id=None)
        self.send(type="response.created", response=response)
        self.send(type="response.output_item.added", response_id="resp_1", output_index=0,
                  item={**answer, "status": "in_progress"})
        self.send(type="conversation.item.added", previous_item_id="item_u",
                  item={**answer, "status": "in_progress"})
        self.send(type="conversation.item.input_audio_transcription.completed", item_id="item_u",
                  content_index=0, transcript=heard)
        self.send(type="output_audio_buffer.started", response_id="resp_1")
        half = len(said) // 2
        for delta in (said[:half], said[half:]):
            self.send(type="response.output_audio_transcript.delta", delta=delta, **words)
        self.send(type="response.output_audio.done", **words)
        self.send(type="response.output_audio_transcript.done", transcript=said, **words)
        done = {**answer, "status": "completed",
                "content": [{"type": "audio" if self.beta else "output_audio",
                             "transcript": said}]}
        self.send(type="response.output_item.done", response_id="resp_1", output_index=0,
                  item=done)
        self.send(type="conversation.item.done", item=done, previous_item_id="item_u")
        self.send(type="response.done",
                  response={**response, "status": "completed", "output": [done]})
        self.send(type="output_audio_buffer.stopped", response_id="resp_1")


def wrap(text, name):
    """As speaches sends an event."""
    data = base64.b64encode(text.encode()).decode()
    if len(text) <= PIECE:
        return [json.dumps({"id": name, "type": "full_message", "data": data})]
    pieces = [data[start:start + PIECE] for start in range(0, len(data), PIECE)]
    return [json.dumps({"id": name, "type": "partial_message", "data": piece,
                        "fragment_index": index, "total_fragments": len(pieces)})
            for index, piece in enumerate(pieces)]


class Peer:
    """HTTP in front of an answerer. A subclass gives answer(), and close() of a call.
    `path` is where offers are taken, `takes` their types, the first of which the
    answer to all others names with the status `refusal`; `answer_key` puts the answer
    into JSON; `hang_up_by` is POST, DELETE or nothing; `session` goes to Session."""

    name = "peer"

    def __init__(self, folder, say, rewrite=None, status=201, content_type="application/sdp",
                 location=True, answer_key=None, path="/v1/realtime/calls", refusal=415,
                 takes=("application/sdp", "multipart/form-data", "application/json"),
                 hang_up_by="POST", **session):
        self.folder = folder
        self.say = say
        self.rewrite = rewrite or (lambda answer: answer)
        self.status = status
        self.content_type = content_type
        self.location = location
        self.answer_key = answer_key
        self.path = path
        self.takes = takes
        self.refusal = refusal
        self.hang_up_by = hang_up_by
        self.options = session
        self.offers = []
        self.given = []
        self.answers = []
        self.requests = []
        self.hangups = []
        self.session = None
        self.changed = threading.Condition()
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.run(self.start())

    def run(self, coroutine, patience=60):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(patience)

    async def start(self):
        app = web.Application(client_max_size=1 << 24)
        app.router.add_post(self.path, self.take_call)
        if self.hang_up_by == "POST":
            app.router.add_post("/v1/realtime/calls/{id}/hangup", self.take_hangup)
        elif self.hang_up_by == "DELETE":
            app.router.add_delete("/v1/realtime/calls/{id}", self.take_hangup)
        self.add_routes(app)
        self.runner = web.AppRunner(app)
        await self.runner.setup()
        site = web.TCPSite(self.runner, "127.0.0.1", 0)
        await site.start()
        self.port = site._server.sockets[0].getsockname()[1]
        self.base_url = f"http://127.0.0.1:{self.port}/v1"

    def add_routes(self, app):
        """For what a peer wants served beside the service's own paths."""

    async def take_call(self, request):
        if request.content_type not in self.takes:
            self.requests.append((request, {}))
            return web.Response(status=self.refusal,
                                text=f"Content-Type must be {self.takes[0]}")
        if request.content_type.startswith("multipart"):
            parts = {}
            async for part in await request.multipart():
                parts[part.name] = await part.text()
        elif request.content_type == "application/json":
            parts = await request.json()
        else:
            parts = {"sdp": await request.text()}
        self.requests.append((request, dict(parts)))
        self.offers.append(parts["sdp"])
        self.given.append(await self.answer(parts["sdp"]))
        answer = self.rewrite(self.given[-1])
        self.answers.append(answer)
        with open(os.path.join(self.folder, f"{self.name}-answer.sdp"), "w",
                  encoding="utf-8") as file:
            file.write(answer)
        headers = {}
        if self.location:
            headers["Location"] = f"/v1/realtime/calls/rtc_{len(self.answers)}"
        body = json.dumps({self.answer_key: answer}) if self.answer_key else answer
        return web.Response(status=self.status, body=body.encode(), headers={
            **headers, "Content-Type": self.content_type})

    async def take_hangup(self, request):
        await self.close()
        self.hangups.append(request.match_info["id"])
        self.notify()
        return web.Response()

    def channel_opened(self, send):
        self.session = Session(send, **self.options)
        self.session.opened()
        self.notify()

    def message(self, text):
        first = not self.received("session.update")
        self.session.take(text)
        if first and self.received("session.update"):
            self.configured()
        self.notify()

    def configured(self):
        """For a peer that is to speak only when somebody listens."""

    def notify(self):
        with self.changed:
            self.changed.notify_all()

    def wait(self, test, patience=60):
        """Until test() is true; it is asked whenever something came from the plugin."""
        with self.changed:
            if not self.changed.wait_for(test, patience):
                raise AssertionError("the peer waited in vain")

    def send_raw(self, text):
        self.loop.call_soon_threadsafe(self.session.send_text, text)

    def turn(self, *words):
        self.loop.call_soon_threadsafe(self.session.turn, *words)

    def received(self, kind):
        return [event for event in self.session.received if event["type"] == kind]

    def hang_up(self):
        self.run(self.close())

    def stop(self):
        async def end():
            await self.close()
            await self.runner.cleanup()
        self.run(end())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)
        self.loop.close()

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.stop()


def likeness(sent, heard, rate, piece=1.0):
    """How much of what was sent is heard: for each loud piece of so many seconds the
    best normalised cross-correlation (1: the same wave), and where, in seconds."""
    length = int(rate * piece)
    found = []
    size = 1 << int(numpy.ceil(numpy.log2(len(heard) + length)))
    spectrum = numpy.fft.rfft(heard, size)
    energy = numpy.concatenate(([0], numpy.cumsum(heard.astype(float) ** 2)))
    energy = energy[length:] - energy[:-length]
    for start in range(0, len(sent) - length + 1, length):
        part = sent[start:start + length].astype(float)
        norm = numpy.sqrt(numpy.sum(part ** 2))
        if norm < 0.02 * numpy.sqrt(length):
            continue
        product = numpy.fft.irfft(spectrum * numpy.conj(numpy.fft.rfft(part, size)), size)
        product = product[:len(energy)] / (norm * numpy.sqrt(numpy.maximum(energy, 1e-3)))
        best = int(numpy.argmax(product))
        found.append((float(product[best]), (best - start) / rate))
    return found


def to_16k(samples, rate):
    """Speech at 16 kHz from 16 or 48 kHz, so that waves can be compared."""
    if rate == 16000:
        return samples
    if rate != 48000:
        raise ValueError(f"{rate} Hz is not foreseen")
    taps = numpy.sinc((numpy.arange(97) - 48) * 15000 / 48000) * numpy.hamming(97)
    return numpy.convolve(samples, taps / taps.sum(), "same")[::3]
