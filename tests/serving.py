"""Real servers on the loopback address, and names for them: what a test asks never leaves the machine."""

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from elendihub.guarding import Guard

Reply = Callable[[Any], None]
TLS = Path(__file__).parent / "elendihub" / "tls" / "site.example.pem"


class Site(ThreadingHTTPServer):
    """`seen` are the requests as "METHOD path", `hosts` their Host headers, `agents` the programs that asked."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, pages: dict[str, Reply]) -> None:
        self.pages = pages
        self.seen: list[str] = []
        self.hosts: list[str] = []
        self.agents: list[str] = []
        self.lock = threading.Lock()
        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def port(self) -> int:
        return self.server_address[1]

    def at(self, path: str, host: str = "site.example", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"

    def handle_error(self, *args: Any) -> None:
        """Who hung up is the test's own client."""


class Handler(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        site = self.server
        with site.lock:
            site.seen.append(f"{self.command} {self.path}")
            site.hosts.append(self.headers["Host"])
            site.agents.append(self.headers["User-Agent"])
        site.pages.get(self.path.partition("?")[0], status(404))(self)

    do_HEAD = do_GET  # noqa: N815

    def log_message(self, *args: Any) -> None:
        """Not on the terminal."""


@contextmanager
def serving(pages: dict[str, Reply], *, secure: bool = False) -> Iterator[Site]:
    site = Site(pages)
    if secure:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(TLS)
        site.socket = context.wrap_socket(site.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=site.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        site.shutdown()
        site.server_close()
        thread.join()


def page(body: bytes | str = b"<p>Text</p>", **headers: str) -> Reply:
    return status(200, body, **headers)


def status(code: int, body: bytes | str = b"", **headers: str) -> Reply:
    data = body.encode() if isinstance(body, str) else body

    def reply(handler: Any) -> None:
        handler.send_response(code)
        sent = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(data))}
        for name, value in (sent | {name.replace("_", "-"): value for name, value in headers.items()}).items():
            handler.send_header(name, value)
        handler.end_headers()
        if handler.command != "HEAD":
            handler.wfile.write(data)

    return reply


def to(address: str, code: int = 302) -> Reply:
    return status(code, Location=address)


def only_get(reply: Reply) -> Reply:
    return lambda handler: (status(405) if handler.command == "HEAD" else reply)(handler)


def raw(data: bytes) -> Reply:
    def reply(handler: Any) -> None:
        handler.wfile.write(data)
        handler.close_connection = True

    return reply


def names(**other: str) -> Callable[[str, int], list[str]]:
    """A resolver: every .example is this machine, others as given with _ for a dot, and no other name is known."""
    table = {name.replace("_", "."): address for name, address in other.items()}

    def resolve(host: str, port: int) -> list[str]:
        if host in table:
            return table[host].split()
        if host.endswith(".example"):
            return ["127.0.0.1"]
        if host.replace(".", "").isdigit() or ":" in host:
            return [host]
        raise OSError("unknown")

    return resolve


def guard(**options: Any) -> Guard:
    chosen: dict[str, Any] = {"resolve": names(), "allows_loopback": True}
    return Guard(**chosen | options)
