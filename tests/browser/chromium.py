"""The Chromium that the browser tests drive. `python -m tests.browser.chromium` installs one where there is none."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = (
    "Browser tests need a Chromium; none is here and none could be installed. On Debian: apt-get install chromium."
)


def find() -> Path | None:
    """One of the system's or Playwright's own; only one that starts."""
    candidates = [Path(path) for name in NAMES if (path := shutil.which(name))]
    with sync_playwright() as playwright:
        candidates.append(Path(playwright.chromium.executable_path))
    return next((path for path in candidates if path.exists() and succeeds(str(path), "--version")), None)


def install() -> None:
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing Chromium with apt-get", flush=True)
        if succeeds("apt-get", "update") and succeeds("apt-get", "install", "--yes", "chromium"):
            return
    print("Installing Chromium with Playwright", flush=True)
    succeeds(sys.executable, "-m", "playwright", "install", "chromium")


def succeeds(*command: str) -> bool:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    quiet = subprocess.DEVNULL
    return subprocess.run(command, env=environment, stdin=quiet, stdout=quiet, stderr=quiet).returncode == 0


def is_required() -> bool:
    return os.environ.get("CI", "") == "true"


def main() -> None:
    if find() is None:
        install()
    if find() is None:
        sys.exit(MISSING) if is_required() else print(MISSING, flush=True)


if __name__ == "__main__":
    main()
