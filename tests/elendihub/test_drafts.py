"""A draft is to visitors as if it were not there: each address below it answers as one where nothing is."""

import pytest

from tests import factories

BELOW_AN_ARTICLE = [
    *("", "?at=2026-03-01", "?at=2026-03-01T10:00:00Z", "?preview=x", "v/1/"),
    *("compare/", "compare/1...2/", "compare/?from=1&to=2"),
    *("evidence.zip", "evidence.zip?at=2026-03-01", "evidence.zip?since=2026-03-01"),
]
OF_A_HUB = [
    *("/hubs/{}/", "/hubs/{}/?at=2026-03-01", "/hubs/{}/?preview=x", "/hubs/{}/v/1/", "/hubs/{}/changes/"),
    *("/hubs/{}/compare/", "/hubs/{}/compare/1...2/", "/hubs/{}/compare/?from=1&to=2", "/hubs/{}/evidence.zip"),
    *("/hubs/{}/deadlines.ics", "/feeds/hubs/{}.atom", "/feeds/hubs/{}/changes.atom"),
    *("/evidence.zip?hub={}", "/evidence.zip?article={}/in-it"),
]


def answer(client, path, name):
    """What a visitor can tell of it, its own name in the path aside."""
    found = client.get(path.format(name))
    headers = {key: value for key, value in found.headers.items() if key != "Content-Length"}
    return found.status_code, headers, found.text.replace(name, "-")


@pytest.mark.parametrize("below", BELOW_AN_ARTICLE)
def test_a_draft_article_answers_like_none(client, db, below):
    hub = factories.make_public_hub()
    factories.make_article(hub=hub, slug="a-draft")
    path = f"/hubs/{hub.slug}/{{}}/{below}"
    assert answer(client, path, "a-draft") == answer(client, path, "nothing")


@pytest.mark.parametrize("path", OF_A_HUB)
def test_a_draft_hub_answers_like_none(client, db, path):
    factories.make_article(hub=factories.make_hub(slug="a-draft"), slug="in-it")
    assert answer(client, path, "a-draft") == answer(client, path, "nothing")
