"""`python3 bin/install.py requirements.txt` makes .venv hold what the file locks; does nothing when it already does.

uv does the work; plain pip does where uv cannot be had.
"""

import fcntl
import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
INSTALLED = VENV / "installed"
UV = "uv>=0.9,<1"
UV_SETTINGS = {"UV_PYTHON_DOWNLOADS": "never", "UV_LINK_MODE": "copy", "UV_COMPILE_BYTECODE": "1"}


def main(wanted: str) -> None:
    if is_installed(wanted):
        return
    # Two runs at once: the second waits here, then finds the work done.
    folder = os.open(ROOT, os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    if not is_installed(wanted):
        make_environment()
        install(wanted)
        INSTALLED.write_text(digest(wanted))


def is_installed(wanted: str) -> bool:
    """What `make test` installs holds all that `make run` needs, at the same versions."""
    if not INSTALLED.exists() or not runs(PYTHON, "-c", ""):
        return False
    return INSTALLED.read_text() in {digest(wanted), digest("requirements-dev.txt")}


def digest(name: str) -> str:
    return hashlib.sha256((ROOT / name).read_bytes()).hexdigest()


def make_environment() -> None:
    if runs(PYTHON, "-m", "pip", "--version"):
        return
    say(f"Making .venv with Python {sys.version.split()[0]}")
    if not runs(Path(sys.executable), "-m", "venv", "--clear", str(VENV), show=True):
        sys.exit("Python could not make .venv. On Debian and Ubuntu: apt-get install python3-venv. Then try again.")


def install(wanted: str) -> None:
    locked = ["--require-hashes", "--quiet"]
    has_uv = runs(PYTHON, "-m", "uv", "--version") or runs(PYTHON, "-m", "pip", "install", "--quiet", UV)
    if has_uv:
        say(f"Installing {wanted} with uv")
        if runs(PYTHON, "-m", "uv", "pip", "sync", "--python", str(PYTHON), *locked, str(ROOT / wanted), show=True):
            return
    say(f"Installing {wanted} with pip, because uv cannot be had")
    if not runs(PYTHON, "-m", "pip", "install", *locked, "--requirement", str(ROOT / wanted), show=True):
        sys.exit(f"{wanted} could not be installed; the lines above say why. Check the network, then try again.")


def runs(program: Path, *arguments: str, show: bool = False) -> bool:
    """The program exists and ends well; what it prints is shown only when asked for."""
    if not program.exists():
        return False
    quiet = None if show else subprocess.DEVNULL
    environment = os.environ | UV_SETTINGS | {"PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    command = [str(program), *arguments]
    return subprocess.run(command, env=environment, stdout=quiet, stderr=quiet, check=False).returncode == 0


def say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
