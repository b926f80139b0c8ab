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
    """The form of each article as its editor gets it; of one that they share, as the first one gets it."""
    if len(set(articles)) == 1:
        return [editors[0].open(address(articles[0]))] * len(editors)
    return [editor.open(address(article)) for editor, article in zip(editors, articles, strict=True)]


def at_once(act, editors, articles, forms, texts):
    return together([partial(act, *each) for each in zip(editors, articles, forms, texts, strict=True)])


def winning(answers, texts):
    [winner] = [text for answer, text in zip(answers, texts, strict=True) if answer.status == 302]
    return winner


def assert_kept(answers, texts, reason):
    """Who did not win hears why, and has on the page what they wrote."""
    for answer, text in zip(answers, texts, strict=True):
        if answer.status != 302:
            assert answer.status == 200
            assert reason in answer.body
            assert text in answer.body


@pytest.mark.parametrize("count", [2, EDITORS])
def test_of_editors_who_save_one_text_at_once_one_wins_and_the_others_keep_theirs(place, count):
    site, articles, editors = place
    chosen, shared = editors[:count], articles[:1] * count
    before = site.report()["texts"][str(shared[0])][0]
    for number in range(1, ROUNDS + 1):
        forms = opened(chosen, shared, form_address)
        texts = [f"## Head\n\nMDR Article 120, round {number} of {count}, by editor {each}." for each in range(count)]
        answers = at_once(save, chosen, shared, forms, texts)
        assert_kept(answers, texts, CONFLICT)
        assert site.report()["texts"][str(shared[0])] == [before + number, winning(answers, texts)]


def test_editors_who_save_texts_of_their_own_at_once_all_win(place):
    site, (_, *articles), editors = place
    for number in range(ROUNDS):
        texts = [f"## Head\n\nMDR Article 10(9), round {number}, article {article}." for article in articles]
        answers = at_once(save, editors, articles, opened(editors, articles, form_address), texts)
        assert [answer.status for answer in answers] == [302] * EDITORS
        stored = site.report()["texts"]
        assert [stored[str(article)][1] for article in articles] == texts


def test_of_editors_who_publish_one_text_at_once_one_wins_and_the_others_hear_of_it(place):
    site, articles, editors = place
    shared = articles[:1] * EDITORS
    before = notes_of(site, shared[0])
    for number in range(1, ROUNDS + 1):
        notes = [f"Round {number}, by editor {each}." for each in range(EDITORS)]
        answers = at_once(publish, editors, shared, opened(editors, shared, publish_address), notes)
        assert_kept(answers, notes, OVERTAKEN)
        before = [*before, winning(answers, notes)]
        assert notes_of(site, shared[0]) == before
    site.verify()


def test_editors_who_publish_texts_of_their_own_at_once_make_one_version_each(place):
    site, (_, *articles), editors = place
    before = Counter(version["article"] for version in site.report()["versions"])
    for number in range(1, ROUNDS + 1):
        notes = [f"Round {number}, article {article}." for article in articles]
        answers = at_once(publish, editors, articles, opened(editors, articles, publish_address), notes)
        assert [answer.status for answer in answers] == [302] * EDITORS
        assert [notes_of(site, articles[0])[-1]] == notes[:1]
    after = Counter(version["article"] for version in site.report()["versions"])
    assert after - before == Counter(articles * ROUNDS)
    site.verify()
    assert ask(site.port, "/hubs/norway/").status == 200


def notes_of(site, article):
    return [version["note"] for version in site.report()["versions"] if version["article"] == article]
