"""Chromium as the answering peer of the plugin: a page that is told over a websocket."""
import asyncio
import os

import numpy
from aiohttp import WSMsgType, web

from browser import Browser
from shim import Peer

HERE = os.path.dirname(os.path.abspath(__file__))


class ChromiumPeer(Peer):
    """`say` are samples at 48 kHz; `heard` those that came, with their `rate`."""

    name = "chromium"

    def __init__(self, folder, say, **options):
        self.browser = None
        self.page = None
        self.answered = None
        self.states = []
        self.stats = {}
        self.heard = numpy.zeros(0)
        self.rate = None
        super().__init__(folder, say, **options)
        self.browser = Browser(folder, f"http://127.0.0.1:{self.port}/")
        self.wait(lambda: self.page is not None)

    def add_routes(self, app):
        app.router.add_get("/", self.give_page)
        app.router.add_get("/say", self.give_say)
        app.router.add_get("/page", self.serve_page)
        app.router.add_post("/heard", self.take_heard)

    async def give_page(self, request):
        return web.FileResponse(os.path.join(HERE, "answerer.html"))

    async def give_say(self, request):
        return web.Response(body=self.say.astype("<f4").tobytes())

    async def take_heard(self, request):
        self.heard = numpy.frombuffer(await request.read(), "<i2") / 32768.0
        return web.Response()

    async def serve_page(self, request):
        socket = web.WebSocketResponse(max_msg_size=0)
        await socket.prepare(request)
        self.page = socket
        self.notify()
        async for message in socket:
            if message.type == WSMsgType.TEXT:
                self.take_told(message.json())
        return socket

    def take_told(self, told):
        if "answer" in told:
            self.answered.set_result(told["answer"])
        elif "failed" in told:
            print("the page failed:", told["failed"])
            if self.answered and not self.answered.done():
                self.answered.set_exception(RuntimeError(told["failed"]))
        elif "channel" in told:
            self.label = told["channel"]
            self.channel_opened(lambda text: self.order(message=text))
        elif "message" in told:
            self.message(told["message"])
        elif "state" in told:
            self.states.append(told["state"])
            self.notify()
        elif "closed" in told:
            self.stats, self.rate = told["closed"], told.get("rate")
            self.closed.set_result(None)

    def configured(self):
        self.order(speak=True)

    def order(self, **what):
        asyncio.ensure_future(self.page.send_json(what))

    async def answer(self, offer):
        self.answered = self.loop.create_future()
        self.closed = self.loop.create_future()
        await self.page.send_json({"offer": offer})
        return await self.answered

    async def close(self):
        page, self.page = self.page, None
        if page is None:
            return
        if self.answered is not None:
            await page.send_json({"close": True})
            await asyncio.wait_for(self.closed, 30)
        await page.close()

    def stop(self):
        # in front of the server, which waits for the page's socket
        try:
            self.run(self.close())
        finally:
            self.browser.stop()
            super().stop()
