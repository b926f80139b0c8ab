"""The server is killed with -9 while editors save and publish: what was acknowledged stays, and nothing is half done.

KILLED_PUBLISHES=200 KILLED_KILLS=12 tries it longer.
"""

import os
import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from itertools import count
from threading import Event

from tests.tooling.desk import PATIENCE, form_address, publish, publish_address, save, site_with
from tests.tooling.processes import answers, ask

PUBLISHES = int(os.environ.get("KILLED_PUBLISHES", "20"))
KILLS = int(os.environ.get("KILLED_KILLS", "2"))
EDITORS = 4


class Work:
    """What editors did until `ends` is set. `saved` and `published` hold what was acknowledged."""

    def __init__(self, port):
        self.port, self.ends, self.numbers = port, Event(), count(1)
        self.saved, self.tried, self.published, self.interrupted = {}, {}, {}, []

    def run(self, editor, article):
        while not self.ends.is_set():
            number = next(self.numbers)
            text = f"## Head\n\nMDR Article 120(3c) and Annex VIII, text {number}."
            try:
                form = editor.open(form_address(article))
                self.tried[article] = text
                answer = save(editor, article, form, text)
                assert answer.status == 302, answer.body
                self.saved[article] = text
                step = editor.open(publish_address(article))
                answer = publish(editor, article, step, f"Publish {number}.")
                assert answer.status == 302, answer.body
                self.published[number] = (article, text)
            except (OSError, HTTPException):
                self.interrupted.append(number)
                self.wait()

    def wait(self):
        end = time.monotonic() + PATIENCE
        while not answers(self.port):
            assert time.monotonic() < end
            time.sleep(0.05)


def kill_and_publish(site, work, chance):
    """Kills spread over the publishes, each at a chance moment of what goes on."""
    for number in range(1, KILLS + 1):
        wait_for(work, PUBLISHES * number // (KILLS + 1))
        time.sleep(chance.random() / 5)
        site.kill()
        site.start()
    wait_for(work, PUBLISHES)


def wait_for(work, published):
    while len(work.published) < published and not work.ends.is_set():
        time.sleep(0.005)


def test_what_was_acknowledged_stays_and_nothing_is_half_published(tmp_path):
    with site_with(tmp_path / "data", articles=EDITORS, editors=EDITORS) as (site, articles, editors):
        began, work = site.report(), Work(site.port)
        with ThreadPoolExecutor(EDITORS) as pool:
            running = [pool.submit(work.run, *each) for each in zip(editors, articles, strict=True)]
            for each in running:
                each.add_done_callback(lambda _: work.ends.set())
            try:
                kill_and_publish(site, work, random.Random(KILLS))
            finally:
                work.ends.set()
            for each in running:
                each.result()
        report = site.report()
        print(f"{len(work.published)} publishes, {KILLS} kills, {len(work.interrupted)} interrupted")
        assert work.interrupted

        stored = {version["note"]: (version["article"], version["body"]) for version in report["versions"]}
        for number, published in work.published.items():
            assert stored[f"Publish {number}."] == published
        for article in articles:
            assert report["texts"][str(article)][1] in (work.saved[article], work.tried[article])

        made = len(report["versions"]) - len(began["versions"])
        assert len(work.published) <= made <= len(work.published) + len(work.interrupted)
        # Each publish inserts one row and closes another; both raise the generation.
        assert report["generation"] >= began["generation"] + 2 * made
        twice = Counter(note for note in (version["note"] for version in report["versions"]) if "Publish" in note)
        assert set(twice.values()) == {1}
        assert "versions of 4 articles hold" in site.verify()
        for number, article in enumerate(articles):
            newest = [version["body"] for version in report["versions"] if version["article"] == article][-1]
            page = ask(site.port, f"/hubs/norway/article-{number}/")
            assert page.status == 200
            assert newest.rpartition(", ")[2] in page.body
