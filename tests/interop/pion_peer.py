"""pion, an ICE-lite agent of the service's own make, as the answering peer of the plugin."""
import asyncio
import json
import os
import subprocess

from shim import Peer

PROGRAM = os.path.join(os.environ["REALTIME_BUILD_DIR"], "tests", "interop", "pion_peer")


class PionPeer(Peer):
    """`packets` is a file of Opus packets to speak; `heard` has those that came."""

    name = "pion"

    def __init__(self, folder, packets, tcp_only=False, **options):
        self.packets = packets
        self.tcp_only = tcp_only
        self.process = None
        self.heard = []
        self.states = []
        self.failed = None
        super().__init__(folder, None, **options)

    @staticmethod
    def version():
        """As Debian has packaged it."""
        return subprocess.run(
            ["dpkg-query", "-W", "-f", "${Version}", "golang-github-pion-webrtc.v3-dev"],
            capture_output=True, text=True, check=True).stdout

    async def answer(self, offer):
        with open(os.path.join(self.folder, "pion.log"), "ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                PROGRAM, "-speech", self.packets, *(["-tcp-only"] if self.tcp_only else []),
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, limit=1 << 26)
        self.order(offer=offer)
        answered = self.loop.create_future()
        self.reader = asyncio.ensure_future(self.read(self.process, answered))
        return await answered

    def configured(self):
        self.order(speak=True)

    def order(self, **what):
        self.process.stdin.write(json.dumps(what).encode() + b"\n")

    async def read(self, process, answered):
        while line := await process.stdout.readline():
            told = json.loads(line)
            if "answer" in told:
                answered.set_result(told["answer"])
            elif "channel" in told:
                self.label = told["channel"]
                self.channel_opened(lambda text: self.order(message=text))
            elif "message" in told:
                self.message(told["message"])
            elif "opus" in told:
                self.heard.append(told["opus"])
            elif "state" in told:
                self.states.append(told["state"])
                self.notify()
            elif "error" in told:
                self.failed = told["error"]
                print("pion failed:", self.failed)
                self.notify()
        if not answered.done():
            answered.set_exception(RuntimeError(self.failed or "pion gave no answer"))

    async def close(self):
        process, self.process = self.process, None
        if process is None:
            return
        try:
            process.stdin.write(b'{"close":true}\n')
            await process.stdin.drain()
        except ConnectionError:
            pass
        await process.wait()
        await self.reader
