"""How we review: the figures, the list behind each, and what the page says of the house's rules."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from articles import links
from articles.models import Article, Link
from elendihub import trust, trust_lists
from elendihub.trust import FIGURES
from legislation.models import Amendment
from regulators.models.hub_version import REVIEW_DAYS
from tests import factories, reading

DAY = timedelta(days=1)


@pytest.fixture
def hub(db):
    return factories.make_published_hub(slug="norway", title="Norway hub").hub


@pytest.fixture
def topic(db):
    return factories.make_topic(name="Deadlines", review_days=30)


def make(hub, **fields):
    return factories.make_published_article(hub=hub, **fields)


@pytest.fixture
def varied(hub, topic):
    """Texts in every state at once, and the same states again in texts that were withdrawn since."""
    mdr = factories.make_mdr()
    cited = {"body": "MDR Article 120. Regulation (EU) 2099/1. [a](https://a.example/) [b](https://b.example/)"}
    for slug in ("kept", "gone"):
        for state in ("fresh", "stale", "amended", "corrected", "emergency"):
            make(hub, slug=f"{state}-{slug}", title=f"{state} {slug}", topic=topic, **cited)
    for article in Article.objects.filter(slug__startswith="emergency"):
        article.publish(by=factories.make_editor(), note="At once.")
    make(hub, slug="approved", title="approved kept", topic=topic)
    return mdr


def settle(hub, settings):
    """What happens to the texts of `varied`, last of all the withdrawals."""
    settings.SECOND_PERSON = True
    by_slug = {article.slug: article for article in Article.objects.all()}
    approver = factories.approve(by_slug["approved"])
    by_slug["approved"].publish(by=approver, note="Approved.")
    links.gather(timezone.now())
    failed = {"failed_on": "2026-03-01", "failed_again_on": "2026-03-02", "words": "It answers 404 Not Found."}
    Link.objects.filter(url="https://a.example/").update(asked_at=timezone.now(), **failed)
    Link.objects.filter(url="https://b.example/").update(is_moved_domain=True, moved_to="https://c.example/")
    for slug in ("kept", "gone"):
        factories.make_check(by_slug[f"fresh-{slug}"].versions.get(), checked_on=timezone.now().date())
        factories.make_check(by_slug[f"stale-{slug}"].versions.get())
        by_slug[f"emergency-{slug}"].publish(by=factories.make_editor(), note="x", emergency_reason="A recall.")
        settings.SECOND_PERSON = False
        by_slug[f"corrected-{slug}"].publish(by=None, kind="correction", **factories.CORRECTION)
        settings.SECOND_PERSON = True
    for state in ("fresh", "stale", "amended", "corrected", "emergency"):
        by_slug[f"{state}-gone"].withdraw(by=approver, reason="obsolete", note="Over.")


def amend(mdr):
    return factories.make_amendment(provision=mdr.provisions.get(kind="article", number="120"))


def rows_of(client, name):
    """Headings of the whole list, through all its pages."""
    found, address = [], f"/trust/{name}/"
    while address:
        response = client.get(address)
        assert response.status_code == 200
        found += [each.text for each in reading.elements(response, "h3") if each.text != "Nothing here"]
        following = reading.elements(response, "a", rel="next")
        address = f"/trust/{name}/{following[0].attributes['href']}" if following else ""
    return found


def said(response):
    """What the page says of each figure, by the name of its list."""
    found = {each.attributes["href"]: each.text for each in reading.elements(response, "a")}
    return {name: found[f"/trust/{name}/"] for name in FIGURES}


def numbers(response):
    return {name: int(words.split()[0]) for name, words in said(response).items()}


def test_each_number_is_the_number_of_rows_of_its_list_whatever_the_state(client, varied, hub, settings):
    settle(hub, settings)
    amend(varied)
    shown = numbers(client.get("/trust/"))
    assert shown == {name: len(rows_of(client, name)) for name in FIGURES}
    assert shown == {
        "texts": 7,
        "checked": 1,
        "due": 6,
        "amended": 5,
        "corrections-lately": 2,
        "corrections": 2,
        "emergencies": 1,
        "emergencies-all": 2,
        "single-handed": 6,
        "links": 1,
        "moved": 1,
        "unresolved": 5,
        "versions": 24,
    }


# What went on record, whatever became of the text.
KEPT = ("corrections", "corrections-lately", "emergencies-all", "versions")


def test_a_withdrawal_takes_a_text_off_what_is_to_be_done_and_nothing_off_the_record(client, varied, hub, settings):
    settle(hub, settings)
    amend(varied)
    for name in FIGURES:
        response = client.get(f"/trust/{name}/")
        assert ("gone" in reading.words(response)) == (name in KEPT), name


def test_lists_of_many_pages_hold_each_row_once_and_in_order(client, hub, topic):
    for number in range(60):
        make(hub, slug=f"a-{number}", title=f"Text {number}", topic=topic, category=factories.make_category())
        if number % 3:
            factories.make_check(Article.objects.get(slug=f"a-{number}").versions.get())
    for name in ("due", "texts", "versions", "single-handed"):
        titles = rows_of(client, name)
        assert len(titles) == len(set(titles)) == 61, name
    days, address = [], "/trust/due/"
    while address:
        response = client.get(address)
        days += [each.attributes["datetime"] for each in reading.elements(response, "time")]
        following = reading.elements(response, "a", rel="next")
        address = f"/trust/due/{following[0].attributes['href']}" if following else ""
    assert days == sorted(days)
    assert len(days) == 61


def test_a_text_becomes_due_by_the_day_alone(client, hub, topic):
    version = make(hub, topic=topic)
    factories.make_check(version)
    factories.make_check(hub.versions.get())
    with time_machine.travel(version.live_from + 29 * DAY):
        assert said(client.get("/trust/"))["checked"] == "2 of 2 texts (100 %)"
        assert rows_of(client, "due") == []
    with time_machine.travel(version.live_from + 30 * DAY):
        assert said(client.get("/trust/"))["checked"] == "1 of 2 texts (50 %)"
        response = client.get("/trust/due/")
        assert "Last checked on 16 February 2026, due since 18 March 2026." in reading.words(response)
    with time_machine.travel(version.live_from + REVIEW_DAYS * DAY):
        assert numbers(client.get("/trust/"))["due"] == 2


def test_an_amendment_is_listed_with_its_age_until_a_check_clears_it(client, hub, topic):
    mdr = factories.make_mdr()
    version = make(hub, topic=topic, title="Old devices", body="See MDR Article 120.")
    amendment = amend(mdr)
    with time_machine.travel(timezone.now() + 12 * DAY):
        page = reading.words(client.get("/trust/"))
        assert f"The oldest was flagged on {trust_lists.said(timezone.now() - 12 * DAY)}, 12 days ago." in page
        listed = reading.words(client.get("/trust/amended/"))
        assert str(amendment) in listed
        assert "Old devices" in listed
        factories.make_check(version, outcome="not_affected", note="Another paragraph.")
        assert rows_of(client, "amended") == []
        assert "The oldest" not in reading.words(client.get("/trust/"))


def test_a_correction_says_what_was_wrong_and_leaves_the_last_months_after_a_year(client, hub):
    article = make(hub, title="Fees").article
    article.publish(by=None, kind="correction", **factories.CORRECTION)
    response = client.get("/trust/corrections-lately/")
    assert "It said 10 days. It stood there since 16 February 2026. Right: 15 days." in reading.words(response)
    assert reading.links(response)["Fees"].endswith("/v/2/")
    with time_machine.travel(timezone.now() + 367 * DAY):
        assert rows_of(client, "corrections-lately") == []
        assert rows_of(client, "corrections") == ["Fees"]


def test_an_emergency_waits_until_another_version_takes_its_place(client, hub, settings):
    settings.SECOND_PERSON = True
    article = make(hub, title="Recalls").article
    article.publish(by=factories.make_editor(), note="At once.", emergency_reason="A recall <today>.")
    assert rows_of(client, "emergencies") == ["Recalls"]
    assert "Version 2: A recall &lt;today&gt;." in client.get("/trust/emergencies/").text
    assert "Recalls" in rows_of(client, "single-handed")
    said_of_it = "Version 2, significant change, in an emergency, without a second person. At once."
    assert said_of_it in reading.words(client.get("/trust/versions/"))
    article.publish(by=factories.approve(article), note="Reviewed.")
    assert rows_of(client, "emergencies") == []
    assert rows_of(client, "emergencies-all") == ["Recalls"]
    assert "Recalls" not in rows_of(client, "single-handed")
    assert "Version 3, significant change. Reviewed." in reading.words(client.get("/trust/versions/"))


def test_a_link_names_the_texts_that_carry_it_as_readers_see_them(client, hub):
    article = make(hub, title="Fees", body="[a](https://a.example/)").article
    links.gather(timezone.now())
    Link.objects.filter(url="https://a.example/").update(
        asked_at=timezone.now(), failed_on="2026-03-01", failed_again_on="2026-03-02", words="It answers 404."
    )
    article.title = "A working title"
    article.save()
    response = client.get("/trust/links/")
    said = "Failed on 1 March 2026 and again on 2 March 2026. It answers 404. Found in: Fees."
    assert said in reading.words(response)
    assert "A working title" not in response.text
    assert reading.links(response)["Fees"] == article.get_absolute_url()
    article.withdraw(by=None, reason="error", note="Wrong.")
    assert rows_of(client, "links") == []
    assert numbers(client.get("/trust/"))["links"] == 0


def test_a_broken_official_site_is_listed_under_its_regulator(client, hub):
    links.gather(timezone.now())
    Link.objects.update(failed_on="2026-03-01", failed_again_on="2026-03-02", asked_at=timezone.now())
    name = hub.regulator.names.get().name
    assert f"Found in: official sites of {name}." in reading.words(client.get("/trust/links/"))


def test_a_reader_who_asks_again_is_told_of_a_link_that_broke_meanwhile(client, hub):
    links.gather(timezone.now())
    first = client.get("/trust/")
    assert client.get("/trust/", headers={"If-None-Match": first["ETag"]}).status_code == 304
    Link.objects.update(failed_on="2026-03-01", failed_again_on="2026-03-02")
    again = client.get("/trust/", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 200
    assert numbers(again)["links"] == 1


def test_the_day_of_the_last_check_of_links_is_named(client, hub):
    assert "Links have not been asked yet." in reading.words(client.get("/trust/"))
    links.gather(timezone.now())
    Link.objects.update(asked_at=factories.PUBLISHED_AT)
    assert "Links were last asked on 16 February 2026." in reading.words(client.get("/trust/"))


def test_citations_that_the_register_does_not_hold_are_named(client, hub):
    factories.make_mdr()
    make(hub, title="Known", body="MDR Article 120.")
    make(hub, title="Unknown", body="Regulation (EU) 2099/1 and MDR Article 120.")
    response = client.get("/trust/unresolved/")
    assert "“Regulation (EU) 2099/1”" in reading.words(response)
    assert rows_of(client, "unresolved") == ["Unknown"]


def test_drafts_and_scheduled_texts_are_told_to_nobody(client, hub):
    factories.make_article(hub=hub, title="A draft")
    later = timezone.now() + DAY
    factories.make_article(hub=hub, title="Later").publish(by=None, live_from=later)
    factories.make_hub(title="Draft hub")
    for name in FIGURES:
        words = reading.words(client.get(f"/trust/{name}/"))
        assert [title for title in ("A draft", "Later", "Draft hub") if title in words] == []
    assert numbers(client.get("/trust/"))["texts"] == 1


def test_an_empty_site_says_so_everywhere(client, db):
    assert set(numbers(client.get("/trust/")).values()) == {0}
    for name, figure in FIGURES.items():
        assert figure.empty in reading.words(client.get(f"/trust/{name}/"))
        assert figure.empty in reading.words(client.get("/trust/")), name


def test_intervals_are_those_of_the_topics_and_of_hubs(client, topic):
    factories.make_topic(name="Definitions", review_days=365)
    rows = [each.text for each in reading.elements(client.get("/trust/"), "tr")]
    assert rows[1:] == ["Deadlines30", "Definitions365"]
    assert f"for a hub {REVIEW_DAYS} days" in reading.words(client.get("/trust/"))


@pytest.mark.parametrize("is_wanted", [True, False])
def test_who_may_publish_is_told_as_the_site_is_set_up(client, db, settings, is_wanted):
    settings.SECOND_PERSON = is_wanted
    words = reading.words(client.get("/trust/"))
    assert ("a second person has to approve it" in words) == is_wanted
    assert ("team of one" in words) == (not is_wanted)


@pytest.mark.parametrize("name", ["none", "texts-", "9" * 300, "%00", "%ED%A0%80"])
def test_a_list_that_is_none_has_no_page(client, db, name):
    assert client.get(f"/trust/{name}/").status_code in (400, 404)


@pytest.mark.parametrize("page", ["x", "20260216-2-1", "20261316-1-1", "9" * 300, "-", "20260216-1-" + "9" * 19, "%00"])
def test_a_place_that_is_none_has_no_page(client, hub, page):
    assert client.get(f"/trust/texts/?page={page}").status_code in (400, 404)


def test_a_place_beyond_the_end_says_so(client, hub):
    response = client.get("/trust/texts/?page=20000101-0-1")
    assert "The list ends before this place." in reading.words(response)
    assert reading.meta(response)["robots"] == "noindex"


def test_they_ask_the_database_a_bounded_number_of_times(client, varied, hub, settings, django_assert_max_num_queries):
    settle(hub, settings)
    amend(varied)
    with django_assert_max_num_queries(5):
        assert client.get("/trust/").status_code == 200
    for name in FIGURES:
        with django_assert_max_num_queries(3):
            assert client.get(f"/trust/{name}/").status_code == 200


def test_readers_are_set_no_cookie(client, hub):
    for address in ("/trust/", "/trust/due/"):
        response = client.get(address)
        assert not response.cookies
        assert "Cookie" not in response.get("Vary", "")


def test_a_year_before_a_leap_day_is_a_day():
    assert trust.a_year_before(datetime(2028, 2, 29, 9, tzinfo=UTC)) == datetime(2027, 2, 28, 9, tzinfo=UTC)


def test_it_leads_to_the_packs_that_prove_the_record(client, db):
    assert reading.links(client.get("/trust/"))["evidence pack"] == "/evidence/"


def test_every_page_leads_here(client, hub):
    assert reading.links(client.get("/about/"))["How we review"] == "/trust/"


def test_an_amendment_that_touches_nothing_cited_is_in_no_list(client, hub):
    mdr = factories.make_mdr()
    make(hub, body="See MDR Article 120.")
    factories.make_amendment(provision=mdr.provisions.get(kind="article", number="10"))
    assert Amendment.objects.count() == 1
    assert rows_of(client, "amended") == []
