"""aiortc as the answering peer of the plugin."""
import asyncio
import fractions
import os
import time
import wave

# first: it skips the test where aiortc is missing
from shim import RATE, Peer

import av
import numpy
from aiortc import (MediaStreamTrack, RTCConfiguration, RTCPeerConnection,
                    RTCSessionDescription, __version__)
from aiortc.mediastreams import MediaStreamError

FRAME = RATE // 50
VERSION = tuple(int(number) for number in __version__.split(".")[:2])


class Voice(MediaStreamTrack):
    """A file, once, from when it is told to speak, silence around it; 20 ms by the clock."""

    kind = "audio"

    def __init__(self, samples):
        super().__init__()
        self.samples = samples
        self.position = 0
        self.start = None
        self.begin = None
        self.at_end = lambda: None

    async def recv(self):
        if self.start is None:
            self.start = time.monotonic()
        due = self.start + self.position / RATE
        await asyncio.sleep(max(0, due - time.monotonic()))
        at = None if self.begin is None else self.position - self.begin
        part = self.samples[at:at + FRAME] if at is not None else self.samples[:0]
        if at is not None and at < len(self.samples) <= at + FRAME:
            self.at_end()
        part = numpy.concatenate((part, numpy.zeros(FRAME - len(part))))
        frame = av.AudioFrame.from_ndarray(
            (part * 32767).astype("<i2").reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = RATE
        frame.pts = self.position
        frame.time_base = fractions.Fraction(1, RATE)
        self.position += FRAME
        return frame

    def speak(self):
        self.begin = self.position

    def fall_silent(self):
        self.begin = None


class AiortcPeer(Peer):
    name = "aiortc"
    version = __version__

    def __init__(self, folder, say, **options):
        self.connection = None
        self.heard = None
        self.listener = None
        self.states = []
        super().__init__(folder, say, **options)

    async def answer(self, offer):
        # No iceServers: by default it asks a public STUN server.
        connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.connection = connection

        @connection.on("datachannel")
        def on_channel(channel):
            channel.on("message", self.message)
            self.channel_opened(channel.send)

        @connection.on("connectionstatechange")
        def on_state():
            self.states.append(connection.connectionState)
            self.notify()

        @connection.on("track")
        def on_track(track):
            self.voice = Voice(self.say)
            connection.addTrack(self.voice)
            self.listener = asyncio.ensure_future(self.listen(track))

        if VERSION >= (1, 11):
            # As a DTLS client it takes ECDSA certificates alone, no later than 1.11, and
            # GStreamer's are RSA, up to 1.26: it is made the server, which takes both.
            offer = offer.replace("a=setup:actpass", "a=setup:active")
        await connection.setRemoteDescription(RTCSessionDescription(offer, "offer"))
        await connection.setLocalDescription(await connection.createAnswer())
        return connection.localDescription.sdp

    def configured(self):
        self.voice.speak()

    async def listen(self, track):
        self.heard = os.path.join(self.folder, "aiortc-heard.wav")
        with wave.open(self.heard, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            while True:
                try:
                    frame = await track.recv()
                except MediaStreamError:
                    return
                samples = frame.to_ndarray().reshape(-1, len(frame.layout.channels))
                file.writeframes(samples[:, 0].astype("<i2").tobytes())

    async def close(self):
        connection, self.connection = self.connection, None
        if connection is None:
            return
        await connection.close()
        if self.listener is not None:
            await self.listener
