"""Pages that articles rest on: a program notices that they changed, moved or vanished, and a person decides."""

from collections import Counter
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

# As much as a page has that says something.
REST = "<p>" + "The fee is due when the application comes in. " * 5 + "</p>"
MONDAY = datetime(2026, 11, 23, 6, tzinfo=UTC)
DAY = timedelta(days=1)
Event = SourceText.Event


def saying(words, title="Fees"):
    return page(f"<h1>{title}</h1><p>{words}</p>{REST}")


@pytest.fixture
def site(db):
    with serving({"/": saying("Ten")}) as site:
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
    site.pages["/"] = saying("Twenty")
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
    site.pages["/"] = page(same + REST)
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
    site.pages |= {"/": to("/new"), "/new": saying("Ten")}
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
    site.pages |= {f"/{n}": saying(n) for n in range(5)}
    factories.make_published_article(body=" ".join(f"[x]({site.at(f'/{n}')})" for n in range(5)))
    site.pages["/0"] = status(500)
    for day in range(9):
        run(day, limit=2)
    asked = Counter(site.seen)
    assert len(asked) == 5
    assert min(asked.values()) >= 3


# What cannot be watched

EMPTY = page("<title>Fees</title><div id=app></div><script>fill()</script><noscript>Turn scripts on.</noscript>")


@pytest.mark.parametrize(
    "reply", [EMPTY, page(""), page(b"", Content_Type="application/pdf"), status(401), status(403)]
)
def test_a_page_that_a_program_cannot_read_is_put_before_a_person_once(site, article, reply):
    site.pages["/"] = reply
    assert f"It cannot be watched: it has no text, or keeps programs out: {site.at('/')}" in run()
    run(1)
    (row,) = SourceText.objects.unread()
    assert (row.is_waiting, list(row.articles.all())) == (True, [article])
    assert events() == [Event.UNREAD]


def test_a_page_that_lost_its_text_is_told_and_told_again_when_it_has_it_back(site, article):
    run()
    for day, reply in enumerate((EMPTY, EMPTY, saying("Ten"), EMPTY, saying("Twenty")), start=1):
        site.pages["/"] = reply
        run(day)
    assert events() == [Event.FIRST, Event.UNREAD, Event.RETURNED, Event.UNREAD, Event.RESTLESS]


def test_a_page_that_could_not_be_read_is_watched_once_it_can(site, article):
    site.pages["/"] = EMPTY
    run()
    for day, words in ((1, "Ten"), (2, "Ten"), (3, "Twenty")):
        site.pages["/"] = saying(words)
        run(day)
    assert events() == [Event.UNREAD, Event.FIRST, Event.CHANGED]


def test_a_source_that_was_not_to_be_had_is_named(site, article):
    site.pages["/"] = status(500)
    assert f"Not to be had: {site.at('/')}: It answers 500 Internal Server Error." in run()


# What changes by itself


def each_day(site, days, reply=lambda day: saying(f"Today is day {day}.")):
    for day in days:
        site.pages["/"] = reply(day)
        run(day)


def test_a_page_that_changed_on_three_days_of_a_week_is_told_as_changing_by_itself_and_then_left_alone(site, article):
    each_day(site, range(32))
    assert events() == [Event.FIRST, Event.CHANGED, Event.CHANGED, Event.RESTLESS]
    assert SourceText.objects.restless().get().is_waiting
    each_day(site, range(33, 40))
    assert events()[4:] == [Event.CHANGED, Event.CHANGED, Event.RESTLESS]


def test_a_page_that_is_sent_to_another_address_each_day_changes_by_itself(site, article):
    site.pages["/in"] = saying("Ten")
    each_day(site, range(9), lambda day: to(f"/in?ticket={day}"))
    assert events() == [Event.FIRST, Event.MOVED, Event.MOVED, Event.RESTLESS]


@pytest.mark.parametrize("days", [(0, 1, 1, 1, 1), (0, 1, 2), (0, 1, 8, 15, 22)])
def test_a_page_that_people_change_now_and_then_is_told_each_time(site, article, days):
    for number, day in enumerate(days):
        site.pages["/"] = saying(number)
        run(day)
    assert events() == [Event.FIRST, *[Event.CHANGED] * (len(days) - 1)]


def test_a_page_that_changes_by_itself_still_vanishes_on_the_second_of_two_days_in_a_row(site, article):
    each_day(site, range(5))
    gone = {6: status(404), 8: status(404), 9: status(404)}
    each_day(site, range(6, 11), lambda day: gone.get(day, saying(day)))
    assert events()[4:] == [Event.MISSED, Event.RETURNED, Event.MISSED, Event.VANISHED, Event.RETURNED]


def test_a_clock_that_was_ahead_keeps_no_page_from_vanishing(site, article):
    run()
    site.pages["/"] = status(404)
    run(2000)
    run(1)
    assert events() == [Event.FIRST, Event.MISSED, Event.VANISHED]


# A person decides


@pytest.fixture
def changed(site, article):
    run()
    site.pages["/"] = saying("New")
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
    site.pages["/"] = saying("Ten")
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
