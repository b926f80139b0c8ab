"""What cannot work is refused at the start, in one line that tells the cure."""

import socket
import subprocess
import sys

import pytest

from tests.tooling.processes import ROOT, environment, free_port, run

PRODUCTION = {"ENVIRONMENT": "production", "SECRET_KEY": "k" * 60, "ALLOWED_HOSTS": "elendihub.example"}
UNREACHABLE = "postgres://someone:hidden@127.0.0.1:1/site"

REFUSED = {
    "production without a key": (PRODUCTION | {"SECRET_KEY": ""}, "SECRET_KEY is not set"),
    "production without hosts": (PRODUCTION | {"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS is not set"),
    "production with DEBUG": (PRODUCTION | {"DEBUG": "1"}, "Unset it"),
    "production with hosts that are no single one": (PRODUCTION | {"ALLOWED_HOSTS": ".a.example,*"}, "Set SITE_URL"),
    "a site that is no address": ({"SITE_URL": "elendihub.example"}, "Use https:// and a host"),
    "a site at many hosts": ({"SITE_URL": "https://.elendihub.example"}, "Use https:// and a host"),
    "a site below a path": ({"SITE_URL": "https://elendihub.example/site"}, "Use https:// and a host"),
    "a site with a password": ({"SITE_URL": "https://a:hidden@elendihub.example"}, "Use https:// and a host"),
    "a site at a port that is none": ({"SITE_URL": "https://elendihub.example:99999"}, "Use https:// and a host"),
    "another environment": ({"ENVIRONMENT": "staging"}, "Use development or production"),
    "a word for a port": ({"PORT": "abc"}, "Use a number such as 8000"),
    "a port that is none": ({"PORT": "70000"}, "Use a number from 1 to 65535"),
    "neither on nor off": ({"DEBUG": "maybe"}, "Use 1 or 0"),
    "an address of nowhere": ({"HOST": "no host"}, "Use 127.0.0.1"),
    "another machine's address": ({"HOST": "192.0.2.1"}, "Use 127.0.0.1"),
    "no address of a database": ({"DATABASE_URL": "nonsense"}, "Use postgres://"),
    "another kind of database": ({"DATABASE_URL": "mysql://localhost/site"}, "Use postgres://"),
    "a database that is not there": ({"DATABASE_URL": UNREACHABLE}, "Check DATABASE_URL"),
    "a file for a folder": ({"DATA_DIR": "/dev/null/site"}, "Name a folder"),
    "a file for a folder, with a key": ({"DATA_DIR": "/dev/null/site", "SECRET_KEY": "k" * 60}, "Name a folder"),
}


@pytest.mark.parametrize(("variables", "cure"), REFUSED.values(), ids=REFUSED)
def test_an_unusable_value_is_refused_with_its_cure(tmp_path, variables, cure):
    refused = run("manage.py", "serve", **{"DATA_DIR": tmp_path, "PORT": free_port()} | variables)
    [line] = refused.stderr.splitlines()
    assert refused.returncode != 0
    assert cure in line
    assert "hidden" not in line


@pytest.mark.parametrize(
    ("variables", "address"),
    [
        (PRODUCTION, "https://elendihub.example"),
        (PRODUCTION | {"ALLOWED_HOSTS": ".wide.example, *, one.example"}, "https://one.example"),
        (PRODUCTION | {"SITE_URL": "https://other.example:8443/"}, "https://other.example:8443"),
        ({"HOST": "::1", "PORT": "81"}, "http://[::1]:81"),
    ],
)
def test_the_address_of_the_site_is_one_that_a_browser_can_open(tmp_path, variables, address):
    told = run("-c", "from elendihub.settings import SITE_URL; print(SITE_URL)", DATA_DIR=tmp_path, **variables)
    assert (told.stdout.strip(), told.stderr) == (address, "")


@pytest.mark.parametrize(
    ("variables", "is_wanted"),
    [
        ({}, "False"),
        ({"SECOND_PERSON": "1"}, "True"),
        (PRODUCTION, "True"),
        (PRODUCTION | {"SECOND_PERSON": "off"}, "False"),
    ],
)
def test_a_second_person_is_wanted_in_production_unless_it_says_otherwise(tmp_path, variables, is_wanted):
    told = run(
        "-c", "from elendihub.settings import SECOND_PERSON; print(SECOND_PERSON)", DATA_DIR=tmp_path, **variables
    )
    assert (told.stdout.strip(), told.stderr) == (is_wanted, "")


def test_a_port_in_use_is_refused_before_anything_is_done(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        refused = run("manage.py", "serve", DATA_DIR=tmp_path, PORT=taken.getsockname()[1])
    [line] = refused.stderr.splitlines()
    assert "is taken. Stop what listens there, or use another" in line
    assert refused.stdout == ""


def test_gunicorn_alone_refuses_in_one_line_too(tmp_path):
    variables = PRODUCTION | {"SECRET_KEY": "", "DATA_DIR": str(tmp_path)}
    refused = run("-m", "gunicorn", "elendihub.wsgi", **variables)
    assert (
        refused.stderr
        == "ElendiHub cannot start: SECRET_KEY is not set. ENVIRONMENT=production does not start without it.\n"
    )
    assert refused.returncode != 0


def test_an_old_python_is_refused_by_make(tmp_path):
    (tmp_path / "sitecustomize.py").write_text("import sys; sys.version_info = (3, 10, 0)")
    command = ["make", "run", f"PYTHON={sys.executable}"]
    variables = environment(PYTHONPATH=tmp_path)
    refused = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, check=False)
    assert refused.stderr.startswith("Python 3.10 is too old. Use 3.11 or newer")
    assert refused.returncode != 0
