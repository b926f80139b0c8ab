"""Of two runs at once the second says so and ends; a run that was killed is in nobody's way."""

import re
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError
from django.db import connection

from articles.links import ASKING
from elendihub import running
from tests.tooling.processes import ROOT, environment, own_database, run

# What a run does while it is under way: here it waits for a line, or for its end.
RUN = f"""
import django, sys
django.setup()
from elendihub.running import alone
with alone(*{ASKING}):
    print("under way", flush=True)
    sys.stdin.readline()
    if "failing" in sys.argv:
        raise ValueError
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with own_database(tmp_path_factory.mktemp("data")) as variables:
        yield variables | {"DJANGO_SETTINGS_MODULE": "elendihub.settings"}


@contextmanager
def under_way(site, *arguments):
    pipe, command = subprocess.PIPE, [sys.executable, "-c", RUN, *arguments]
    environ = environment(**site)
    with subprocess.Popen(command, cwd=ROOT, env=environ, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdout.readline() == "under way\n", process.stderr.read()
        try:
            yield process
        finally:
            process.kill()


def second(site):
    return run("-c", RUN, **site)


@pytest.mark.parametrize("command", ASKING)
def test_a_second_run_says_since_when_another_is_under_way_and_ends_with_1(site, command):
    before = datetime.now(UTC).replace(second=0, microsecond=0)
    with under_way(site):
        answer = run("manage.py", command, **site)
    assert (answer.returncode, answer.stdout) == (1, "")
    said = r"Another run of check_links or watch_sources is under way since (.+) UTC\. This one did nothing\."
    since = datetime.strptime(re.search(said, answer.stderr)[1], "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
    assert before <= since <= datetime.now(UTC)


@pytest.mark.parametrize("arguments", [(), ("failing",)])
def test_the_next_run_begins_when_the_one_before_it_has_ended_however_it_ended(site, arguments):
    with under_way(site, *arguments) as first:
        assert second(site).returncode == 1
        first.communicate("go on\n")
        assert (first.returncode != 0) is bool(arguments)
        assert second(site).stdout == "under way\n"


def test_a_run_that_was_killed_is_in_nobody_s_way(site):
    with under_way(site) as first:
        first.kill()
        first.wait()
        # PostgreSQL ends the session as soon as it sees that nobody is there.
        for _ in range(100):
            answer = second(site)
            if answer.returncode == 0:
                break
            time.sleep(0.1)
        assert answer.stdout == "under way\n"


def test_a_folder_that_cannot_be_written_is_told(tmp_path, monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "NAME", tmp_path / "nowhere" / "site.sqlite3")
    with pytest.raises(CommandError, match="cannot be written"), running.in_folder(ASKING):
        pass
