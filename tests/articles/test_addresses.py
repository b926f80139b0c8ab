"""An address that an article had leads to it for ever, whoever changed it: the database itself sees to that."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from articles.models import Article, FormerSlug
from tests import factories, reading


@pytest.fixture
def article(db):
    return factories.make_published_article(slug="labelling").article


def execute(sql, *params):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)


def test_a_slug_changed_by_any_program_leaves_the_way_behind(client, article):
    former = article.get_absolute_url()
    assert Article.objects.update(slug="labels") == 1
    answer = client.get(former)
    assert answer.status_code == 301
    assert client.get(answer["Location"]).status_code == 200


def test_a_move_to_another_hub_by_any_program_leaves_the_way_behind(client, article):
    former, hub = article.get_absolute_url(), factories.make_public_hub()
    execute("UPDATE articles_article SET hub_id = %s, slug = 'labels'", hub.pk)
    assert client.get(former)["Location"] == f"/hubs/{hub.slug}/labels/"


def test_every_address_of_several_changes_leads_to_the_last(client, article):
    addresses = [article.get_absolute_url()]
    for slug in ("two", "three", "four"):
        article.slug = slug
        article.save()
        addresses.append(article.get_absolute_url())
    assert {client.get(address)["Location"] for address in addresses[:-1]} == {addresses[-1]}


def test_an_article_may_return_to_an_address_it_had(client, article):
    Article.objects.update(slug="labels")
    Article.objects.update(slug="labelling")
    assert client.get(article.get_absolute_url()).status_code == 200
    assert list(FormerSlug.objects.values_list("slug", flat=True)) == ["labels"]


def test_no_article_comes_to_stand_at_a_former_address_of_another(article):
    Article.objects.update(slug="labels")
    with pytest.raises(IntegrityError, match="leads to another article"), transaction.atomic():
        factories.make_article(hub=article.hub, slug="labelling")
    other = factories.make_article(hub=article.hub)
    with pytest.raises(IntegrityError, match="leads to another article"):
        execute("UPDATE articles_article SET slug = 'labelling' WHERE id = %s", other.pk)
    factories.make_article(slug="labelling")


def test_no_former_address_is_where_another_article_stands(article):
    other = factories.make_article(hub=article.hub)
    with pytest.raises(IntegrityError, match="Another article stands"), transaction.atomic():
        FormerSlug.objects.create(article=other, hub=article.hub, slug="labelling")


def test_the_way_to_a_published_article_is_neither_changed_nor_removed(article):
    Article.objects.update(slug="labels")
    for sql in ("DELETE FROM articles_formerslug", "UPDATE articles_formerslug SET slug = 'x'"):
        with pytest.raises(IntegrityError, match="former address is permanent"):
            execute(sql)


def test_a_draft_is_removed_with_its_former_addresses(db):
    article = factories.make_article(slug="labelling")
    Article.objects.update(slug="labels")
    article.delete()
    assert not FormerSlug.objects.exists()


# Addresses of what was never published

BELOW = [
    *("", "?at=2026-03-01", "?since=2026-03-01", "v/1/", "compare/", "compare/1...2/"),
    *("compare/2...1/", "evidence.zip", "evidence.zip?at=2026-03-01", "evidence.zip?since=2026-03-01"),
]


@pytest.mark.parametrize("below", BELOW)
@pytest.mark.parametrize("is_scheduled", [False, True], ids=["draft", "scheduled"])
def test_the_former_address_of_a_draft_leads_nowhere(client, db, below, is_scheduled):
    public, secret = factories.make_public_hub(), factories.make_public_hub()
    article = factories.make_article(hub=public, slug="working-title")
    if is_scheduled:
        factories.publish(article, live_from=timezone.now() + timedelta(days=2))
    Article.objects.update(slug="secret", hub=secret)
    assert FormerSlug.objects.get().slug == "working-title"
    answer, nothing = (client.get(f"/hubs/{public.slug}/{slug}/{below}") for slug in ("working-title", "nothing"))
    assert (answer.status_code, nothing.status_code) == (404, 404)
    assert answer.text.replace("working-title", "nothing") == nothing.text


def test_an_address_that_an_article_had_before_it_was_public_is_told_to_nobody(client, db):
    hub, soon = factories.make_public_hub(), timezone.now() + timedelta(days=2)
    article = factories.make_article(hub=hub, slug="first")
    before = f"?at={timezone.now() - timedelta(days=1):%Y-%m-%d}"
    factories.publish(article, live_from=soon)
    for slug in ("secret", "labels"):
        article.slug = slug
        article.save()
    with time_machine.travel(soon + timedelta(days=1)):
        for slug in ("first", "labels"):
            answer = client.get(f"/hubs/{hub.slug}/{slug}/{before}")
            assert answer.status_code == 200
            assert "Not yet published" in answer.text
            assert "secret" not in answer.text
            assert client.get(reading.links(answer)["version 1"], follow=True).status_code == 200
            assert client.get(f"/hubs/{hub.slug}/{slug}/evidence.zip{before}").status_code == 404
