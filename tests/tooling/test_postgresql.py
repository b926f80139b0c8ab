"""The PostgreSQL of the tests lives as long as its command, whatever becomes of that."""

import sys
from pathlib import Path

import psycopg
import pytest

from tests.tooling.processes import run

ASK = "import os, psycopg; print(psycopg.connect(os.environ['DATABASE_URL']).info.server_version // 10_000)"
FAIL = "import os, sys; sys.exit('address ' + os.environ['DATABASE_URL'])"


def test_a_command_finds_an_empty_server_of_a_supported_release():
    asked = run("-m", "tests.postgresql", sys.executable, "-c", ASK)
    assert (asked.returncode, int(asked.stdout) >= 17) == (0, True)


def test_the_server_ends_with_a_command_that_fails():
    failed = run("-m", "tests.postgresql", sys.executable, "-c", FAIL)
    address = failed.stderr.partition("address ")[2].strip()
    assert failed.returncode == 1
    assert not Path(address.partition("host=")[2]).exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(address, connect_timeout=2)
