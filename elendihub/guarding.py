"""The network as this site's own questions may use it: public addresses only, and never longer than a moment set.

Resolving, looking and connecting are one step: the connection goes to an address that was looked at, so a name that
answers differently the next time gains nothing. TLS and the Host header keep the host's own name.
"""

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import httpcore
import httpx

WEB_PORTS = frozenset({80, 443, 8080, 8443})
# A host may have many addresses; who does not answer on the first of them is not tried for long.
MOST_ADDRESSES = 4
UNICAST_V6 = ipaddress.ip_network("2000::/3")
NAT64 = ipaddress.ip_network("64:ff9b::/96")


class Refused(Exception):
    """An address that this site does not ask; the message says why."""


class OutOfTime(Exception):
    """The whole took too long, however busily the server went on sending."""


def addresses_of(host: str, port: int) -> list[str]:
    """As the system resolves them. Raises OSError, and UnicodeError for what is no name."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(row[4][0]) for row in found))


def resolved(resolve: Callable[[str, int], Iterable[str]], host: str, port: int, seconds: float) -> list[str]:
    """Raises TimeoutError, and OSError or ValueError as the resolver does.

    The system's own takes no limit, nor can it be ended: it goes on in a thread that nobody waits for.
    """
    answer: Future[list[str]] = Future()

    def look_up() -> None:
        try:
            answer.set_result(list(resolve(host, port)))
        except (OSError, ValueError) as error:
            answer.set_exception(error)

    threading.Thread(target=look_up, daemon=True).start()
    return answer.result(seconds)


@lru_cache(maxsize=1)
def trusted() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


@dataclass(frozen=True)
class Guard:
    """What may be asked, and how long it may take, in seconds.

    `allows_loopback` is for tests alone, which serve on the machine itself: it lets in loopback addresses at any port,
    and nothing else that is not public. Nothing of the site sets it.
    """

    resolve: Callable[[str, int], Iterable[str]] = addresses_of
    allows_loopback: bool = False
    tls: Callable[[], ssl.SSLContext] = field(default=trusted)
    connect_seconds: float = 5
    read_seconds: float = 15
    whole_seconds: float = 30

    def look_at(self, url: httpx.URL) -> None:
        """Raises Refused for an address that cannot be asked whatever its host resolves to."""
        if url.scheme not in ("http", "https"):
            raise Refused("Only http and https are asked.")
        if not url.raw_host:
            raise Refused("The address names no host.")
        if url.userinfo:
            raise Refused("The address carries a name or password.")
        if url.port is not None and url.port not in WEB_PORTS and not self.allows_loopback:
            raise Refused(f"Port {url.port} is no port of the web.")

    def checked(self, host: str, port: int, seconds: float) -> list[str]:
        """The addresses of the host, each of which may be asked. Raises Refused when only one may not, OSError when
        none is known, and TimeoutError when that took longer than `seconds`."""
        found = resolved(self.resolve, host, port, seconds)
        if not found:
            raise OSError("no address")
        for address in found:
            if not (is_public(address) or (self.allows_loopback and is_loopback(address))):
                raise Refused(f"{host} leads to {address}, which is not public.")
        return found[:MOST_ADDRESSES]


def is_public(address: str) -> bool:
    """Whether it belongs to the open internet, an address of IPv4 inside one of IPv6 included.

    Not: private, loopback, link-local, multicast, reserved, unspecified, shared by a provider (RFC 6598), unique local,
    Teredo, or anything outside the global unicast range of IPv6.
    """
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if ip in NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is None:
            return ip in UNICAST_V6 and ip.is_global and ip.teredo is None
        ip = inner
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def is_loopback(address: str) -> bool:
    return ipaddress.ip_address(address).is_loopback


class TimedStream(httpcore.NetworkStream):
    """A connection that ends at its moment: a server cannot hold it by sending a byte now and then."""

    def __init__(self, stream: httpcore.NetworkStream, ends_at: float) -> None:
        self.stream, self.ends_at = stream, ends_at

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self.stream.read(max_bytes, within(timeout, self.ends_at))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.stream.write(buffer, within(timeout, self.ends_at))

    def close(self) -> None:
        self.stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        tls = self.stream.start_tls(ssl_context, server_hostname, within(timeout, self.ends_at))
        return TimedStream(tls, self.ends_at)

    def get_extra_info(self, info: str) -> Any:
        return self.stream.get_extra_info(info)


class GuardedNetwork(httpcore.NetworkBackend):
    """Opens connections to looked-at addresses; all of them end at `ends_at`, of time.monotonic()."""

    def __init__(self, guard: Guard, ends_at: float) -> None:
        self.guard, self.ends_at, self.plain = guard, ends_at, httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        failure: Exception = OSError("no address")
        for address in self.addresses(host, port, within(timeout, self.ends_at)):
            try:
                stream = self.plain.connect_tcp(
                    address, port, within(timeout, self.ends_at), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
                continue
            return TimedStream(stream, self.ends_at)
        raise failure

    def addresses(self, host: str, port: int, seconds: float) -> list[str]:
        try:
            return self.guard.checked(host, port, seconds)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout from error


class GuardedTransport(httpx.BaseTransport):
    """One connection at a time through a GuardedNetwork; errors are httpcore's own."""

    def __init__(self, guard: Guard) -> None:
        self.network = GuardedNetwork(guard, time.monotonic() + guard.whole_seconds)
        self.pool = httpcore.ConnectionPool(
            ssl_context=guard.tls(), max_connections=1, max_keepalive_connections=0, network_backend=self.network
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = httpcore.URL(
            scheme=request.url.raw_scheme, host=request.url.raw_host, port=request.url.port, target=request.url.raw_path
        )
        asked = httpcore.Request(request.method, url, headers=request.headers.raw, extensions=request.extensions)
        answer = self.pool.handle_request(asked)
        return httpx.Response(
            answer.status, headers=answer.headers, stream=Body(answer.stream), extensions=answer.extensions
        )

    def close(self) -> None:
        self.pool.close()


class Body(httpx.SyncByteStream):
    def __init__(self, stream: Any) -> None:
        self.stream = stream

    def __iter__(self) -> Any:
        return iter(self.stream)

    def close(self) -> None:
        self.stream.close()


def within(timeout: float | None, ends_at: float) -> float:
    """Seconds that one step may take. Raises OutOfTime when none are left."""
    left = ends_at - time.monotonic()
    if left <= 0:
        raise OutOfTime
    return left if timeout is None else min(timeout, left)
