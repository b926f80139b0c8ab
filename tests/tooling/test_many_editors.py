"""Many editors save and publish at the same moment: nobody overwrites another unseen, and no number is given twice.

EDITOR_ROUNDS=20 repeats each so often instead of twice.
"""

import os
from collections import Counter
from functools import partial

import pytest

from tests.tooling.desk import form_address, publish, publish_address, save, site_with, together
from tests.tooling.processes import ask

EDITORS = 20
ROUNDS = int(os.environ.get("EDITOR_ROUNDS", "2"))
CONFLICT = "Somebody saved this while you were editing"
OVERTAKEN = "Somebody changed or published this after you opened the page"


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    with site_with(tmp_path_factory.mktemp("editors") / "data", articles=EDITORS + 1, editors=EDITORS) as served:
        yield served


def opened(editors, articles, address):
    return [editor.open(address(article)) for editor, article in zip(editors, articles, strict=True)]


@pytest.mark.parametrize("count", [2, EDITORS])
def test_of_editors_who_save_one_text_at_once_one_wins_and_the_others_keep_theirs(place, count):
    site, (article, *_), editors = place
    for number in range(ROUNDS):
        chosen = editors[:count]
        forms = opened(chosen, [article] * count, form_address)
        texts = [f"## Head\n\nMDR Article 120, round {number} of {count}, by editor {each}." for each in range(count)]
        before = site.report()["texts"][str(article)]
        answers = together(
            [
                partial(save, editor, article, form, text)
                for editor, form, text in zip(chosen, forms, texts, strict=True)
            ]
        )
        assert Counter(answer.status for answer in answers) == {302: 1, 200: count - 1}
        for answer, text in zip(answers, texts, strict=True):
            if answer.status == 200:
                assert CONFLICT in answer.body
                assert text in answer.body
        winner = next(text for answer, text in zip(answers, texts, strict=True) if answer.status == 302)
        assert site.report()["texts"][str(article)] == [before[0] + 1, winner]


def test_editors_who_save_texts_of_their_own_at_once_all_win(place):
    site, (_, *articles), editors = place
    for number in range(ROUNDS):
        forms = opened(editors, articles, form_address)
        texts = [f"## Head\n\nMDR Article 10(9), round {number}, article {article}." for article in articles]
        saves = zip(editors, articles, forms, texts, strict=True)
        answers = together([partial(save, *each) for each in saves])
        assert [answer.status for answer in answers] == [302] * EDITORS
        stored = site.report()["texts"]
        assert [stored[str(article)][1] for article in articles] == texts


def test_of_editors_who_publish_one_text_at_once_one_wins_and_the_others_hear_of_it(place):
    site, (article, *_), editors = place
    for number in range(ROUNDS):
        forms = opened(editors, [article] * EDITORS, publish_address)
        before = len(site.report()["versions"])
        notes = [f"Round {number}, by editor {each}." for each in range(EDITORS)]
        publishes = zip(editors, [article] * EDITORS, forms, notes, strict=True)
        answers = together([partial(publish, *each) for each in publishes])
        assert Counter(answer.status for answer in answers) == {302: 1, 200: EDITORS - 1}
        for answer, note in zip(answers, notes, strict=True):
            if answer.status == 200:
                assert OVERTAKEN in answer.body
                assert note in answer.body
        versions = site.report()["versions"]
        assert len(versions) == before + 1
        winner = next(note for answer, note in zip(answers, notes, strict=True) if answer.status == 302)
        assert [version["note"] for version in versions if version["article"] == article][-1] == winner
        site.verify()


def test_editors_who_publish_texts_of_their_own_at_once_make_one_version_each(place):
    site, (_, *articles), editors = place
    for number in range(ROUNDS):
        forms = opened(editors, articles, publish_address)
        before = Counter(version["article"] for version in site.report()["versions"])
        publishes = zip(editors, articles, forms, [f"Round {number}."] * EDITORS, strict=True)
        answers = together([partial(publish, *each) for each in publishes])
        assert [answer.status for answer in answers] == [302] * EDITORS
        after = Counter(version["article"] for version in site.report()["versions"])
        assert after - before == Counter(articles)
        site.verify()
    assert ask(site.port, "/hubs/norway/article-7/").status == 200
