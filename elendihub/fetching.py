"""Asking other sites politely: two questions at once to a host at most, bounded in time, size and number of hops.

What may be asked at all is elendihub.guarding's. What a server sends is never trusted.
"""

import ssl
import time
import zlib
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from threading import Semaphore
from typing import Protocol

import httpcore
import httpx
from django.conf import settings

from elendihub.guarding import Guard, GuardedTransport, OutOfTime, Refused

MOST_AT_ONCE = 16
MOST_AT_ONE_HOST = 2
MOST_HOPS = 5
# Bytes of a page whose text nobody asked for: that it begins to answer is enough.
ENOUGH = 65_536
KEPT_OUT = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
REDIRECTS = frozenset({301, 302, 303, 307, 308})
HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/pdf;q=0.9,*/*;q=0.8",
    "Accept-Language": "en,*;q=0.5",
    # Nothing has to be unpacked that may be larger than it seems.
    "Accept-Encoding": "identity",
}
GARBAGE = (httpx.HTTPError, httpcore.ProtocolError, httpcore.UnsupportedProtocol, ValueError)
USUAL = Guard()
NOWHERE = "nowhere"
# By host: what may still be asked there at this moment.
TURNS: dict[str, Semaphore] = {}


class Outcome(StrEnum):
    """UNDECIDED: the server is there, but keeps programs out or asks to come later, or a program cannot tell at all.
    That breaks no link."""

    GOOD = "good"
    FAILED = "failed"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Answer:
    """`status` is None when no server answered, `final_url` where redirects led; `words` say what went wrong.

    `body` is unpacked, and cut at the number of bytes that was asked for; `kind` is the Content-Type.
    """

    url: str
    outcome: Outcome
    words: str = ""
    status: int | None = None
    final_url: str = ""
    kind: str = ""
    body: bytes = b""


class Asking(Protocol):
    def __call__(self, url: str) -> Answer: ...


def ask(url: str, guard: Guard = USUAL) -> Answer:
    """HEAD, and GET where HEAD brought nothing good: many servers refuse it or answer it wrongly."""
    answer = fetch(url, guard, method="HEAD")
    asks_for_patience = answer.outcome is Outcome.UNDECIDED and answer.status not in KEPT_OUT
    if answer.outcome is Outcome.GOOD or asks_for_patience or (answer.status is None and not answer.final_url):
        return answer
    return fetch(url, guard)


def fetch(url: str, guard: Guard = USUAL, *, method: str = "GET", most_bytes: int = ENOUGH) -> Answer:
    """One address, its redirects followed and each looked at first. It never raises: the answer says what happened.

    An answer without `final_url` is one of a host that could not be asked at all.
    """
    reached = ""
    try:
        transport = GuardedTransport(guard)
        with client(guard, transport) as session:
            request = session.build_request(method, url)
            for _ in range(MOST_HOPS + 1):
                guard.look_at(request.url)
                with turn_at(host_of(str(request.url)), transport):
                    response = session.send(request, stream=True)
                    reached = str(request.url)
                    if response.status_code not in REDIRECTS or response.next_request is None:
                        return judged(url, response, body_of(response, most_bytes))
                    response.close()
                    request = response.next_request
            return Answer(url, Outcome.FAILED, f"It redirects more than {MOST_HOPS} times.", None, reached)
    except Refused as refused:
        return Answer(url, Outcome.FAILED, f"Not asked: {refused}")
    except (OutOfTime, httpcore.TimeoutException) as error:
        began = reached or ("" if isinstance(error, httpcore.ConnectTimeout) else url)
        return Answer(url, Outcome.FAILED, "It took too long to answer.", None, began)
    except httpcore.ConnectError as error:
        return Answer(url, Outcome.FAILED, connection_trouble(error))
    except httpcore.NetworkError:
        return Answer(url, Outcome.FAILED, "The connection broke off.", None, url)
    except UnicodeError:
        # Signs that httpx lets into no name, though some registries do.
        return Answer(url, Outcome.UNDECIDED, "This program cannot read the name of the host. Open it yourself.")
    except OSError:
        return Answer(url, Outcome.FAILED, "No such host is known.")
    except httpx.InvalidURL:
        return Answer(url, Outcome.FAILED, "It is no address of the web.")
    except GARBAGE:
        return Answer(url, Outcome.FAILED, "What it sent is no answer of a web server.", None, reached or url)


@contextmanager
def turn_at(host: str, transport: GuardedTransport) -> Iterator[None]:
    """Waits while MOST_AT_ONE_HOST questions are open there: redirects of many hosts may lead to one. The server is
    not charged with the wait."""
    came = time.monotonic()
    with TURNS.setdefault(host, Semaphore(MOST_AT_ONE_HOST)):
        transport.network.ends_at += time.monotonic() - came
        yield


def client(guard: Guard, transport: GuardedTransport) -> httpx.Client:
    timeout = httpx.Timeout(guard.read_seconds, connect=guard.connect_seconds)
    headers = HEADERS | {"User-Agent": f"{settings.SITE_NAME} link check (+{settings.SITE_URL}/about/)"}
    return httpx.Client(transport=transport, timeout=timeout, headers=headers, trust_env=False)


def connection_trouble(error: BaseException) -> str:
    """A certificate that does not hold is worth knowing apart from a server that is not there."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return "Its secure connection does not hold: the certificate or the TLS behind it is wrong."
        cause = cause.__cause__ or cause.__context__
    return "It does not accept connections."


def body_of(response: httpx.Response, most_bytes: int) -> bytes:
    raw = bytearray()
    for piece in response.iter_raw():
        raw += piece
        if len(raw) >= most_bytes:
            break
    response.close()
    return unpacked(bytes(raw[:most_bytes]), response.headers.get("Content-Encoding", ""), most_bytes)


def unpacked(raw: bytes, encoding: str, most_bytes: int) -> bytes:
    """A server may pack although it was asked not to; what does not unpack stays as it came."""
    if encoding.strip().lower() not in ("gzip", "x-gzip", "deflate"):
        return raw
    with suppress(zlib.error):
        # 32: by its own first bytes, gzip or zlib.
        return zlib.decompressobj(32 + zlib.MAX_WBITS).decompress(raw, most_bytes)
    return raw


def judged(url: str, response: httpx.Response, body: bytes) -> Answer:
    status = response.status_code
    outcome, words = Outcome.FAILED, f"It answers {status}{phrase(status)}."
    if response.is_success:
        outcome, words = Outcome.GOOD, ""
    elif status in KEPT_OUT:
        outcome, words = Outcome.UNDECIDED, f"It keeps this program out ({status}). Open it yourself."
    elif status == 429 or (status == 503 and "Retry-After" in response.headers):
        outcome, words = Outcome.UNDECIDED, f"It asks to come later ({status})."
    final = str(response.request.url)
    return Answer(url, outcome, words, status, final, response.headers.get("Content-Type", ""), body)


def phrase(status: int) -> str:
    with suppress(ValueError):
        return f" {HTTPStatus(status).phrase}"
    return ""


def ask_all(urls: Iterable[str], asking: Asking = ask, *, most_at_once: int = MOST_AT_ONCE) -> Iterator[Answer]:
    """Each answer as it comes. Never more than MOST_AT_ONE_HOST questions are open at one host.

    Only the questions under way are held as tasks; hosts take turns, so that a large one does not keep others waiting.
    """
    waiting: defaultdict[str, deque[str]] = defaultdict(deque)
    for url in urls:
        waiting[host_of(url)].append(url)
    running: dict[Future[Answer], str] = {}
    with ThreadPoolExecutor(most_at_once) as pool:
        while waiting or running:
            while len(running) < most_at_once and (host := next_host(waiting, running)):
                running[pool.submit(asking, waiting[host].popleft())] = host
                # To the end of the turns, or out of them.
                left = waiting.pop(host)
                if left:
                    waiting[host] = left
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                del running[future]
                yield future.result()


def next_host(waiting: Iterable[str], running: dict[Future[Answer], str]) -> str:
    """The first in turn that may be asked one thing more; empty when none may."""
    open_at = Counter(running.values())
    return next((host for host in waiting if open_at[host] < MOST_AT_ONE_HOST), "")


def host_of(url: str) -> str:
    """In small letters, of ASCII as DNS knows it, without the port: two ports are one machine. What is no address
    counts as a host too."""
    with suppress(httpx.InvalidURL):
        return httpx.URL(url).raw_host.decode().rstrip(".") or NOWHERE
    return NOWHERE
