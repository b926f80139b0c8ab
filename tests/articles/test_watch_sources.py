"""Pages that articles rest on: a program notices that they changed, moved or vanished, and a person decides."""

from datetime import UTC, datetime, timedelta
from functools import partial
from io import StringIO

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.management import call_command

from articles import watching
from articles.models import SourceText
from elendihub.fetching import fetch
from tests import factories
from tests.serving import guard, page, serving, status, to

MONDAY = datetime(2026, 11, 23, 6, tzinfo=UTC)
DAY = timedelta(days=1)
Event = SourceText.Event


@pytest.fixture
def site(db):
    with serving({"/": page("<h1>Fees</h1><p>Ten</p>")}) as site:
        yield site


@pytest.fixture
def article(site):
    return factories.make_published_article(body=f"[Fees]({site.at('/')})", title="Fees").article


def run(day=0, **options):
    out = StringIO()
    reading = partial(fetch, guard=guard(), most_bytes=watching.MOST_BYTES)
    with time_machine.travel(MONDAY + day * DAY, tick=False):
        call_command("watch_sources", stdout=out, asking=lambda url: reading(url), **options)
    return out.getvalue()


def events():
    return list(SourceText.objects.order_by("pk").values_list("event", flat=True))


def test_a_source_is_read_and_stays_silent_while_it_says_the_same(site, article):
    assert "1 sources read, 0 of them not to be had. A person has to look at 0" in run()
    run(1)
    run(2)
    row = SourceText.objects.get()
    assert (row.event, row.url, row.status, list(row.articles.all())) == (Event.FIRST, site.at("/"), 200, [article])
    assert not SourceText.objects.waiting()


def test_a_changed_text_is_told_with_the_articles_that_rest_on_it(site, article):
    run()
    site.pages["/"] = page("<h1>Fees</h1><p>Twenty</p>")
    assert f"Its text changed: {site.at('/')}" in run(1)
    run(2)
    (drifted,) = SourceText.objects.drifted()
    assert list(drifted.articles.all()) == [article]
    assert events() == [Event.FIRST, Event.CHANGED]


@pytest.mark.parametrize(
    "same",
    [
        "<h1>Fees</h1>\n\n<p class=x>Ten</p>",
        "<script>now()</script><h1>Fees</h1><p>Ten</p>",
        "<header>New menu</header><nav>A</nav><h1>Fees</h1><p>Ten</p><footer>Seen 12 times</footer>",
        "<div><style>p{}</style><h1>Fees</h1><p><b>T</b>en</p></div><!-- built today -->".replace("<b>T</b>en", "Ten"),
    ],
)
def test_what_is_not_the_text_is_no_drift(site, article, same):
    run()
    site.pages["/"] = page(same)
    run(1)
    assert events() == [Event.FIRST]


def test_a_file_is_known_by_its_bytes(site, article):
    site.pages["/"] = page(b"%PDF-1.7 one", Content_Type="application/pdf")
    run()
    site.pages["/"] = page(b"%PDF-1.7 two", Content_Type="application/pdf")
    run(1)
    assert events() == [Event.FIRST, Event.CHANGED]


@pytest.mark.parametrize("charset", ["iso-8859-1", "utf-8", "windows-1252", "nonsense", "punycode", "utf-16"])
def test_a_page_is_read_in_its_own_letters_or_at_least_in_some(charset):
    try:
        body = "<p>Språk</p>".encode(charset)
    except LookupError:
        body = "<p>Språk</p>".encode()
    found = watching.text_of(body, f"text/html; charset={charset}")
    assert found == "Språk" or charset in ("punycode",)


@pytest.mark.parametrize(
    "body", [b"", b"\x00" * 1000, b"<" * 200_000, b"<!--" * 50_000, b"<a " * 50_000, b"&#x110000;"]
)
def test_no_page_stops_the_reading(body):
    watching.text_of(body, "text/html")


def test_a_page_that_moved_is_told(site, article):
    run()
    site.pages |= {"/": to("/new"), "/new": page("<h1>Fees</h1><p>Ten</p>")}
    run(1)
    run(2)
    (moved,) = SourceText.objects.moved()
    assert moved.final_url == site.at("/new")
    assert events() == [Event.FIRST, Event.MOVED]


@pytest.mark.parametrize("code", [404, 410])
def test_a_page_vanishes_on_the_second_day(site, article, code):
    run()
    site.pages["/"] = status(code)
    run(1)
    run(1)
    assert not SourceText.objects.waiting()
    run(2)
    run(3)
    assert [row.event for row in SourceText.objects.vanished()] == [Event.VANISHED]
    assert events() == [Event.FIRST, Event.MISSED, Event.VANISHED]


def test_a_page_that_comes_back_may_vanish_anew(site, article):
    answer = site.pages["/"]
    run()
    for day, reply in enumerate((status(404), answer, status(404), status(404), answer), start=1):
        site.pages["/"] = reply
        run(day)
    assert events() == [
        *(Event.FIRST, Event.MISSED, Event.RETURNED),
        *(Event.MISSED, Event.VANISHED, Event.RETURNED),
    ]


@pytest.mark.parametrize("code", [202, 403, 429, 500, 503])
def test_a_server_that_is_not_to_be_had_says_nothing_about_the_text(site, article, code):
    run()
    site.pages["/"] = status(code, "<p>Busy</p>")
    run(1)
    run(2)
    assert events() == [Event.FIRST]


def test_a_limited_run_comes_round(site, db):
    site.pages |= {f"/{n}": page(f"<p>{n}</p>") for n in range(5)}
    factories.make_published_article(body=" ".join(f"[x]({site.at(f'/{n}')})" for n in range(5)))
    for day in range(3):
        run(day, limit=2)
    assert SourceText.objects.filter(event=Event.FIRST).count() == 5


# A person decides


@pytest.fixture
def changed(site, article):
    run()
    site.pages["/"] = page("<p>New</p>")
    run(1)
    return SourceText.objects.drifted().get()


def test_a_decision_is_kept_with_name_and_moment_and_ends_the_waiting(changed):
    editor = factories.make_editor(username="ingrid")
    changed.decide("needs_change", by=editor, note=" The fee rose. ", at=MONDAY + 2 * DAY)
    assert not SourceText.objects.waiting()
    (row,) = SourceText.objects.needing_change()
    assert (row.decided_by_name, row.decided_at, row.note) == ("ingrid", MONDAY + 2 * DAY, "The fee rose.")


def test_nothing_is_decided_twice_or_without_words(changed):
    editor = factories.make_editor()
    with pytest.raises(ValidationError, match="Write what you saw"):
        changed.decide("nothing", by=editor, note=" ", at=MONDAY)
    other = SourceText.objects.get(pk=changed.pk)
    changed.decide("nothing", by=editor, note="A typo.", at=MONDAY)
    with pytest.raises(ValidationError, match="Somebody else has decided"):
        other.decide("needs_change", by=editor, note="No.", at=MONDAY)


def test_it_stays_listed_until_somebody_decides_whatever_the_page_says_later(site, changed):
    site.pages["/"] = page("<h1>Fees</h1><p>Ten</p>")
    run(2)
    assert SourceText.objects.drifted().count() == 2


# What an article names


def test_the_sources_of_the_last_check_are_watched_too(site, article):
    version = article.versions.get()
    for number, name in enumerate(("old", "new")):
        factories.make_check(
            version,
            sources=[{"title": name, "url": f"https://{name}.example/x#part"}],
            recorded_at=MONDAY + timedelta(minutes=number),
        )
    rests_on = {site.at("/"): {article.pk}, "https://new.example/x": {article.pk}}
    assert watching.named(datetime(2029, 1, 1, tzinfo=UTC)) == rests_on


def test_a_withdrawn_article_names_nothing(site, article):
    factories.make_check(article.versions.get(), recorded_at=MONDAY)
    article.withdraw(by=None, reason="error", note="Wrong.")
    assert watching.named(datetime(2029, 1, 1, tzinfo=UTC)) == {}
