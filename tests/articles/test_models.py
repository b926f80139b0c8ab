from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from articles.models import Article, Category, FormerSlug, Topic
from articles.models.article import RESERVED_SLUGS
from elendihub.publishing import PublishingError
from tests import factories


@pytest.fixture
def article(db):
    return factories.make_article(slug="labelling", title="Labelling of devices")


def problems(article):
    with pytest.raises(ValidationError) as caught:
        article.full_clean()
    return caught.value.message_dict


@pytest.mark.parametrize("slug", sorted(RESERVED_SLUGS))
def test_an_article_cannot_take_an_address_of_the_hub(article, slug):
    article.slug = slug
    assert "Choose another" in problems(article)["slug"][0]


def test_an_address_belongs_to_one_article_of_a_hub(article):
    other = factories.make_article(hub=article.hub)
    other.slug = "labelling"
    assert "has this address. Choose another." in problems(other)["__all__"][0]
    with pytest.raises(IntegrityError):
        other.save()


def test_another_hub_may_use_the_same_address(article):
    factories.make_article(slug="labelling").full_clean()


def test_a_former_address_cannot_be_taken_by_another_article(article):
    article.slug = "labels"
    article.save()
    other = factories.make_article(hub=article.hub)
    other.slug = "labelling"
    assert "leads there. Choose another" in problems(other)["slug"][0]
    article.slug = "labelling"
    article.full_clean()


def test_a_move_to_another_hub_leaves_the_way_behind(article):
    former = article.hub.slug
    article.hub = factories.make_hub()
    article.full_clean()
    article.save()
    assert Article.objects.formerly_at(former, "labelling") == article


def test_saving_without_a_new_address_leaves_no_former_one(article):
    article.title = "Labels"
    article.save()
    assert not FormerSlug.objects.exists()


@pytest.mark.parametrize(
    ("body", "is_fine"),
    [
        ("# Top", False),
        ("a\n#\tTop", False),
        ("Top\n===", False),
        ("```\n# x\n```", True),
        ("## Part", True),
        ("#hash", True),
    ],
)
def test_headings_begin_below_the_title_of_the_page(article, body, is_fine):
    article.body = body
    article.full_clean() if is_fine else problems(article)["body"]


def test_a_text_too_long_to_render_is_refused_in_the_form(article):
    article.body = "a" * 200_001
    assert "body" in problems(article)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("![A label](https://example.org/a.png)", "is not ours. Upload it here"),
        ("![A label](//example.org/a.png)", "is not ours. Upload it here"),
        ("![](/media/images/a.webp)", "has no description. Write one"),
        ("![ ](/media/images/a.webp)", "has no description. Write one"),
        ("![describe this image](/media/images/a.webp)", "has no description. Write one"),
    ],
)
def test_a_picture_from_elsewhere_or_without_description_is_not_published(article, body, problem):
    article.body = body
    with pytest.raises(PublishingError, match=problem):
        article.publish(by=None, note="What changed.")
    assert not article.versions.exists()


def test_every_problem_of_a_text_is_told_at_once(article):
    article.body = "![](https://example.org/a.png)\n\n![](/media/images/b.webp)"
    assert len(article.unpublishable()) == 3


def test_our_own_described_picture_is_published(article):
    article.body = "![A label](/media/images/a-3x2.webp)"
    assert 'width="3" height="2"' in article.publish(by=None, note="What changed.").body_html


def test_a_probable_duplicate_is_found_by_its_title(article):
    hub = article.hub
    near = factories.make_article(hub=hub, title="The labelling of medical devices")
    factories.make_article(hub=hub, title="Vigilance")
    factories.make_article(title="Labelling of devices")
    assert list(hub.articles.resembling(article)) == [near]


def test_former_addresses_are_kept_once_per_hub(article):
    FormerSlug.objects.create(article=article, hub=article.hub, slug="old")
    with pytest.raises(IntegrityError):
        FormerSlug.objects.create(article=article, hub=article.hub, slug="old")


@pytest.mark.parametrize(("model", "fields"), [(Category, {}), (Topic, {"scope": "x"})])
def test_shelves_and_subjects_have_names_and_addresses_of_their_own(db, model, fields):
    model.objects.create(name="One", slug="one", **fields)
    for name, slug in (("One", "two"), ("Two", "one")):
        with pytest.raises(ValidationError):
            model(name=name, slug=slug, **fields).full_clean()
    assert model.objects.get_by_natural_key("one").natural_key() == ("one",)


def test_an_article_is_found_by_its_natural_key(article):
    assert Article.objects.get_by_natural_key(*article.natural_key()) == article


# No article without a hub that readers can open


def test_an_article_goes_live_only_when_its_hub_is(db):
    hub = factories.make_hub()
    article = factories.make_article(hub=hub)
    moment = timezone.now() + timedelta(days=2)
    with pytest.raises(PublishingError, match="Publish it first"):
        article.publish(by=None, note="What changed.")
    hub.publish(by=None, live_from=moment, note="What changed.")
    with pytest.raises(PublishingError, match="Publish it first"):
        article.publish(by=None, live_from=moment - timedelta(days=1), note="What changed.")
    assert article.publish(by=None, live_from=moment, note="What changed.").number == 1


def test_a_hub_that_articles_wait_for_is_not_cancelled_before_them(db):
    hub = factories.make_hub()
    moment = timezone.now() + timedelta(days=2)
    hub.publish(by=None, live_from=moment, note="What changed.")
    article = factories.make_article(hub=hub)
    article.publish(by=None, live_from=moment, note="What changed.")
    with pytest.raises(PublishingError, match="Cancel those first"):
        hub.cancel_scheduled(by=None)
    article.cancel_scheduled(by=None)
    assert hub.cancel_scheduled(by=None) is None


def test_a_later_version_of_a_public_hub_is_cancelled_whatever_its_articles_do(db):
    article = factories.make_published_article().article
    article.hub.publish(by=None, live_from=timezone.now() + timedelta(days=2), note="What changed.")
    assert article.hub.cancel_scheduled(by=None).number == 3


def test_a_published_article_moves_only_to_a_hub_that_is_public(db):
    article = factories.make_published_article().article
    article.hub = factories.make_hub()
    assert "Publish the hub first" in problems(article)["hub"][0]
    factories.publish(article.hub)
    article.full_clean()
