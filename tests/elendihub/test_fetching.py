"""Other sites are asked with care; every server here stands on this machine."""

import gzip
import socket
import ssl
import threading
import time
from contextlib import contextmanager
from itertools import repeat

import pytest

from elendihub.fetching import ENOUGH, MOST_AT_ONE_HOST, TURNS, Answer, Outcome, ask, ask_all, fetch, host_of, turn_at
from elendihub.guarding import Guard, GuardedTransport
from tests.serving import TLS, guard, names, only_get, page, raw, serving, status, to

GOOD, FAILED, UNDECIDED = Outcome.GOOD, Outcome.FAILED, Outcome.UNDECIDED


def test_head_is_enough_when_it_is_answered_well():
    with serving({"/": page()}) as site:
        answer = ask(site.at("/"), guard())
    assert (answer.outcome, answer.status, answer.final_url) == (GOOD, 200, site.at("/"))
    assert site.seen == ["HEAD /"]


def test_the_site_says_who_it_is_and_keeps_the_name_of_the_host(settings):
    with serving({"/": page()}) as site:
        ask(site.at("/"), guard())
    assert site.hosts == [f"site.example:{site.port}"]
    assert f"+{settings.SITE_URL}/about/" in site.agents[0]


@pytest.mark.parametrize("refusal", [400, 401, 403, 404, 405, 500, 501, 503])
def test_where_head_is_refused_get_decides(refusal):
    def reply(handler):
        (status(refusal) if handler.command == "HEAD" else page())(handler)

    with serving({"/": reply}) as site:
        assert ask(site.at("/"), guard()).outcome is GOOD
    assert site.seen == ["HEAD /", "GET /"]


@pytest.mark.parametrize(
    ("code", "headers", "outcome"),
    [
        (204, {}, GOOD),
        (404, {}, FAILED),
        (410, {}, FAILED),
        (500, {}, FAILED),
        (503, {}, FAILED),
        (503, {"Retry_After": "120"}, UNDECIDED),
        (429, {}, UNDECIDED),
        (403, {}, UNDECIDED),
        (401, {}, UNDECIDED),
        (304, {}, FAILED),
        (599, {}, FAILED),
        (999, {}, FAILED),
    ],
)
def test_what_a_status_means(code, headers, outcome):
    with serving({"/": status(code, **headers)}) as site:
        answer = ask(site.at("/"), guard())
    assert (answer.outcome, answer.status) == (outcome, code)
    assert str(code) in answer.words or outcome is GOOD


@pytest.mark.parametrize("answer", [status(429), status(503, Retry_After="60")])
def test_who_asks_for_patience_is_not_asked_again_at_once(answer):
    with serving({"/": answer}) as site:
        ask(site.at("/"), guard())
    assert site.seen == ["HEAD /"]


def test_redirects_are_followed_to_where_they_lead():
    with serving({"/new": page()}) as other, serving({}) as site:
        site.pages |= {"/": to("/next", 301), "/next": to(other.at("/new", "other.example"), 308)}
        answer = ask(site.at("/"), guard())
    assert (answer.outcome, answer.final_url) == (GOOD, other.at("/new", "other.example"))


def test_five_redirects_are_followed_and_no_sixth():
    with serving({f"/{number}": to(f"/{number + 1}") for number in range(9)} | {"/9": page()}) as site:
        assert fetch(site.at("/4"), guard()).outcome is GOOD
        answer = fetch(site.at("/3"), guard())
    assert (answer.outcome, answer.words) == (FAILED, "It redirects more than 5 times.")


def test_a_loop_of_redirects_ends():
    with serving({"/": to("/")}) as site:
        assert ask(site.at("/"), guard()).outcome is FAILED
    assert site.seen.count("HEAD /") == 6


@pytest.mark.parametrize("hops", [1, 2, 4])
@pytest.mark.parametrize(
    "address",
    ["http://inside.example/", "http://10.0.0.1/", "http://169.254.169.254/latest/", "http://[::ffff:10.0.0.1]/"],
)
def test_a_private_address_is_refused_at_every_hop(address, hops):
    resolve = names(inside_example="10.1.2.3")
    with serving({f"/{number}": to(f"/{number - 1}") for number in range(1, hops)} | {"/0": to(address)}) as site:
        answer = ask(site.at(f"/{hops - 1}"), guard(resolve=resolve))
    assert answer.outcome is FAILED
    assert answer.words.startswith("Not asked: ")
    assert "not public" in answer.words


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "ftp://site.example/", "http://a:b@site.example/", "data:,x"]
)
def test_a_redirect_to_what_is_no_web_address_is_not_followed(address):
    with serving({"/": to(address)}) as site:
        answer = fetch(site.at("/"), guard())
    assert answer.outcome is FAILED
    assert len(site.seen) == 1


def test_loopback_is_refused_unless_a_test_lets_it_in():
    with serving({"/": page()}) as site:
        answer = ask(site.at("/"), Guard(resolve=names()))
        assert answer.words.startswith("Not asked: ")
        assert ask(f"http://127.0.0.1:{site.port}/").words.startswith("Not asked: ")
    assert site.seen == []


def test_a_name_that_answers_differently_the_second_time_gains_nothing():
    answers = iter([["127.0.0.1"], ["10.0.0.1"], ["10.0.0.1"]])
    with serving({"/": page()}) as site:
        answer = fetch(site.at("/"), guard(resolve=lambda host, port: next(answers)))
    assert answer.outcome is GOOD
    assert next(answers) == ["10.0.0.1"]


def test_the_next_address_of_a_host_is_tried_when_the_first_does_not_answer():
    with serving({"/": page()}) as site:
        assert fetch(site.at("/"), guard(resolve=names(site_example="127.0.0.9 127.0.0.1"))).outcome is GOOD


@pytest.mark.parametrize(
    ("address", "words"),
    [("http://nowhere.invalid/", "No such host is known."), ("http://" + "a" * 300 + ".invalid/", "No such host")],
)
def test_an_unknown_host_is_told(address, words):
    answer = ask(address, guard())
    assert (answer.outcome, answer.status) == (FAILED, None)
    assert answer.words.startswith(words)


@pytest.mark.parametrize(
    "address",
    ["", "x", "http://", "http://[", "http://a b/", "http://a.example:99999999/", "\x00", "http://１２７.0.0.1/"],
)
def test_what_is_no_address_fails_and_raises_nothing(address):
    assert ask(address, guard()).outcome is FAILED


@pytest.mark.parametrize("host", ["xn--", "xn--a.example", "xn--ls8h.example", "xn--i-7iq.example"])
def test_a_name_that_this_program_cannot_read_is_left_to_a_person_and_stops_no_run(host):
    with serving({"/": page(), "/to": to(f"http://{host}/")}) as site:
        urls = [site.at("/", host), site.at("/to"), site.at("/")]
        answers = {answer.url: answer for answer in ask_all(urls, lambda url: ask(url, guard()))}
    assert [answers[url].outcome for url in urls] == [UNDECIDED, UNDECIDED, GOOD]
    assert "Open it yourself" in answers[urls[0]].words


def test_a_closed_port_is_told():
    # Held, so that nobody else opens it meanwhile.
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        address = f"http://site.example:{held.getsockname()[1]}/"
        assert ask(address, guard()).words == "It does not accept connections."


# TLS


def trusting():
    return ssl.create_default_context(cafile=str(TLS))


def test_a_certificate_is_held_against_the_name_of_the_host_and_not_its_number():
    with serving({"/": page()}, secure=True) as site:
        assert fetch(site.at("/", scheme="https"), guard(tls=trusting)).outcome is GOOD
        answer = fetch(site.at("/", "other.example", "https"), guard(tls=trusting))
    assert "secure connection does not hold" in answer.words


def test_a_certificate_that_nobody_vouches_for_is_told():
    with serving({"/": page()}, secure=True) as site:
        assert "secure connection does not hold" in ask(site.at("/", scheme="https"), guard()).words


def test_a_server_without_tls_is_told():
    with serving({"/": page()}) as site:
        assert ask(site.at("/", scheme="https"), guard()).outcome is FAILED


# Bounds


def stalling(handler):
    handler.rfile.read(1)


def test_a_server_that_says_nothing_is_left():
    with serving({"/": stalling}) as site:
        answer = fetch(site.at("/"), guard(read_seconds=0.2))
    assert answer.words == "It took too long to answer."


def test_a_name_that_nobody_resolves_is_left_and_not_asked_for_a_second_time():
    never, asked = threading.Event(), []

    def resolve(host, port):
        asked.append(host)
        never.wait()
        return []

    answer = ask("http://site.example/", guard(resolve=resolve, connect_seconds=0.1))
    assert (answer.outcome, answer.words) == (FAILED, "It took too long to answer.")
    assert asked == ["site.example"]
    never.set()


def test_a_name_is_resolved_in_what_is_left_of_the_whole_time():
    never = threading.Event()
    answer = fetch("http://site.example/", guard(resolve=lambda *_: never.wait() and [], whole_seconds=0.1))
    assert answer.words == "It took too long to answer."
    never.set()


def dripping(handler):
    for piece in repeat(b"X-Drop: 1\r\n"):
        handler.wfile.write(piece)
        handler.wfile.flush()
        time.sleep(0.01)


@pytest.mark.parametrize("begin", [b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_a_server_that_sends_a_little_for_ever_is_left(begin):
    def reply(handler):
        handler.wfile.write(begin)
        dripping(handler)

    with serving({"/": reply}) as site:
        answer = fetch(site.at("/"), guard(whole_seconds=0.5))
    assert answer.words == "It took too long to answer."


def endless(handler):
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    for piece in repeat(b"x" * 65_536):
        handler.wfile.write(piece)


def test_an_endless_body_is_cut():
    with serving({"/": endless}) as site:
        answer = fetch(site.at("/"), guard(), most_bytes=200_000)
    assert answer.outcome is GOOD
    assert len(answer.body) == 200_000


def test_what_was_packed_to_burst_is_cut():
    bomb = gzip.compress(b"\0" * 50_000_000)
    with serving({"/": page(bomb, Content_Encoding="gzip")}) as site:
        answer = fetch(site.at("/"), guard())
    assert len(answer.body) == ENOUGH


def test_what_was_packed_though_not_asked_for_is_unpacked():
    with serving({"/": page(gzip.compress(b"<p>Text</p>"), Content_Encoding="gzip")}) as site:
        assert fetch(site.at("/"), guard()).body == b"<p>Text</p>"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00\xff" * 500,
        b"SSH-2.0-OpenSSH_9\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"A: " + b"b" * 2_000_000 + b"\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: http://[bad\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: \x00\x01\r\n\r\n",
        b"HTTP/1.1 302 Found\r\n\r\n",
    ],
)
def test_garbage_fails_and_raises_nothing(data):
    with serving({"/": raw(data)}) as site:
        assert fetch(site.at("/"), guard()).outcome is FAILED


# Many


def test_a_host_is_asked_two_things_at_once_at_most():
    pair, lock, now, seen = threading.Barrier(2, timeout=30), threading.Lock(), 0, []

    def slow(handler):
        nonlocal now
        with lock:
            now += 1
            seen.append(now)
        # Until its fellow has come, and a while longer, in which a third would be seen.
        pair.wait()
        time.sleep(0.02)
        with lock:
            # Before the answer: the next question may come as soon as that is read.
            now -= 1
        page()(handler)

    with serving({"/": slow}) as site:
        answers = list(ask_all((site.at(f"/?{n}") for n in range(12)), lambda url: ask(url, guard())))
    assert {answer.outcome for answer in answers} == {GOOD}
    assert len(answers) == 12
    assert max(seen) == MOST_AT_ONE_HOST


def test_a_host_on_two_ports_counts_once_and_others_are_asked_meanwhile():
    four, lock = threading.Barrier(4, timeout=30), threading.Lock()
    now, most, together = dict.fromkeys("ab", 0), dict.fromkeys("ab", 0), []

    def asking(url):
        host = url[7]
        with lock:
            now[host] += 1
            most[host] = max(most[host], now[host])
            together.append(sum(now.values()))
        # Until two have come to either host, and a while longer, in which a fifth would be seen.
        four.wait()
        time.sleep(0.01)
        with lock:
            now[host] -= 1
        return Answer(url, GOOD)

    urls = [f"http://{host}.example:{port}/{n}" for n in range(5) for host in "ab" for port in (80, 8080)]
    assert {answer.url for answer in ask_all(urls, asking, most_at_once=16)} == set(urls)
    assert max(most.values()) == 2
    assert max(together) == 4


def test_redirects_of_many_hosts_to_one_bring_it_no_more_than_two_questions_at_once():
    pair, lock, now, seen = threading.Barrier(2, timeout=30), threading.Lock(), 0, []

    def slow(handler):
        nonlocal now
        with lock:
            now += 1
            seen.append(now)
        pair.wait()
        time.sleep(0.02)
        with lock:
            now -= 1
        page()(handler)

    with serving({"/slow": slow}) as site:
        site.pages["/"] = to(site.at("/slow", "target.example"))
        urls = [site.at("/", f"host-{number}.example") for number in range(6)] + [
            site.at("/slow", "target.example")
        ] * 2
        answers = list(ask_all(urls, lambda url: fetch(url, guard())))
    assert {answer.outcome for answer in answers} == {GOOD}
    assert max(seen) == MOST_AT_ONE_HOST


def test_waiting_for_a_turn_is_not_charged_to_the_server(monkeypatch):
    @contextmanager
    def busy():
        time.sleep(0.05)
        yield

    monkeypatch.setitem(TURNS, "busy.example", busy())
    transport = GuardedTransport(guard())
    before = transport.network.ends_at
    with turn_at("busy.example", transport):
        assert transport.network.ends_at >= before + 0.05


@pytest.mark.parametrize("other", ["http://A.example/", "https://a.example:8443/x", "http://a.example./"])
def test_one_host_is_one_however_it_is_written(other):
    assert host_of(other) == host_of("http://a.example/")


def test_ten_thousand_addresses_are_never_held_as_ten_thousand_questions():
    waiting = []

    def asking(url):
        waiting.append(threading.active_count())
        return Answer(url, GOOD)

    urls = [f"http://host-{n % 700}.example/{n}" for n in range(10_000)]
    before = threading.active_count()
    assert sum(1 for _ in ask_all(urls, asking)) == 10_000
    assert max(waiting) <= before + 16


def test_only_get_is_asked_when_the_text_is_wanted():
    with serving({"/": only_get(page("<p>Text</p>"))}) as site:
        assert fetch(site.at("/"), guard()).body == b"<p>Text</p>"
    assert site.seen == ["GET /"]
