"""A link between two network namespaces that loses packets and delays them unevenly.

lossy.py NAMESPACE ADDRESS/LENGTH NAMESPACE ADDRESS/LENGTH LOSS JITTER_MS SEED

Makes a "lossy" interface in each ("-" is the namespace that it is started in) and carries
IP packets between them in user space: not every kernel has netem, and with a seed the same
packets are lost each time. LOSS is a share; the delay of each packet is drawn between 0 and
twice JITTER_MS, so that packets overtake each other. Says "ready"; ends with its input, and
then says how many it lost.
"""
import ctypes
import fcntl
import heapq
import os
import random
import select
import struct
import subprocess
import sys
import time

TUNSETIFF = 0x400454CA
IFF_TUN, IFF_NO_PI = 0x0001, 0x1000
CLONE_NEWNET = 0x40000000


def open_end(namespace, address):
    """A file that gives and takes the packets of a new interface."""
    own = os.open("/proc/self/ns/net", os.O_RDONLY)
    libc = ctypes.CDLL(None, use_errno=True)
    there = own if namespace == "-" else os.open("/run/netns/" + namespace, os.O_RDONLY)
    if libc.setns(there, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")
    end = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(end, TUNSETIFF, struct.pack("16sH14x", b"lossy", IFF_TUN | IFF_NO_PI))
    for command in (["address", "add", address, "dev", "lossy"], ["link", "set", "lossy", "up"]):
        subprocess.run(["ip", *command], check=True)
    if libc.setns(own, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")
    return end


def main():
    ends = [open_end(*sys.argv[1:3]), open_end(*sys.argv[3:5])]
    loss, jitter, seed = float(sys.argv[5]), float(sys.argv[6]) / 1000, int(sys.argv[7])
    # of their own each: what goes one way decides nothing about the other
    dice = [random.Random(seed), random.Random(seed + 1)]
    waiting, count, lost = [], 0, 0
    print("ready", flush=True)
    while True:
        patience = max(0, waiting[0][0] - time.monotonic()) if waiting else None
        ready, _, _ = select.select([*ends, sys.stdin], [], [], patience)
        if sys.stdin in ready:
            print(f"{lost} packets lost of {count + lost}")
            return
        for i, end in enumerate(ends):
            if end not in ready:
                continue
            packet = os.read(end, 65536)
            delay = dice[i].uniform(0, 2 * jitter)
            if dice[i].random() < loss:
                lost += 1
                continue
            count += 1
            heapq.heappush(waiting, (time.monotonic() + delay, count, ends[1 - i], packet))
        while waiting and waiting[0][0] <= time.monotonic():
            _, _, end, packet = heapq.heappop(waiting)
            os.write(end, packet)


if __name__ == "__main__":
    main()
