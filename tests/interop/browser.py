"""Debian's Chromium without a screen, with a file for a microphone."""
import asyncio
import base64
import os
import shutil
import signal
import subprocess
import time

import aiohttp

FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--disable-features=WebRtcHideLocalIpsWithMdns", "--remote-debugging-port=0",
         "--autoplay-policy=no-user-gesture-required", "--use-fake-device-for-media-stream",
         "--use-fake-ui-for-media-stream", "--window-size=900,700")


class Browser:
    """One page; `microphone`, if any, is a WAV file, heard once from when it is opened."""

    def __init__(self, folder, url, microphone=None):
        self.profile = os.path.join(folder, "chromium")
        with open(os.path.join(folder, "chromium.log"), "wb") as log:
            self.process = subprocess.Popen(
                ["chromium", *FLAGS, f"--user-data-dir={self.profile}",
                 *([f"--use-file-for-fake-audio-capture={microphone}%noloop"]
                   if microphone else []), url],
                stdout=log, stderr=log, start_new_session=True)

    @staticmethod
    def version():
        return subprocess.run(["chromium", "--version"], capture_output=True, text=True,
                              check=True).stdout.strip()

    def screenshot(self, path):
        """What the page looks like, as PNG."""
        asyncio.run(self.take_screenshot(path))

    async def take_screenshot(self, path):
        with open(os.path.join(self.profile, "DevToolsActivePort"), encoding="ascii") as file:
            port = int(file.readline())
        async with aiohttp.ClientSession() as http:
            async with http.get(f"http://127.0.0.1:{port}/json") as response:
                pages = await response.json()
            page, = [page for page in pages if page["type"] == "page"]
            async with http.ws_connect(page["webSocketDebuggerUrl"], max_msg_size=0) as socket:
                await socket.send_json({"id": 1, "method": "Page.captureScreenshot"})
                while True:
                    message = await socket.receive_json(timeout=30)
                    if message.get("id") == 1:
                        break
        with open(path, "wb") as file:
            file.write(base64.b64decode(message["result"]["data"]))

    def stop(self):
        """The browser with all of its processes, and its profile."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
        for _ in range(50):
            shutil.rmtree(self.profile, ignore_errors=True)
            if not os.path.exists(self.profile):
                break
            time.sleep(0.1)
