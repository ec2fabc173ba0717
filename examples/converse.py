#!/usr/bin/env python3
"""Talk with a voice service, or write to it: what is typed is sent as text, an empty line
interrupts, Ctrl-D says goodbye. It can turn its own voice up and down: have it set the volume.

usage: converse.py [SOURCE [SINK]]      in place of autoaudiosrc and autoaudiosink
"""
import json
import sys
import threading

import gi
gi.require_version("Gst", "1.0")
from gi.repository import Gst

TOOLS = [{"type": "function", "name": "set_volume", "description": "Sets how loud you speak.",
          "parameters": {"type": "object", "required": ["level"], "properties": {
              "level": {"type": "integer", "description": "0 (silent) to 10 (as it comes)"}}}}]


def call_function(rt, call_id, name, arguments):
    try:
        level = min(max(int(json.loads(arguments)["level"]), 0), 10)
        rt.set_property("volume", level / 10)
        result = json.dumps({"volume": level})
    except (ValueError, KeyError, TypeError) as error:
        result = json.dumps({"error": str(error)})
    print(f"[{name} {arguments} = {result}]", flush=True)
    rt.emit("send-function-result", call_id, result)


def read_keyboard(rt):
    for line in sys.stdin:
        rt.emit("send-text", line.strip()) if line.strip() else rt.emit("interrupt")
    rt.send_event(Gst.Event.new_eos())


def show(line):
    if line.get_string("role") == "assistant" and not line.get_value("final"):
        print(line.get_string("delta"), end="", flush=True)
    elif line.get_string("role") == "assistant":
        print(" --" if line.get_value("interrupted") else "", flush=True)
    elif line.get_value("final"):
        print(f"you: {line.get_string('text')}", flush=True)


Gst.init(None)
source, sink = (sys.argv[1:] + ["autoaudiosrc", "autoaudiosink"][len(sys.argv) - 1:])[:2]
pipeline = Gst.parse_launch(f"{source} ! realtimebin name=rt ! {sink} rt.event_src ! transcriptsink")
rt = pipeline.get_by_name("rt")
rt.set_property("tools", json.dumps(TOOLS))
rt.connect("function-call", call_function)
threading.Thread(target=read_keyboard, args=[rt], daemon=True).start()
pipeline.set_state(Gst.State.PLAYING)
while (message := pipeline.get_bus().timed_pop(Gst.CLOCK_TIME_NONE)).type != Gst.MessageType.EOS:
    if message.type == Gst.MessageType.ERROR:
        sys.exit(message.parse_error()[0].message)
    if message.has_name("realtime/transcript"):
        show(message.get_structure())
pipeline.set_state(Gst.State.NULL)
