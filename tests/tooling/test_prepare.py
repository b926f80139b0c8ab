"""`make run` from its second step on: the site is prepared once, says so, and is served."""

import re
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.tooling.processes import ask, free_port, own_database, run, serving

PASSWORD = re.compile(r"the password (\S+) \(kept in (.+)\)")


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Iterator[dict[str, str]]:
    """A DATA_DIR with a name that tries the tools, and a database of its own of the kind under test."""
    with own_database(tmp_path_factory.mktemp("data") / "a b#%20?") as variables:
        yield variables


@pytest.fixture(scope="module")
def runs(place) -> list[subprocess.CompletedProcess[str]]:
    """Two at once, then a third."""
    with ThreadPoolExecutor() as pool:
        ended = list(pool.map(lambda _: run("manage.py", "prepare", **place), range(2)))
    snapshot = files(place)
    ended.append(run("manage.py", "prepare", **place))
    assert files(place) == snapshot
    return ended


def files(place: dict[str, str]) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in Path(place["DATA_DIR"]).rglob("*") if path.is_file()}


def test_every_run_succeeds_even_two_at_once(runs):
    assert [(each.returncode, each.stderr) for each in runs] == [(0, "")] * 3


def test_each_step_is_said_in_one_line(runs):
    for each in runs:
        steps = [line.partition(":")[0] for line in each.stdout.splitlines()]
        assert steps == ["Database", "Content", "Static", "Editor"]


def test_a_later_run_finds_everything_done(runs):
    later = ["Database: up to date", "Content: already there", "Static: up to date", "Editor: accounts already there"]
    assert runs[2].stdout.splitlines() == later


def test_the_password_is_said_once_and_kept_for_its_owner_alone(runs, place):
    [(password, kept)] = PASSWORD.findall("".join(each.stdout for each in runs))
    assert kept == str(Path(place["DATA_DIR"]).resolve() / "editor-password")
    assert Path(kept).read_text().strip() == password
    modes = [(Path(kept).parent / name).stat().st_mode & 0o777 for name in ("editor-password", "secret-key")]
    assert modes == [0o600, 0o600]


def test_the_site_is_served_and_says_where(runs, place):
    port = free_port()
    with serving("manage.py", "serve", port=port, **place) as printed:
        assert ask(port, "/hubs/norway/").status == 200
        assert ask(port, "/readyz").body == "ready\n"
        assert f"ElendiHub answers at http://127.0.0.1:{port}/" in printed()
        assert PASSWORD.search(printed()) is None


def test_only_the_named_steps_are_done(tmp_path):
    prepared = run("manage.py", "prepare", "database", DATA_DIR=tmp_path)
    assert re.fullmatch(r"Database: \d+ migrations applied\n", prepared.stdout)
    assert "The steps are database" in run("manage.py", "prepare", "statics", DATA_DIR=tmp_path).stderr
