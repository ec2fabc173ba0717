"""The plugin and answers of other shapes: each way in which the service's answer, or a
compatible server's, was seen to differ, by itself, in front of aiortc."""
import re
import threading
import unittest

from aiortc_peer import AiortcPeer
from harness import Pipeline, main
from shim import results, spoken


def sections(answer):
    """The session's part of an answer and its media sections."""
    parts = re.split(r"(?m)^(?=m=)", answer)
    return parts[0], parts[1:]


def joined(session, media):
    return session + "".join(media)


def in_session(line):
    """A line at the end of the session's part."""
    def rewrite(answer):
        session, media = sections(answer)
        return joined(session + line + "\r\n", media)
    return rewrite


def session_fingerprint(answer):
    session, media = sections(answer)
    if "a=fingerprint:" in session:
        return answer
    line = re.search(r"a=fingerprint:sha-256.*\r\n", media[0]).group(0)
    media = [re.sub(r"a=fingerprint:.*\r\n", "", part) for part in media]
    return joined(session + line, media)


def first_section_only(answer):
    session, media = sections(answer)
    rest = [re.sub(r"a=(candidate:.*|end-of-candidates)\r\n", "", part) for part in media[1:]]
    return joined(session, media[:1] + rest)


def ufrag_tails(answer):
    ufrag = re.search(r"a=ice-ufrag:(\S+)", answer).group(1)
    return re.sub(r"(?m)^(a=candidate:.*?)\r$", rf"\1 ufrag {ufrag}\r", answer)


def tcp_candidates(answer):
    """A TCP candidate after each over UDP, where nobody listens."""
    return re.sub(r"(?m)^a=candidate:\S+ 1 udp \d+ (\S+) \d+ typ host.*\r\n",
                  r"\g<0>a=candidate:77 1 tcp 1671430143 \1 9 typ host tcptype passive\r\n", answer)


def without_end(answer):
    return answer.replace("a=end-of-candidates\r\n", "")


def wms(answer):
    return re.sub(r"a=msid-semantic:.*\r\n", "a=msid-semantic:WMS*\r\n", answer)


def message_size(answer):
    return re.sub(r"a=max-message-size:\d+", f"a=max-message-size:{2 ** 30 - 1}", answer)


def all_of_them(answer):
    for rewrite in (session_fingerprint, first_section_only, ufrag_tails, tcp_candidates,
                    without_end, wms, message_size, in_session("a=extmap-allow-mixed")):
        answer = rewrite(answer)
    return answer


class Quirks(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = results("quirks")
        _, cls.say = spoken(cls.folder, "say.wav", ["good night"], "slt")

    def connect(self, rewrite=None, **options):
        """To a configured session with audio both ways."""
        with AiortcPeer(self.folder, self.say, rewrite=rewrite, **options) as peer:
            line = ("audiotestsrc is-live=true ! realtimebin name=rt ! fakesink name=out "
                    "sync=false signal-handoffs=true rt.event_src ! transcriptsink")
            loud = threading.Event()
            with Pipeline(line, peer.base_url, "sk-interop") as pipeline:
                def on_audio(_sink, buffer, _pad):
                    if any(buffer.extract_dup(0, buffer.get_size())):
                        loud.set()
                pipeline.out.connect("handoff", on_audio)
                pipeline.play()
                pipeline.wait_for_element(
                    "realtime/state", lambda s: s.get_value("connection").value_nick == "connected")
                self.assertTrue(loud.wait(60), "nothing was heard")
                self.assertTrue(peer.received("session.update"))
            if rewrite is not None:
                self.assertNotEqual(peer.answers[0], peer.given[0], "nothing was rewritten")

    def test_plain(self):
        self.connect()

    def test_session_level_fingerprint(self):
        self.connect(session_fingerprint)

    def test_ice_lite_line(self):
        self.connect(in_session("a=ice-lite"))

    def test_candidates_in_the_first_section_only(self):
        self.connect(first_section_only)

    def test_ufrag_at_the_end_of_candidates(self):
        self.connect(ufrag_tails)

    def test_tcp_candidates_beside(self):
        self.connect(tcp_candidates)

    def test_no_end_of_candidates(self):
        self.connect(without_end)

    def test_msid_semantic_without_blank(self):
        self.connect(wms)

    def test_huge_message_size(self):
        self.connect(message_size)

    def test_line_feeds_only(self):
        self.connect(lambda answer: answer.replace("\r\n", "\n"))

    def test_last_line_without_its_end(self):
        self.connect(str.rstrip)

    def test_all_of_them(self):
        self.connect(all_of_them)

    def test_status_200(self):
        self.connect(status=200)

    def test_text_plain(self):
        self.connect(content_type="text/plain; charset=utf-8")

    def test_no_location(self):
        self.connect(location=False)

    def test_beta_item_names(self):
        self.connect(names={"conversation.item.added": "conversation.item.created",
                            "conversation.item.done": None})


if __name__ == "__main__":
    main()
