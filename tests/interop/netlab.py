"""A small network in namespaces of the kernel, for tests that are run in one of them.

    client ── router ── server      the plugin, i.e. the test itself; the local server
                  └──── relay       TURN and HTTP proxy

Nothing of it reaches the machine's own network, and all of it is gone with the process.
The test file begins with netlab.enter(), which runs it again inside; without root, or
where the kernel or a tool is lacking, it skips and says so.
"""
import atexit
import os
import shutil
import subprocess
import sys
import tempfile

from harness import SKIP

INSIDE = "REALTIME_NETLAB"

# (address of the far end, of the router), by namespace
NETS = {"client": ("10.0.1.2", "10.0.1.1", "fd00:1::2", "fd00:1::1"),
        "server": ("10.0.2.2", "10.0.2.1", "fd00:2::2", "fd00:2::1"),
        "relay": ("10.0.3.2", "10.0.3.1", "fd00:3::2", "fd00:3::1")}
CLIENT, SERVER, RELAY = (NETS[name][0] for name in ("client", "server", "relay"))
SERVER6 = NETS["server"][2]
ROUTER = NETS["server"][1]

USER, PASSWORD = "alice", "opensesame"
TURN_PORT, TURN_TLS_PORT, PROXY_PORT = 3478, 5349, 8888


def skip(why):
    print("skipped:", why)
    sys.exit(SKIP)


def within(name):
    """The words before a command that runs it in a namespace; the test is in "client"."""
    return [] if name == "client" else ["ip", "netns", "exec", name]


def run(*command, where="client", **options):
    done = subprocess.run([*within(where), *command], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False, **options)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} in {where}: {done.stdout}")
    return done.stdout


def enter(*tools):
    """Runs the calling file in the lab's client, made before; `tools` are looked for too."""
    for tool in ("unshare", "ip", "nft", *tools):
        if not shutil.which(tool):
            skip(f"{tool} is missing; tests/run --interop installs it")
    if INSIDE not in os.environ:
        if os.geteuid() != 0:
            skip("network namespaces can be made by root only")
        unshare = ["unshare", "--net", "--mount", "--propagation", "private", "--"]
        tried = subprocess.run([*unshare, "true"], stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, text=True, check=False)
        if tried.returncode != 0:
            skip("no network namespace can be made here: " + tried.stdout.strip())
        os.environ[INSIDE] = "1"
        os.execvp("unshare", [*unshare, sys.executable, *sys.argv])
    build()


def build():
    os.makedirs("/run/netns", exist_ok=True)
    run("mount", "-t", "tmpfs", "tmpfs", "/run/netns")
    run("ip", "link", "set", "lo", "up")
    for name in ("router", "server", "relay"):
        run("ip", "netns", "add", name)
        run("ip", "link", "set", "lo", "up", where=name)
    for path in ("ipv4/ip_forward", "ipv6/conf/all/forwarding"):
        run("sh", "-c", f"echo 1 >/proc/sys/net/{path}", where="router")
    for name in NETS:
        run("ip", "link", "add", "wan", *(("netns", name) if name != "client" else ()),
            "type", "veth", "peer", "name", "to-" + name, "netns", "router")
    restore()


def restore():
    """Links, addresses and routes as they were at first."""
    for name, (end, router, end6, router6) in NETS.items():
        for where, link, address, address6 in ((name, "wan", end, end6),
                                               ("router", "to-" + name, router, router6)):
            # without the link-local ones neighbours would not find each other
            run("ip", "address", "flush", "dev", link, "scope", "global", where=where)
            run("ip", "link", "set", link, "up", where=where)
            run("ip", "address", "add", address + "/24", "dev", link, where=where)
            run("ip", "address", "add", address6 + "/64", "dev", link, "nodad", where=where)
    for name in NETS:
        connect(name)


def connect(name="client"):
    """The way out, which goes when a link goes down."""
    _, router, _, router6 = NETS[name]
    run("ip", "route", "replace", "default", "via", router, where=name)
    run("ip", "-6", "route", "replace", "default", "via", router6, where=name)


def filter_packets(*rules, policy="accept", nat=()):
    """What the router does with what it passes on, in the words of nft; all of it
    anew. What answers something that was let through is let through."""
    text = f"""flush ruleset
table inet lab {{
  chain forward {{
    type filter hook forward priority filter; policy {policy};
    ct state established,related accept
    {chr(10).join("    " + rule for rule in rules).strip()}
  }}
  chain postrouting {{
    type nat hook postrouting priority srcnat;
    {chr(10).join("    " + rule for rule in nat).strip()}
  }}
}}
"""
    run("nft", "-f", "-", where="router", input=text)


class Program:
    """A program in a namespace, with its log."""

    def __init__(self, where, command, ready):
        self.folder = tempfile.mkdtemp(prefix="realtime-lab-")
        self.path = os.path.join(self.folder, os.path.basename(command[0]) + ".log")
        with open(self.path, "w", encoding="utf-8") as log:
            self.process = subprocess.Popen([*within(where), *command], stdout=log,
                                            stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        atexit.register(self.stop)
        # a connection says that it listens, and no filter is between
        for port in ready:
            run(sys.executable, "-c", WAIT_FOR_PORT, NETS[where][0], str(port),
                where=where, timeout=60)

    def log(self):
        with open(self.path, encoding="utf-8", errors="replace") as log:
            return log.read()

    def stop(self):
        if self.process.poll() is None:
            # not SIGTERM: tinyproxy 1.11.1 forgets one that comes just before it polls, and
            # stays until somebody calls again
            self.process.kill()
            self.process.wait(timeout=30)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.stop()


# A connection that is refused is tried again: there is nothing else to wait for.
WAIT_FOR_PORT = """
import socket, sys, time
deadline = time.monotonic() + 30
while True:
    try:
        socket.create_connection((sys.argv[1], int(sys.argv[2])), 5).close()
        break
    except OSError:
        if time.monotonic() > deadline:
            raise
        time.sleep(0.05)
"""


class Turn(Program):
    """coturn, on the relay."""

    def __init__(self, certificates=None):
        tls = (["--cert", certificates.path("relay.crt"), "--pkey", certificates.path("relay.key")]
               if certificates else ["--no-tls"])
        super().__init__("relay", [
            "turnserver", "-n", "--listening-ip", RELAY, "--relay-ip", RELAY, "--no-cli",
            "--listening-port", str(TURN_PORT), "--tls-listening-port", str(TURN_TLS_PORT),
            "--lt-cred-mech", "--user", f"{USER}:{PASSWORD}", "--realm", "lab", "--no-dtls",
            "--log-file", "stdout", "--verbose", "--pidfile", "", *tls],
            [TURN_PORT] + ([TURN_TLS_PORT] if certificates else []))

    @staticmethod
    def url(scheme="turn", port=TURN_PORT, password=PASSWORD, host=RELAY, more=""):
        return f"{scheme}://{USER}:{password}@{host}:{port}{more}"


class Proxy(Program):
    """tinyproxy, on the relay."""

    def __init__(self, *settings):
        folder = tempfile.mkdtemp(prefix="realtime-proxy-")
        path = os.path.join(folder, "tinyproxy.conf")
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join([f"Port {PROXY_PORT}", f"Listen {RELAY}", "Timeout 600",
                                  "LogLevel Connect", "MaxClients 20", *settings, ""]))
        super().__init__("relay", ["tinyproxy", "-d", "-c", path], [PROXY_PORT])


class Certificates:
    """An authority of our own, and what it signed."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="realtime-ca-")
        self.ca = self.path("ca.pem")
        key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        run("openssl", "req", "-x509", *key, "-keyout", self.path("ca.key"), "-out", self.ca,
            "-days", "2", "-subj", "/CN=authority of the lab")
        for name, address, days in (("server", "IP:" + SERVER, "1"), ("relay", "IP:" + RELAY, "1"),
                                    ("other", "DNS:other.invalid", "1"),
                                    ("expired", "IP:" + SERVER, "-1")):
            run("openssl", "req", *key, "-keyout", self.path(name + ".key"),
                "-out", self.path(name + ".csr"), "-subj", "/CN=" + name)
            with open(self.path(name + ".ext"), "w", encoding="utf-8") as file:
                file.write("subjectAltName=" + address)
            run("openssl", "x509", "-req", "-in", self.path(name + ".csr"), "-CA", self.ca,
                "-CAkey", self.path("ca.key"), "-CAcreateserial", "-days", days,
                "-extfile", self.path(name + ".ext"), "-out", self.path(name + ".crt"))

    def path(self, name):
        return os.path.join(self.folder, name)

    def options(self, name):
        """Of the local server."""
        return ["--tls-certificate", self.path(name + ".crt"), "--tls-key", self.path(name + ".key")]
