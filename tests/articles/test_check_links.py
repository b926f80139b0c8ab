"""Outgoing links: each asked once, two failures on two days break it, and a good answer mends it."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command

from articles import links
from articles.models import Link, LinkPlace
from elendihub.fetching import Answer, Outcome, ask
from elendihub.models import Generation
from regulators.models import Regulator, Website
from tests import factories, reading
from tests.serving import guard, page, serving, status, to

MONDAY = datetime(2026, 11, 23, 6, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def no_other_sites(db):
    yield
    Website.objects.all().delete()


def run(asking=lambda url: ask(url, guard()), at=MONDAY, **options):
    out = StringIO()
    with time_machine.travel(at, tick=False):
        call_command("check_links", stdout=out, asking=asking, **options)
    return out.getvalue()


def good(url):
    return Answer(url, Outcome.GOOD, "", 200, url)


def bad(url):
    return Answer(url, Outcome.FAILED, "It answers 404 Not Found.", 404, url)


def undecided(url):
    return Answer(url, Outcome.UNDECIDED, "It asks to come later (429).", 429, url)


def write(body, **options):
    version = factories.make_published_article(body=body, **options)
    Website.objects.all().delete()
    return version


def states():
    found = {name: getattr(Link.objects, name)() for name in ("broken", "doubtful", "moved", "undecided")}
    return {name: [link.url for link in rows] for name, rows in found.items() if rows}


def test_every_outgoing_address_of_live_texts_is_asked_once_from_real_servers():
    with serving({"/a": page(), "/b": status(500)}) as site:
        asked = [site.at("/a"), site.at("/a#part"), site.at("/b")]
        write("\n\n".join(f"[x]({address})" for address in asked) + " [in](/about/) [mail](mailto:a@b.example)")
        write(f"[again]({site.at('/a')})")
        said = run()
    assert sorted(site.seen) == ["GET /b", "HEAD /a", "HEAD /b"]
    assert "2 asked: 1 good, 1 failed, 0 undecided. 0 broken, 1 doubtful, 0 moved." in said
    assert LinkPlace.objects.filter(link__url=site.at("/a")).count() == 2


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("HTTPS://A.example/X#part", "https://a.example/X"),
        ("//a.example/x", "http://a.example/x"),
        (" https://a.example ", "https://a.example/"),
        *[(inside, "") for inside in ("/about/", "#part", "x", "", "?at=2026-01-01", "//127.0.0.1:8000/x")],
        *[(other, "") for other in ("mailto:a@b.example", "tel:1", "javascript:x", "http://", "http://[", "//")],
    ],
)
def test_what_leads_out_of_the_site(settings, written, address):
    settings.SITE_URL = "http://127.0.0.1:8000"
    assert links.clean(written) == address


def test_hubs_and_official_sites_are_asked_too():
    hub = factories.make_hub(overview="[one](https://one.example/)")
    hub.facts.update(text="[two](https://two.example/)")
    hub.responsibilities.update(text="[three](https://three.example/)")
    factories.publish(hub)
    Website.objects.create(
        regulator=hub.regulator, url="https://old.example", recorded_on=MONDAY.date(), valid_until=MONDAY.date() - DAY
    )
    asked = []
    run(lambda url: asked.append(url) or good(url))
    official = hub.regulator.websites.get(valid_until=None).url
    names = {f"https://{name}.example/" for name in ("one", "two", "three")}
    # The jurisdiction's own regulator comes with the factory.
    assert names | {official + "/"} <= set(asked)
    assert "https://old.example/" not in asked


def test_working_copies_withdrawn_and_coming_texts_are_not_asked():
    gone = write("[x](https://gone.example/)")
    gone.article.withdraw(by=None, reason="error", note="Wrong.")
    factories.make_article(body="[x](https://draft.example/)")
    coming = write("Text.").article
    coming.body = "[x](https://coming.example/)"
    coming.publish(by=None, live_from=datetime(2030, 1, 1, tzinfo=UTC), note="What changed.")
    Website.objects.all().delete()
    run(good, at=datetime(2029, 12, 31, tzinfo=UTC))
    assert not Link.objects.exists()


def test_two_failures_on_two_days_break_a_link_and_two_on_one_day_do_not():
    write("[x](https://a.example/)")
    run(bad)
    run(bad, at=MONDAY + timedelta(hours=17))
    assert states() == {"doubtful": ["https://a.example/"]}
    said = run(bad, at=MONDAY + DAY)
    assert states() == {"broken": ["https://a.example/"]}
    assert "Broken: https://a.example/: It answers 404 Not Found. In: Article" in said
    link = Link.objects.get()
    assert (link.failed_on, link.failed_again_on) == (MONDAY.date(), (MONDAY + DAY).date())


def test_days_are_those_of_utc():
    write("[x](https://a.example/)")
    run(bad, at=datetime(2026, 11, 23, 23, 59, tzinfo=UTC))
    run(bad, at=datetime(2026, 11, 24, 0, 1, tzinfo=UTC))
    assert "broken" in states()


def test_a_clock_that_was_ahead_keeps_no_failure_from_counting():
    write("[x](https://a.example/)")
    run(bad, at=datetime(2031, 1, 1, tzinfo=UTC))
    run(bad)
    assert states() == {"doubtful": ["https://a.example/"]}
    run(bad, at=MONDAY + DAY)
    assert states() == {"broken": ["https://a.example/"]}


def test_a_clock_that_is_put_back_mends_no_broken_link():
    write("[x](https://a.example/)")
    for day in (0, 1, -1, 0):
        run(bad, at=MONDAY + day * DAY)
    assert states() == {"broken": ["https://a.example/"]}


def test_a_good_answer_mends_a_link_and_clears_a_doubt():
    write("[x](https://a.example/)")
    for asking, day in ((bad, 0), (good, 1), (bad, 2)):
        run(asking, at=MONDAY + day * DAY)
    assert states() == {"doubtful": ["https://a.example/"]}
    run(bad, at=MONDAY + 3 * DAY)
    assert "broken" in states()
    run(good, at=MONDAY + 4 * DAY)
    assert states() == {}
    assert Link.objects.get().answered_at == MONDAY + 4 * DAY


def test_who_asks_for_patience_neither_breaks_nor_mends():
    write("[x](https://a.example/)")
    run(bad)
    run(undecided, at=MONDAY + DAY)
    assert states() == {"doubtful": ["https://a.example/"], "undecided": ["https://a.example/"]}
    run(bad, at=MONDAY + 2 * DAY)
    assert states() == {"broken": ["https://a.example/"]}


def test_a_domain_that_moved_is_told_although_it_answers_well():
    with serving({"/": page()}) as new, serving({"/": to(new.at("/", "other.example"))}) as old:
        write(f"[x]({old.at('/')})")
        run()
        assert states() == {"moved": [old.at("/")]}
        assert Link.objects.get().moved_to == new.at("/", "other.example")


def test_what_moved_and_broke_later_is_told_as_broken_alone():
    write("[x](https://a.example/)")
    run(lambda url: Answer(url, Outcome.GOOD, "", 200, "https://b.example/"))
    run(bad, at=MONDAY + DAY)
    assert states() == {"doubtful": ["https://a.example/"], "moved": ["https://a.example/"]}
    run(bad, at=MONDAY + 2 * DAY)
    assert states() == {"broken": ["https://a.example/"]}


def test_an_address_in_letters_of_other_languages_has_not_moved():
    with serving({"/spr%C3%A5k": page()}) as site:
        address = site.at("/språk", "bücher.example")
        answer = ask(address, guard())
    assert (answer.outcome, answer.final_url) == (Outcome.GOOD, site.at("/spr%C3%A5k", "xn--bcher-kva.example"))
    assert not links.has_moved(address, answer.final_url)


def test_one_name_that_no_program_reads_keeps_no_other_link_from_being_asked():
    with serving({"/": page()}) as site:
        write(f"[x](https://xn--ls8h.example/) [y]({site.at('/')})")
        assert "2 asked: 1 good, 0 failed, 1 undecided." in run()


@pytest.mark.parametrize(
    ("before", "after", "moved", "domain"),
    [
        ("http://a.example/", "https://a.example/", False, False),
        ("https://a.example/", "https://www.a.example", False, False),
        ("https://a.example/x", "https://a.example/y", True, False),
        ("https://news.a.example/", "https://www.a.example/", True, False),
        ("https://a.example/", "https://b.example/", True, True),
        ("https://a.co.uk/", "https://b.co.uk/", True, True),
        ("https://www.health.gov.au/", "https://www.tga.gov.au/", True, True),
        ("https://health.ec.europa.eu/", "https://eur-lex.europa.eu/", True, False),
        ("https://127.0.0.1/", "https://127.0.0.2/", True, True),
        ("https://bücher.example/språk", "https://xn--bcher-kva.example/spr%C3%A5k", False, False),
        ("https://a.example./x", "https://a.example/x", False, False),
        ("https://a.example:443/x", "https://a.example/x", False, False),
        ("https://a.gv.at/", "https://b.gv.at/", True, True),
        ("https://a.example/?a=1", "https://a.example/?a=2", True, False),
        ("https://[2a00::1]/", "https://[2a00::2]/", True, True),
    ],
)
def test_what_counts_as_moved(before, after, moved, domain):
    assert links.has_moved(before, after) is moved
    assert (links.domain(before) != links.domain(after)) is domain


def test_a_link_that_no_live_text_has_is_forgotten():
    article = write("[x](https://a.example/) [y](https://b.example/)").article
    run(bad)
    article.body = "[y](https://b.example/)"
    factories.publish(article)
    run(good, at=MONDAY + timedelta(days=500))
    assert [link.url for link in Link.objects.all()] == ["https://b.example/"]


def test_a_bounded_run_begins_with_those_longest_unasked():
    write(" ".join(f"[x](https://a.example/{n})" for n in range(5)))
    asked = []
    for day in range(3):
        run(lambda url: asked.append(url) or good(url), at=MONDAY + day * DAY, limit=2)
    assert len(asked) == 6
    # Those of one run in any order.
    assert len(set(asked)) == 5


@pytest.mark.parametrize("limit", ["0", "-1", "x", "9" * 400, "1.5", ""])
def test_a_limit_that_is_none_is_refused(limit):
    with pytest.raises(CommandError):
        call_command("check_links", "--limit", limit)


def test_a_run_that_is_killed_keeps_what_it_learnt():
    write("[x](https://a.example/) [y](https://b.example/)")

    def asking(url):
        if "b.example" in url:
            raise KeyboardInterrupt
        return good(url)

    with pytest.raises(KeyboardInterrupt):
        run(asking)
    assert Link.objects.filter(asked_at__isnull=False).count() <= 1
    run(good)
    assert Link.objects.filter(asked_at__isnull=True).count() == 0


def test_a_second_run_changes_nothing_that_readers_see():
    hub = factories.make_published_hub().hub
    run(good)
    before = Generation.objects.current()
    run(good, at=MONDAY + timedelta(hours=3))
    assert Generation.objects.current() == before
    run(good, at=MONDAY + DAY)
    assert Generation.objects.current() > before
    assert Regulator.objects.get(pk=hub.regulator_id).answers


def test_ten_thousand_links_are_gathered_with_few_questions(django_assert_max_num_queries):
    hub = factories.make_published_hub().hub
    for each in range(5):
        body = "\n\n".join(f"[x](https://a.example/{each}/{n})" for n in range(2_000))
        factories.make_published_article(hub=hub, body=body)
    with django_assert_max_num_queries(250):
        links.gather(MONDAY)
    with django_assert_max_num_queries(12):
        links.gather(MONDAY)
    assert Link.objects.standing().count() > 10_000


# The hub's page


@pytest.fixture
def hub():
    hub = factories.make_hub(slug="norway")
    Website.objects.all().delete()
    Website.objects.create(regulator=hub.regulator, url="https://www.dmp.no/en", recorded_on=MONDAY.date())
    return factories.publish(hub).hub


def plate(client):
    with time_machine.travel(MONDAY + 9 * DAY, tick=False):
        response = client.get("/hubs/norway/")
    (found,) = reading.elements(response, "div", class_="plate")
    return " ".join(found.text.split())


def test_nothing_is_said_of_a_site_that_was_never_asked(client, hub):
    assert plate(client).endswith("Address as recorded on 23 November 2026.")
    run(bad)
    assert plate(client).endswith("Address as recorded on 23 November 2026.")


def test_the_page_says_when_the_official_site_last_answered(client, hub):
    run(good, at=MONDAY + DAY)
    assert plate(client).endswith("Last answered 24 November 2026.")
    run(bad, at=MONDAY + 2 * DAY)
    assert plate(client).endswith("Last answered 24 November 2026.")


def test_the_page_says_when_the_official_site_did_not_answer(client, hub):
    run(bad)
    run(bad, at=MONDAY + DAY)
    assert plate(client).endswith("It did not answer on 23 November 2026 and 24 November 2026.")


def test_another_address_of_the_published_version_takes_nothing_from_the_present_one(client, hub):
    Website.objects.update(url="https://new.example/")
    run(good)
    assert plate(client).endswith("Address as recorded on 23 November 2026.")


def test_a_page_of_the_past_stays_as_it_was(client, hub):
    with time_machine.travel(MONDAY + 9 * DAY, tick=False):
        before = client.get("/hubs/norway/?at=2026-11-23").content
        permanent = client.get("/hubs/norway/v/1/").content
        run(good, at=MONDAY + DAY)
        assert client.get("/hubs/norway/?at=2026-11-23").content == before
        assert client.get("/hubs/norway/v/1/").content == permanent


def test_an_import_does_not_forget_how_the_site_answered(hub):
    assert "answers" not in [field.name for field in Regulator._meta.fields if field.editable]
