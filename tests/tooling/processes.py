"""The site as its own processes, as a person or a container starts it."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPConnection
from itertools import count
from pathlib import Path

import psycopg
from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]
OURS = frozenset(
    "ALLOWED_HOSTS DATABASE_URL DEBUG DJANGO_SETTINGS_MODULE ENVIRONMENT HOST PORT SECRET_KEY SITE_URL".split()
)

databases = count(1)


def environment(**variables: object) -> dict[str, str]:
    """This machine's environment without what the tests themselves set, and with the variables given."""
    theirs = {name: value for name, value in os.environ.items() if name not in OURS}
    return theirs | {name: str(value) for name, value in variables.items()}


def run(*arguments: object, folder: Path = ROOT, **variables: object) -> subprocess.CompletedProcess[str]:
    """Python with the arguments, in the checkout unless told otherwise."""
    command, environ = [sys.executable, *map(str, arguments)], environment(**variables)
    nothing = subprocess.DEVNULL
    return subprocess.run(command, cwd=folder, env=environ, stdin=nothing, capture_output=True, text=True, timeout=300)


@contextmanager
def own_database(folder: Path) -> Iterator[dict[str, str]]:
    """The variables of a site in the folder with an empty database, of the kind under test, that nobody else uses."""
    variables = {"DATA_DIR": str(folder)}
    if settings.IS_SQLITE:
        yield variables
        return
    name = f"site_{os.getpid()}_{next(databases)}"
    with psycopg.connect(settings.DATABASE_URL, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        yield variables | {"DATABASE_URL": settings.DATABASE_URL.replace("/postgres?", f"/{name}?")}
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def serving(*arguments: object, port: int, folder: Path = ROOT, **variables: object) -> Iterator[Callable[[], str]]:
    """Python with the arguments, from when it answers on the port; gives what it has printed so far."""
    command = [sys.executable, *map(str, arguments)]
    with tempfile.TemporaryFile("w+") as log:

        def printed() -> str:
            log.seek(0)
            return log.read()

        process = subprocess.Popen(command, cwd=folder, env=environment(PORT=port, **variables), stdout=log, stderr=log)
        try:
            while process.poll() is None and not answers(port):
                time.sleep(0.1)
            assert process.poll() is None
            yield printed
        finally:
            process.terminate()
            process.wait(60)
            print(printed())


def answers(port: int) -> bool:
    try:
        return ask(port, "/healthz").status > 0
    except OSError:
        return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass(frozen=True)
class Answer:
    status: int
    body: str
    headers: Message


def ask(port: int, path: str, **headers: str) -> Answer:
    """Header names are written with underscores."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    with closing(connection):
        connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        return Answer(response.status, response.read().decode(errors="replace"), response.headers)
