from datetime import timedelta

import pytest

from articles.models import ArticleVersion
from tests import factories
from tests.factories import PUBLISHED_AT


@pytest.fixture
def hub(db):
    return factories.make_published_hub().hub


def publish(hub, title, hours=0, **fields):
    article = factories.make_article(hub=hub, title=title, **fields)
    return factories.publish(article, live_from=PUBLISHED_AT + timedelta(hours=hours))


def titles(versions):
    return [version.title for version in versions]


def test_a_version_keeps_every_public_field_of_its_moment(hub):
    category = factories.make_category(name="Registration", slug="registration")
    main, further = factories.make_topic(name="UDI", slug="udi"), factories.make_topic(name="Labels", slug="labels")
    fields = {"category": category, "topic": main, "also": [further, main]}
    version = publish(hub, "Labelling", summary="What it says.", body="## Scope\n\n*Text.*", **fields)
    stored = ArticleVersion.objects.get(pk=version.pk)
    assert (stored.title, stored.summary, stored.body) == ("Labelling", "What it says.", "## Scope\n\n*Text.*")
    assert stored.body_html == '<h2 id="scope">Scope</h2>\n<p><em>Text.</em></p>\n'
    assert stored.contents == [{"level": 2, "anchor": "scope", "title": "Scope"}]
    assert (stored.category, stored.category_name) == (category, "Registration")
    assert stored.topics == [{"slug": "udi", "name": "UDI"}, {"slug": "labels", "name": "Labels"}]


def test_a_version_keeps_the_names_of_its_day(hub):
    version = publish(hub, "Labelling", topic=factories.make_topic(name="Before", slug="t"))
    version.article.topic.name = "After"
    version.article.topic.save()
    stored = ArticleVersion.objects.get(pk=version.pk)
    assert stored.topics[0]["name"] == stored.topic_rows.get().name == "Before"


def test_reading_order_is_newest_first_and_then_as_made(hub):
    for title, hours in (("old", 0), ("same", 5), ("same too", 5), ("new", 9)):
        publish(hub, title, hours)
    assert titles(ArticleVersion.objects.in_reading_order()) == ["new", "same", "same too", "old"]


def test_a_change_moves_an_article_in_what_changed_and_not_in_reading_order(hub):
    old, new = publish(hub, "old", 0), publish(hub, "new", 5)
    old.article.publish(by=None, note="What changed.")
    new.article.publish(by=None, kind="minor")
    live = ArticleVersion.objects.live()
    assert titles(live.in_reading_order()) == ["new", "old"]
    assert titles(live.last_changed()) == ["old", "new"]


def test_what_comes_after_a_place_is_what_follows_it_in_reading_order(hub):
    versions = [publish(hub, title, hours) for title, hours in (("a", 0), ("b", 5), ("c", 5), ("d", 9))]
    place = (versions[1].published_at, versions[1].article_id)
    assert titles(ArticleVersion.objects.after(place).in_reading_order()) == ["c", "a"]


def test_related_articles_on_the_main_topic_come_first_and_are_four_at_most(hub):
    main, further = factories.make_topic(), factories.make_topic()
    version = publish(hub, "this", topic=main, also=[further])
    publish(hub, "by further topic", 9, topic=further)
    for number in range(4):
        publish(hub, f"main {number}", number, topic=main)
    related = ArticleVersion.objects.live().related_to(version)
    assert titles(related) == ["main 3", "main 2", "main 1", "main 0"]
    version.article.also.clear()


def test_is_changed_tells_more_than_a_minor_change(hub):
    first = publish(hub, "Labelling")
    assert not first.is_changed
    assert not first.article.publish(by=None, kind="minor").is_changed
    assert first.article.publish(by=None, kind="correction", **factories.CORRECTION).is_changed
