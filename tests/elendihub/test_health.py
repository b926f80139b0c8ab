import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db.migrations.recorder import MigrationRecorder

# Nothing listens on the discard port, so that this PostgreSQL never answers.
DEAD = "postgres://nobody@127.0.0.1:9/nothing"
ASK = """
import django
from django.conf import settings
settings.DATABASES["default"]["OPTIONS"]["pool"]["timeout"] = 0.2
django.setup()
from django.test import Client
for path in {paths}:
    response = Client(raise_request_exception=False, headers={{"host": "localhost"}}).get(path)
    print(response.status_code, response.headers.get("Retry-After", "-"), response.text.replace("\\n", " "))
"""


def answers_without_database(tmp_path, *paths):
    """The status, Retry-After and text of each path on a site whose database does not answer."""
    environment = os.environ | {"DATABASE_URL": DEAD, "ELENDIHUB_TEST_FOLDER": str(tmp_path)}
    command = [sys.executable, "-c", ASK.format(paths=paths)]
    run = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr[-2000:]
    return [line.split(" ", 2) for line in run.stdout.splitlines()]


def test_a_process_that_answers_is_alive_without_asking_the_database(client):
    response = client.get("/healthz")
    assert (response.status_code, response.text) == (200, "ok\n")


def test_a_site_with_every_migration_is_ready(client, db):
    response = client.get("/readyz")
    assert (response.status_code, response.text) == (200, "ready\n")


def test_a_site_with_migrations_to_come_is_not_ready(client, db):
    MigrationRecorder.Migration.objects.filter(app="articles").latest("name").delete()
    response = client.get("/readyz")
    assert (response.status_code, response.text) == (503, "1 migrations wait.\n")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_neither_is_kept_by_anybody(client, path):
    assert "no-store" in client.get(path)["Cache-Control"]


def test_without_its_database_a_site_is_alive_not_ready_and_says_so_in_its_own_look(tmp_path):
    paths = ("/healthz", "/readyz", "/about/", "/", "/hubs/norway/", "/hubs/norway/labels/", "/sitemap.xml")
    healthz, readyz, about, *rest = answers_without_database(tmp_path, *paths)
    assert healthz[0] == about[0] == "200"
    assert readyz[0] == "503"
    assert "does not answer" in readyz[2]
    for status, retry, html in rest:
        assert (status, retry) == ("503", "120")
        assert "is not available right now" in html
        assert "https://www.dmp.no" in html
        assert "Traceback" not in html
