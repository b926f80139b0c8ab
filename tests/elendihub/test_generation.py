"""The one number every cached page is valid for: it rises with all that readers could notice, and nothing else."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from articles.models import Article, Category, FormerSlug, Topic
from elendihub.models import Generation
from regulators.models import Hub, Jurisdiction, RegulatorName, Website
from tests import factories


@pytest.fixture
def article(db):
    """A live article, beside an empty hub and a jurisdiction without one, both named spare."""
    factories.make_hub(slug="spare")
    factories.make_jurisdiction(name="Spare")
    return factories.make_published_article(hub=factories.make_published_hub(slug="norway").hub).article


def raw(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)


def rename(article):
    article.slug = "renamed"
    article.save()


def schedule(article):
    return article.publish(by=None, live_from=timezone.now() + timedelta(days=1), note="What changed.")


def move(hub):
    hub.jurisdiction = Jurisdiction.objects.get(name="Spare")
    hub.save()


PUBLIC = {
    "publish": lambda article: article.publish(by=None, note="What changed."),
    "schedule": schedule,
    "cancel": lambda article: (schedule(article), article.cancel_scheduled(by=None)),
    "withdrawal": lambda article: article.withdraw(by=None, reason="error", note="Wrong."),
    "hub publish": lambda article: article.hub.publish(by=None, note="What changed."),
    "new address": rename,
    "new address by queryset": lambda article: Article.objects.update(slug="renamed"),
    "article moved to another hub": lambda article: Article.objects.update(hub=Hub.objects.get(slug="spare")),
    "former address": lambda article: FormerSlug.objects.create(article=article, hub=article.hub, slug="old"),
    "address of a hub to come": lambda article: Hub.objects.filter(slug="spare").update(slug="renamed"),
    "hub moved to another jurisdiction": lambda article: move(article.hub),
    "name by queryset": lambda article: RegulatorName.objects.update(acronym="DMP"),
    "name deleted": lambda article: RegulatorName.objects.all().delete(),
    "web site": lambda article: Website.objects.update(language="nb"),
    "jurisdiction": lambda article: Jurisdiction.objects.update(market="EEA"),
    "category": lambda article: Category.objects.update(name="Renamed"),
    "topic": lambda article: Topic.objects.update(name="Renamed"),
    "raw insert": lambda article: raw("INSERT INTO articles_category (name, slug) VALUES ('Raw', 'raw')"),
    "raw update": lambda article: raw("UPDATE regulators_regulatorname SET name = 'Raw'"),
    "raw delete": lambda article: raw("DELETE FROM regulators_website"),
}


@pytest.mark.parametrize("name", PUBLIC)
def test_the_generation_rises_with_what_readers_could_notice(article, name):
    before = Generation.objects.current()
    PUBLIC[name](article)
    assert Generation.objects.current() > before


def save_working_copy(article):
    article.title, article.summary, article.body = "Changed", "Changed", "Changed"
    article.save()
    article.also.add(article.topic)


PRIVATE = {
    "saved article": save_working_copy,
    "saved article by queryset": lambda article: Article.objects.update(body="Changed"),
    "saved hub": lambda article: article.hub.save(),
    "saved hub by queryset": lambda article: Hub.objects.update(overview="Changed"),
    "saved responsibility": lambda article: article.hub.responsibilities.update(text="Changed"),
    "new editor": lambda article: factories.make_editor(),
    "draft": lambda article: article.draft(),
}


@pytest.mark.parametrize("name", PRIVATE)
def test_the_generation_stays_with_what_readers_cannot_notice(article, name):
    before = Generation.objects.current()
    PRIVATE[name](article)
    assert Generation.objects.current() == before


def test_the_generation_falls_back_with_its_transaction(article):
    before = Generation.objects.current()
    with transaction.atomic():
        article.publish(by=None, note="What changed.")
        assert Generation.objects.current() > before
        transaction.set_rollback(True)
    assert Generation.objects.current() == before


def test_an_empty_site_is_at_generation_nought(db):
    assert Generation.objects.current() == 0


def test_there_is_one_generation_only(article):
    with pytest.raises(IntegrityError, match="one_generation"):
        Generation.objects.create(pk=2, number=1)
