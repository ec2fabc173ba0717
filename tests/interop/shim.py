"""A service as small as can be in front of an answering peer that is not ours.

The peer (aiortc, or a page in Chromium) answers the offer and carries audio and
events; here is only what HTTP needs, and a session that says yes. It runs in a
thread of its own. `rewrite` sees each answer before it goes out, to give it the
shape of some other answerer.
"""
import asyncio
import copy
import json
import os
import shutil
import threading

import numpy
from aiohttp import web

from harness import read_wave, speak

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


class Session:
    """The events of one call; `send` takes a string."""

    def __init__(self, send, names=None):
        self.send_text = send
        self.state = {"type": "realtime", "object": "realtime.session", "id": "sess_interop"}
        self.received = []
        self.number = 0
        self.names = names or {}

    def send(self, **event):
        event["type"] = self.names.get(event["type"], event["type"])
        if event["type"] is None:
            return
        self.number += 1
        event["event_id"] = f"event_{self.number}"
        self.send_text(json.dumps(event, ensure_ascii=False))

    def opened(self):
        self.send(type="session.created", session=copy.deepcopy(self.state))

    def take(self, text):
        event = json.loads(text)
        self.received.append(event)
        if event["type"] == "session.update":
            self.state = merge(self.state, event["session"])
            self.send(type="session.updated", session=copy.deepcopy(self.state))
        elif event["type"] == "conversation.item.create":
            item = {"id": f"item_{self.number}", "status": "completed", **event["item"]}
            self.send(type="conversation.item.added", previous_item_id=None, item=item)
            self.send(type="conversation.item.done", previous_item_id=None, item=item)


class Peer:
    """HTTP in front of an answerer. A subclass gives answer(), and close() of a call."""

    name = "peer"

    def __init__(self, folder, say, rewrite=None, status=201, content_type="application/sdp",
                 location=True, json_answer=False, names=None):
        self.folder = folder
        self.say = say
        self.rewrite = rewrite or (lambda answer: answer)
        self.status = status
        self.content_type = content_type
        self.location = location
        self.json_answer = json_answer
        self.names = names
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
        app.router.add_post("/v1/realtime/calls", self.take_call)
        app.router.add_post("/v1/realtime/calls/{id}/hangup", self.take_hangup)
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
        if request.content_type.startswith("multipart"):
            parts = {}
            async for part in await request.multipart():
                parts[part.name] = await part.text()
        elif request.content_type == "application/json":
            parts = await request.json()
        else:
            parts = {"sdp": await request.text()}
        self.requests.append((request.content_type, dict(parts)))
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
        body = json.dumps({"sdp": answer, "type": "answer"}) if self.json_answer else answer
        return web.Response(status=self.status, body=body.encode(), headers={
            **headers, "Content-Type": self.content_type})

    async def take_hangup(self, request):
        await self.close()
        self.hangups.append(request.match_info["id"])
        self.notify()
        return web.Response()

    def channel_opened(self, send):
        self.session = Session(send, self.names)
        self.session.opened()
        self.notify()

    def message(self, text):
        self.session.take(text)
        self.notify()

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
