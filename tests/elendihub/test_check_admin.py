"""The desk records checks, and shows what is due and what an amendment flagged."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from articles.models import Check
from tests import factories
from tests.forms import filled_in
from tests.reading import elements, links, text, words

LIST = "/admin/articles/article/"
BODY = "## Dates\n\nMDR Article 120(3c), and [the guide](https://health.ec.europa.eu/guide?a=1&b=2)."
GUIDE = "the guide | https://health.ec.europa.eu/guide?a=1&b=2"


@pytest.fixture
def mdr(db):
    return factories.make_mdr()


@pytest.fixture
def version(mdr):
    return factories.make_published_article(title="Dates", body=BODY, topic=factories.make_topic(review_days=30))


@pytest.fixture
def editor(client, db):
    client.force_login(factories.make_editor(username="kari"))
    return client


def page(document, model="articles_article"):
    return reverse(f"admin:{model}_check", args=[document.pk])


def record(client, address, **fields):
    return client.post(address, filled_in(client.get(address), **fields), follow=True)


def amend(mdr):
    act = factories.make_instrument(short_name="Regulation (EU) 2026/1", eli="reg/2026/1")
    return factories.make_amendment(by=act, provision=mdr.provisions.get(kind="article", number="120"))


def listed(client, **query):
    return {row.title for row in client.get(LIST, query).context["cl"].result_list}


def test_an_editor_records_a_check_with_the_sources_that_the_text_names(editor, version):
    address = page(version.article)
    assert links(editor.get(f"{LIST}{version.article.pk}/change/"))["Record a check"] == address
    response = record(editor, address, outcome="confirmed", note="All of it.")
    assert "Recorded of version 1: Confirmed." in text(response)
    check = version.checks.get()
    assert (check.checked_by.username, check.checked_by_name, check.note) == ("kari", "kari", "All of it.")
    assert check.sources == [dict(zip(("title", "url"), GUIDE.split(" | "), strict=True))]
    assert check.checked_on == timezone.now().date()
    assert "Recorded of version 1" in text(editor.get(f"{LIST}{version.article.pk}/history/"))


def test_the_next_check_begins_with_the_sources_of_the_last(editor, version):
    factories.make_check(version, sources=[{"title": "Lovdata", "url": "https://lovdata.no/a"}])
    assert text(editor.get(page(version.article))).count("Lovdata | https://lovdata.no/a") == 1


def test_a_hub_is_checked_against_the_regulator_s_own_site(editor, version):
    hub = version.article.hub
    response = record(editor, page(hub, "regulators_hub"), outcome="confirmed")
    assert "Recorded of version 1: Confirmed." in text(response)
    (source,) = hub.versions.get().checks.get().sources
    assert source["url"].startswith("https://regulator-")


def test_not_affected_is_one_click_and_a_reason_from_the_list_and_from_the_form(editor, version, mdr):
    amend(mdr)
    address = f"{page(version.article)}?outcome=not_affected"
    for opened in (f"{LIST}?review=flagged", f"{LIST}{version.article.pk}/change/"):
        assert address in links(editor.get(opened)).values()
    assert "Regulation (EU) 2026/1" in text(editor.get(address))
    refused = record(editor, address)
    assert "Say in the note why the text stands" in text(refused)
    record(editor, address, note="Only paragraph 9 was touched.")
    check = version.checks.get()
    assert (check.outcome, check.note) == ("not_affected", "Only paragraph 9 was touched.")
    assert [source["url"] for source in check.sources] == ["https://eur-lex.europa.eu/eli/reg/2026/1/oj"]
    assert listed(editor, review="flagged") == set()


def test_the_form_tells_which_law_was_amended_and_by_what(editor, version, mdr):
    address = f"{LIST}{version.article.pk}/change/"
    assert "Law amended" not in words(editor.get(address))
    amendment = amend(mdr)
    told = words(editor.get(address)).partition("Law amended MDR")[2]
    assert "by Regulation (EU) 2026/1, published" in told
    assert links(editor.get(address))["Regulation (EU) 2026/1"] == amendment.by.get_absolute_url()


def test_the_list_tells_due_flagged_and_reviewed_texts_apart(editor, version, mdr):
    hub = version.article.hub
    checked = factories.make_published_article(hub=hub, title="Checked", topic=version.article.topic)
    factories.make_article(hub=hub, title="Draft")
    with time_machine.travel(datetime(2026, 3, 1, tzinfo=UTC), tick=False):
        factories.make_check(checked)
        editor.force_login(factories.make_editor())
        amend(mdr)
        assert listed(editor, review="due") == {"Dates"}
        assert listed(editor, review="flagged") == {"Dates"}
        assert listed(editor, review="checked_within_interval") == {"Checked"}
        assert listed(editor, review="nonsense") == {"Dates", "Checked", "Draft"}
        html = text(editor.get(LIST))
    assert "Reviewed, checked: 16 Feb 2026" in html
    assert "Law amended, checked: not yet" in html


def test_the_list_asks_for_no_article_by_itself(editor, version, mdr, django_assert_max_num_queries):
    amend(mdr)
    for _ in range(5):
        factories.make_published_article(hub=version.article.hub, topic=version.article.topic)
    with django_assert_max_num_queries(12):
        editor.get(LIST)


@pytest.mark.parametrize("meanwhile", ["publish", "amend", "check"])
def test_nothing_is_cleared_that_the_checker_has_not_seen(editor, version, mdr, meanwhile):
    factories.make_check(version)
    form = filled_in(editor.get(page(version.article)), outcome="confirmed")
    acts = {
        "publish": lambda: version.article.publish(by=None, note="What changed."),
        "amend": lambda: amend(mdr),
        "check": lambda: factories.make_check(version),
    }
    acts[meanwhile]()
    before = Check.objects.count()
    answer = editor.post(page(version.article), form)
    assert "Read it again first" in text(answer)
    assert Check.objects.count() == before
    assert "Recorded" in text(editor.post(page(version.article), filled_in(answer), follow=True))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"outcome": ""}, "This field is required"),
        ({"outcome": "fine"}, "not one of the available choices"),
        ({"checked_on": "9999-12-31"}, "This day has yet to come"),
        ({"checked_on": "2026-02-15"}, "is live since 16 February 2026"),
        ({"checked_on": "9" * 300}, "Enter a valid date"),
        ({"sources": ""}, "Name at least one source"),
        ({"sources": "MDR"}, "write a title, a bar and the address"),
        ({"sources": "MDR | javascript:alert(1)"}, "is no address"),
        ({"sources": "MDR\x00 | https://example.org/"}, "Null characters are not allowed"),
        ({"sources": "\n".join(f"A | https://example.org/{number}" for number in range(51))}, "at most 50"),
        ({"note": "x" * 2001}, "at most 2000"),
        ({"outcome": "needs_change"}, "Say in the note"),
    ],
)
def test_what_is_no_check_is_said_at_its_field_and_nothing_is_lost(editor, version, fields, words):
    form = filled_in(editor.get(page(version.article)), outcome="confirmed") | fields
    answer = editor.post(page(version.article), form)
    assert answer.status_code == 200
    assert words in text(answer)
    assert not Check.objects.exists()


def test_what_nobody_can_read_cannot_be_checked(editor, version):
    draft = factories.make_article(hub=version.article.hub)
    assert editor.get(page(draft)).status_code == 404
    assert "Record a check" not in text(editor.get(f"{LIST}{draft.pk}/change/"))
    version.article.withdraw(by=None, reason="error", note="Wrong.")
    assert editor.get(page(version.article)).status_code == 404
    assert editor.get(f"{LIST}999999/check/").status_code == 404
    assert editor.get(f"{LIST}{'9' * 300}/check/").status_code == 404


def test_a_check_needs_the_right_to_it(client, version):
    address = page(version.article)
    assert client.get(address).status_code == 302
    client.force_login(factories.make_member(version.article.hub, role="author"))
    assert client.get(address).status_code == 403
    assert client.post(address, {"outcome": "confirmed"}).status_code == 403
    assert not elements(client.get(f"{LIST}{version.article.pk}/change/"), "a", href=address)


def test_a_script_in_a_source_or_reason_stays_words(editor, version):
    hostile = "<script>alert(1)</script>"
    record(
        editor, page(version.article), outcome="confirmed", note=hostile, sources=f"{hostile} | https://example.org/"
    )
    for address in (page(version.article), version.article.get_absolute_url()):
        assert hostile not in text(editor.get(address))
