"""Dates at the desk: a postponement needs its source, keeps the former date and moves the event of calendars."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from legislation.models import Deadline, FormerDate, NationalDate
from tests import factories
from tests.forms import filled_in

MOVED_BY = "MDR Article 120(3a), as amended by Regulation (EU) 2099/1"


@pytest.fixture
def editor(client, db):
    client.force_login(factories.make_editor())
    return client


@pytest.fixture(autouse=True)
def rows_of_formsets(settings):
    """Django's formsets ask for each row that they were sent."""
    settings.ZEAL_ALLOWLIST = [{"model": "legislation.NationalDate", "field": "get()"}]


@pytest.fixture
def deadline(db):
    instruments = [factories.make_instrument()]
    return factories.make_deadline(
        slug="legacy", eu_on=date(2030, 5, 26), instruments=instruments, national_dates={"NO": date(2030, 5, 26)}
    )


def page(deadline):
    return reverse("admin:legislation_deadline_change", args=[deadline.pk])


def sent(editor, address, **changes):
    return editor.post(address, filled_in(editor.get(address), **changes))


def errors(answer):
    forms = [answer.context["adminform"].form]
    for inline in answer.context["inline_admin_formsets"]:
        forms += inline.formset.forms
    return {name: " ".join(messages) for form in forms for name, messages in form.errors.items()}


def test_a_postponement_with_its_source_moves_the_event_and_keeps_the_former_date(editor, deadline):
    before = Deadline.objects.get().sequence
    answer = editor.post(page(deadline), filled_in(editor.get(page(deadline)), eu_on="2031-12-31", source=MOVED_BY))
    assert answer.status_code == 302
    after = Deadline.objects.get()
    assert (after.slug, after.eu_on) == ("legacy", date(2031, 12, 31))
    assert after.sequence == before + 1
    assert FormerDate.objects.get().former_on == date(2030, 5, 26)
    assert "The date moved from 26 May 2030" in editor.get(answer["Location"]).text
    shown = editor.get("/deadlines/").text
    assert "26 May 2030" in shown
    assert MOVED_BY in shown


def test_a_postponement_without_its_source_is_refused_with_the_cure(editor, deadline):
    answer = sent(editor, page(deadline), eu_on="2031-12-31")
    assert "Say here where the new date was read" in errors(answer)["source"]
    assert Deadline.objects.get().eu_on == date(2030, 5, 26)


def test_a_date_without_source_or_day_is_refused_with_the_cure(editor, deadline):
    assert "published only with its source" in errors(sent(editor, page(deadline), source=""))["source"]
    answer = sent(editor, page(deadline), eu_on="", source=MOVED_BY)
    assert "Give the EU date, or the rule" in errors(answer)["__all__"]


def test_a_national_date_moves_with_what_confirms_it_only(editor, deadline):
    answer = sent(editor, page(deadline), **{"national_dates-0-applies_on": "2031-01-01"})
    assert "where the new date was read" in errors(answer)["note"]
    moved = {"national_dates-0-applies_on": "2031-01-01", "national_dates-0-note": "EEA decision 9/2030"}
    assert sent(editor, page(deadline), **moved).status_code == 302
    assert NationalDate.objects.get().applies_on == date(2031, 1, 1)
    assert FormerDate.objects.get().territory == "NO"


def test_a_new_date_is_entered_with_all_it_needs(editor, deadline):
    address = reverse("admin:legislation_deadline_add")
    fields = {
        "title": "New date",
        "slug": "new-date",
        "group": "Group",
        "kind": "deadline",
        "instruments": [deadline.instruments.get().pk],
        "legal_basis": "MDR Article 120",
        "condition": "Anything.",
        "eu_on": "2032-01-01",
        "source": "MDR Article 120",
    }
    assert sent(editor, address, **fields).status_code == 302
    assert Deadline.objects.get(slug="new-date").eu_on == date(2032, 1, 1)


def test_a_date_keeps_its_name_and_is_never_deleted(editor, deadline):
    assert "slug" not in editor.get(page(deadline)).context["adminform"].form.fields
    assert editor.get(reverse("admin:legislation_deadline_delete", args=[deadline.pk])).status_code == 403


def test_the_list_begins_with_what_comes_next_and_tells_every_state(editor, deadline, django_assert_max_num_queries):
    today = timezone.now().date()
    passed = factories.make_deadline(title="Passed one", eu_on=today - timedelta(days=1))
    nearest = factories.make_deadline(title="Nearest one", eu_on=today)
    factories.make_deadline(title="Open one", eu_on=None, rule="Later")
    factories.make_deadline(title="Old one", eu_on=today - timedelta(days=9), superseded_by=passed)
    with django_assert_max_num_queries(12):
        answer = editor.get("/admin/legislation/deadline/")
    rows = [row.title for row in answer.context["cl"].result_list]
    assert rows == [nearest.title, deadline.title, "Open one", "Old one", "Passed one"]
    for state, expected in {
        "ahead": [nearest.title, deadline.title],
        "passed": ["Passed one"],
        "open": ["Open one"],
        "superseded": ["Old one"],
    }.items():
        answer = editor.get(f"/admin/legislation/deadline/?state={state}")
        assert [row.title for row in answer.context["cl"].result_list] == expected
    assert editor.get("/admin/legislation/deadline/?q=article+120").status_code == 200
