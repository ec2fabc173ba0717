"""Opus packets of files, and samples of packets, by GStreamer's encoder and decoder."""
import base64

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstApp", "1.0")
from gi.repository import Gst, GstApp  # noqa: E402,F401
import numpy  # noqa: E402

Gst.init(None)


def opus_packets(wave):
    """The packets of a file, 20 ms each, then one of silence."""
    pipeline = Gst.parse_launch(
        f"filesrc location={wave} ! wavparse ! audioconvert ! audioresample ! opusenc "
        "! appsink name=out sync=false")
    pipeline.set_state(Gst.State.PLAYING)
    packets = []
    while True:
        sample = pipeline.get_by_name("out").pull_sample()
        if sample is None:
            break
        buffer = sample.get_buffer()
        packets.append(buffer.extract_dup(0, buffer.get_size()))
    pipeline.set_state(Gst.State.NULL)
    return packets + [b"\xf8\xff\xfe"]


def opus_samples(packets):
    """What an Opus decoder makes of packets, at 48 kHz."""
    pipeline = Gst.parse_launch(
        "appsrc name=in format=time caps=audio/x-opus,channel-mapping-family=0,channels=1,rate=48000 "
        "! opusdec ! audioconvert ! audio/x-raw,format=S16LE,channels=1,rate=48000 "
        "! appsink name=out sync=false")
    pipeline.set_state(Gst.State.PLAYING)
    source = pipeline.get_by_name("in")
    for number, packet in enumerate(packets):
        buffer = Gst.Buffer.new_wrapped(packet)
        buffer.pts = number * 20 * Gst.MSECOND
        buffer.duration = 20 * Gst.MSECOND
        source.emit("push-buffer", buffer)
    source.emit("end-of-stream")
    parts = []
    while True:
        sample = pipeline.get_by_name("out").pull_sample()
        if sample is None:
            break
        buffer = sample.get_buffer()
        parts.append(numpy.frombuffer(buffer.extract_dup(0, buffer.get_size()), "<i2"))
    pipeline.set_state(Gst.State.NULL)
    return numpy.concatenate(parts) / 32768.0


def write_packets(path, packets):
    """One a line, in base64."""
    with open(path, "w", encoding="ascii") as file:
        for packet in packets:
            file.write(base64.b64encode(packet).decode() + "\n")


def read_packets(lines):
    """What write_packets has written, or another program in the same form."""
    return [base64.b64decode(line) for line in lines]
