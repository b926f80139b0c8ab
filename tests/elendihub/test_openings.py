"""Who else has a text open is said to everybody who opens it; nothing is locked and nothing public changes."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.models import Article
from elendihub.models import Generation, Opening
from tests.factories import make_article, make_editor, make_hub, make_member, make_published_article
from tests.forms import filled_in

NOW = timezone.now()


def person(name: str) -> Client:
    client = Client()
    client.force_login(make_editor(username=name))
    return client


def change(document) -> str:
    return reverse(f"admin:{document._meta.app_label}_{document._meta.model_name}_change", args=[document.pk])


def opened(client, document, *, minutes: float = 0) -> str:
    """What is said about others to whoever opens the form so many minutes after NOW."""
    with time_machine.travel(NOW + timedelta(minutes=minutes), tick=False):
        return client.get(change(document)).context["opened"]


def test_the_second_person_is_told_of_the_first_and_the_first_of_the_second(db):
    article, kari, ola = make_article(), person("kari"), person("ola")
    assert opened(kari, article) == ""
    assert opened(ola, article, minutes=5) == "kari opened this 5 minutes ago."
    assert opened(kari, article, minutes=6) == "ola opened this 1 minute ago."
    assert opened(ola, article, minutes=6) == "kari opened this just now."


def test_several_people_are_named_with_the_latest_first(db):
    article = make_article()
    opened(person("kari"), article)
    opened(person("ola"), article, minutes=7)
    assert opened(person("ida"), article, minutes=12) == "ola opened this 5 minutes ago, kari 12 minutes ago."


@pytest.mark.parametrize(("minutes", "is_told"), [(29, True), (31, False)])
def test_half_an_hour_later_nothing_is_said(db, minutes, is_told):
    article = make_article()
    opened(person("kari"), article)
    assert bool(opened(person("ola"), article, minutes=minutes)) is is_told


def test_a_save_ends_it(db):
    article, kari = make_article(), person("kari")
    kari.post(change(article), filled_in(kari.get(change(article)), body="Changed."))
    assert person("ola").get(change(article)).context["opened"] == ""


def test_a_refused_save_does_not_end_it(db):
    article, kari, ola = make_article(), person("kari"), person("ola")
    kari.post(change(article), filled_in(kari.get(change(article)), title=""))
    assert ola.get(change(article)).context["opened"] == "kari opened this just now."


def test_opening_changes_neither_the_document_nor_the_generation(db):
    article = make_published_article().article
    before, generation = Article.objects.values().get(), Generation.objects.current()
    person("kari").get(change(article))
    assert Opening.objects.count() == 1
    assert Article.objects.values().get() == before
    assert Generation.objects.current() == generation


def test_a_hub_of_the_same_number_is_another_text(db):
    hub = make_hub(pk=77)
    article = make_article(pk=77)
    opened(person("kari"), hub)
    assert opened(person("ola"), article) == ""


def test_who_only_reads_is_told_and_not_counted(db):
    article, reader = make_article(), Client()
    reader.force_login(make_member(article.hub, role="approver"))
    opened(reader, article)
    assert opened(person("kari"), article) == ""
    assert opened(reader, article, minutes=3) == "kari opened this 3 minutes ago."


def test_a_name_is_shown_and_never_executed(db):
    article = make_article()
    opened(person("<script>alert(1)</script>"), article)
    assert "<script>alert(1)" not in person("ola").get(change(article)).text


def test_what_nobody_is_shown_any_more_is_deleted(db):
    opened(person("kari"), make_article())
    opened(person("ola"), make_article(), minutes=31)
    assert Opening.objects.get().user.username == "ola"
