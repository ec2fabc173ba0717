"""The local server against `@openai/agents-realtime` in Chromium."""
import asyncio
import json
import os
import threading
import unittest
import urllib.request
import wave

import numpy
from aiohttp import web

from browser import Browser
from harness import SOURCE, Server, main, read_events, read_wave
from shim import RATE, likeness, results, spoken, to_16k

HERE = os.path.join(SOURCE, "tests", "interop")


class Pages:
    """Serves the page and takes what it reports."""

    def __init__(self, setup):
        self.setup = setup
        self.states = []
        self.audio = b""
        self.report = None
        self.done = threading.Event()
        self.on_state = lambda text: None
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, daemon=True).start()
        asyncio.run_coroutine_threadsafe(self.start(), self.loop).result(30)

    async def start(self):
        app = web.Application(client_max_size=1 << 28)
        app.router.add_get("/", self.give_page)
        app.router.add_static("/modules", os.path.join(HERE, "node_modules"), follow_symlinks=True)
        app.router.add_get("/setup", self.give_setup)
        for name in ("state", "audio", "report"):
            app.router.add_post("/" + name, getattr(self, "take_" + name))
        self.runner = web.AppRunner(app)
        await self.runner.setup()
        site = web.TCPSite(self.runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}/"

    async def give_page(self, request):
        return web.FileResponse(os.path.join(HERE, "agents.html"))

    async def give_setup(self, request):
        return web.json_response(self.setup)

    async def take_state(self, request):
        text = await request.text()
        self.states.append(text)
        await self.loop.run_in_executor(None, self.on_state, text)
        return web.Response()

    async def take_audio(self, request):
        self.audio = await request.read()
        return web.Response()

    async def take_report(self, request):
        self.report = await request.json()
        self.done.set()
        return web.Response()

    def stop(self):
        asyncio.run_coroutine_threadsafe(self.runner.cleanup(), self.loop).result(30)
        self.loop.call_soon_threadsafe(self.loop.stop)


class Agents(unittest.TestCase):
    def mint(self, server):
        request = urllib.request.Request(
            server.base_url + "/realtime/client_secrets", method="POST",
            data=json.dumps({"session": {"type": "realtime", "model": "gpt-realtime"}}).encode(),
            headers={"Authorization": f"Bearer {server.api_key}",
                     "Content-Type": "application/json"})
        with urllib.request.urlopen(request) as response:
            return json.load(response)["value"]

    def test_a_talk(self):
        print(Browser.version())
        folder = results("agents")
        # The second question comes when the first was surely answered.
        talk, samples = spoken(folder, "talk.wav", [
            "hello how are you today", "what is the time"], "rms", "--lead", "4", "--pause", "9")
        microphone = os.path.join(folder, "microphone.wav")
        with wave.open(microphone, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes((samples * 32767).astype("<i2").tobytes())
        with Server() as server:
            pages = Pages({"token": self.mint(server), "base": server.base_url})
            self.addCleanup(pages.stop)
            browser = Browser(folder, pages.url, microphone)
            self.addCleanup(browser.stop)

            def picture(text):
                if text == "interrupted":
                    browser.screenshot(os.path.join(folder, "talk.png"))

            pages.on_state = picture
            done = pages.done.wait(150)
            self.assertTrue(done, f"the page said only {pages.states}; " + server.read_log())
            browser.stop()
            server.stop()
            records = {ending: server.files(ending)[0] for ending in
                       ("-heard.wav", "-said.wav", "-server.jsonl", "-client.jsonl")}
        for ending, path in records.items():
            records[ending] = os.path.join(folder, "at-server" + ending)
            os.rename(path, records[ending])
        seen = pages.report
        with open(os.path.join(folder, "report.json"), "w", encoding="utf-8") as file:
            json.dump(seen, file, indent=1)
        self.assertNotIn("failed", seen, seen)
        self.assertEqual(seen["states"], ["connected", "spoke twice", "asked for the weather",
                                          "interrupted", "closed: disconnected"])
        self.assertNotIn("errors", seen)
        print("history:", *(f"{item.get('role') or item['type']}: {item['text']}"
                            for item in seen["history"]), sep="\n  ")
        self.assertEqual([role for role, _ in seen["turns"]],
                         ["user", "assistant", "user", "assistant"])
        self.assertIn("hello", seen["turns"][0][1].lower())
        self.assertIn("time", seen["turns"][2][1].lower())
        self.assertTrue(seen["turns"][1][1] and seen["turns"][3][1])
        after = [item.get("role") or item["type"] for item in seen["history"][4:]]
        self.assertEqual(after[:3], ["user", "function_call", "assistant"])
        self.assertIn("sunny", seen["history"][6]["text"])
        self.assertEqual([city.lower() for city in seen["calls"]], ["berlin"])
        self.assertGreater(os.path.getsize(os.path.join(folder, "talk.png")), 5000)

        cut = [event for event in read_events(records["-server.jsonl"])
               if event["type"] == "response.done" and event["response"]["status"] == "cancelled"]
        self.assertEqual(len(cut), 1)

        print(f"packets {seen['packets']}, lost {seen['lost']}, concealed {seen['concealed']} "
              f"of {seen['samples']} samples")
        self.assertEqual(seen["rate"], RATE)
        heard = numpy.frombuffer(pages.audio, "<i2") / 32768.0
        _, said = read_wave(records["-said.wav"])
        _, up = read_wave(records["-heard.wav"])
        for what, sent, got in (("down", said, heard), ("up", samples, up)):
            found = [value for value, _ in likeness(to_16k(sent, RATE), to_16k(got, RATE), 16000)]
            print(what, "correlation:", ", ".join(f"{value:.3f}" for value in found))
            self.assertGreater(len(found), 1)
            self.assertGreater(numpy.median(found), 0.8 if what == "down" else 0.5)


if __name__ == "__main__":
    main()
