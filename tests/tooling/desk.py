"""Editors at their browsers, against the site as its own processes; each step of the desk is one function here."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from threading import Barrier
from typing import IO, Any
from urllib.parse import urlencode

from tests.reading import Reader
from tests.tooling.processes import ROOT, Answer, answers, environment, free_port, own_database, run

TOKEN = "a" * 32
SERVE = ("-m", "gunicorn", "--config", "gunicorn.conf.py", "elendihub.wsgi")
# Seconds in which a request that waits its turn is answered.
PATIENCE = 60

SETUP = """
import json, sys, django
django.setup()
from django.test import Client
from tests import factories
articles, editors = map(int, sys.argv[1:])
factories.make_mdr()
hub = factories.make_published_hub(slug="norway").hub
shelves = {"hub": hub, "category": factories.make_category(), "topic": factories.make_topic()}
made = [factories.make_published_article(slug=f"article-{number}", **shelves).article for number in range(articles)]
sessions = []
for _ in range(editors):
    browser = Client()
    browser.force_login(factories.make_editor(is_superuser=True, password=None))
    sessions.append(browser.cookies["sessionid"].value)
print(json.dumps({"articles": [article.pk for article in made], "sessions": sessions}))
"""

REPORT = """
import json, django
django.setup()
from articles.models import Article, ArticleVersion
from elendihub.models import Generation
versions = ArticleVersion.objects.order_by("article", "number").values("article", "number", "note", "body")
print(json.dumps({
    "texts": {article.pk: [article.edit_number, article.body] for article in Article.objects.all()},
    "versions": list(versions),
    "generation": Generation.objects.current(),
}))
"""


class Site:
    """Two workers of the site over a database of their own; they can be killed and started again."""

    def __init__(self, variables: dict[str, str], log: IO[str]) -> None:
        self.variables = variables | {"DJANGO_SETTINGS_MODULE": "elendihub.settings", "SECOND_PERSON": "0"}
        self.port = free_port()
        self.log = log

    def start(self) -> None:
        command, variables = [sys.executable, *SERVE], environment(PORT=self.port, **self.variables)
        # A group of its own, so that the kill meets master and workers and nobody else.
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=variables, stdout=self.log, stderr=self.log, start_new_session=True
        )
        while not answers(self.port):
            assert self.process.poll() is None, self.printed()
            time.sleep(0.1)

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(PATIENCE)

    def printed(self) -> str:
        self.log.seek(0)
        return self.log.read()

    def report(self) -> Any:
        """Every article's edit number and text by its id, every version of an article, the generation."""
        return json.loads(succeed("-c", REPORT, **self.variables))

    def verify(self) -> str:
        return succeed("manage.py", "verify_record", **self.variables)


def succeed(*arguments: object, **variables: Any) -> str:
    done = run(*arguments, **variables)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@dataclass(frozen=True)
class Editor:
    """Signed in by the cookie of a session."""

    port: int
    session: str

    def ask(self, method: str, path: str, body: str = "") -> Answer:
        headers = {"Cookie": f"sessionid={self.session}; csrftoken={TOKEN}"}
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as connection:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return Answer(response.status, response.read().decode(), response.headers)

    def open(self, path: str) -> dict[str, list[str]]:
        """The fields of the page's form as a browser would send them back."""
        page = self.ask("GET", path)
        assert page.status == 200, page.body
        return fields_of(page.body)

    def send(self, path: str, fields: dict[str, list[str]], **changes: str) -> Answer:
        sent = fields | {name: [value] for name, value in changes.items()} | {"csrfmiddlewaretoken": [TOKEN]}
        return self.ask("POST", path, urlencode(sent, doseq=True))


def fields_of(html: str) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    name = ""
    for element in Reader(html).elements:
        attributes = element.attributes
        if element.tag == "select":
            name = attributes.get("name", "")
        elif element.tag == "option" and name and "selected" in attributes:
            fields.setdefault(name, []).append(attributes.get("value", element.text))
        elif element.tag == "textarea":
            fields.setdefault(attributes["name"], []).append(element.text.removeprefix("\n"))
        elif element.tag == "input" and "name" in attributes and is_sent(attributes):
            fields.setdefault(attributes["name"], []).append(attributes.get("value", ""))
    return fields


def is_sent(attributes: dict[str, str]) -> bool:
    kind = attributes.get("type", "text")
    return kind not in ("submit", "button", "file") and (kind not in ("checkbox", "radio") or "checked" in attributes)


# Steps of the desk


def form_address(article: int) -> str:
    return f"/admin/articles/article/{article}/change/"


def publish_address(article: int) -> str:
    return f"/admin/articles/article/{article}/publish/"


def save(editor: Editor, article: int, fields: dict[str, list[str]], text: str) -> Answer:
    """302 when it was saved, 200 when the page comes back with the reason."""
    return editor.send(form_address(article), fields, body=text, _continue="1")


def publish(editor: Editor, article: int, fields: dict[str, list[str]], note: str) -> Answer:
    """302 when it was published, 200 when the page comes back with the reason."""
    return editor.send(publish_address(article), fields, note=note, kind="significant")


# All at once


def together(works: list[Callable[[], Any]]) -> list[Any]:
    """What each gave, all begun at the same moment."""
    gate = Barrier(len(works))

    def begin(work: Callable[[], Any]) -> Any:
        gate.wait(PATIENCE)
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(begin, works))


@contextmanager
def site_with(folder: Path, *, articles: int, editors: int) -> Iterator[tuple[Site, list[int], list[Editor]]]:
    """A served site with so many published articles in one hub, and so many editors signed in."""
    with own_database(folder) as variables, tempfile.TemporaryFile("w+") as log:
        site = Site(variables, log)
        succeed("manage.py", "prepare", "database", "static", **site.variables)
        made = json.loads(succeed("-c", SETUP, articles, editors, **site.variables))
        site.start()
        try:
            yield site, made["articles"], [Editor(site.port, session) for session in made["sessions"]]
        finally:
            site.kill()
            print(site.printed())
