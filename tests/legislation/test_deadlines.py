"""How dates move: openly, with their source, kept by the database whoever writes."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from legislation.models import Deadline, FormerDate, NationalDate
from tests import factories

ON = date(2026, 5, 4)
OLD, NEW = date(2026, 5, 26), date(2028, 12, 31)
MOVED_BY = "MDR Article 120(3a), as amended by Regulation (EU) 2099/1"


@pytest.fixture
def deadline(db):
    return factories.make_deadline(slug="legacy", eu_on=OLD, source="MDR Article 120(3a)")


def sequence(deadline):
    return Deadline.objects.values_list("sequence", flat=True).get(pk=deadline.pk)


def postpone(deadline, **fields):
    for name, value in ({"eu_on": NEW, "source": MOVED_BY} | fields).items():
        setattr(deadline, name, value)
    deadline.full_clean()
    deadline.save()


def raw(sql, *params):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)


def bulk(deadline):
    deadline.eu_on, deadline.source = NEW, MOVED_BY
    Deadline.objects.bulk_update([deadline], ["eu_on", "source"])


MOVES = {
    "save": postpone,
    "update": lambda deadline: Deadline.objects.update(eu_on=NEW, source=MOVED_BY),
    "bulk update": bulk,
    "raw update": lambda deadline: raw("UPDATE legislation_deadline SET eu_on = %s, source = %s", NEW, MOVED_BY),
}


@pytest.mark.parametrize("way", MOVES)
def test_a_date_moves_with_its_sequence_and_leaves_the_former_date_whoever_writes(deadline, way):
    before = Deadline.objects.get()
    MOVES[way](deadline)
    after = Deadline.objects.get()
    assert (after.slug, after.eu_on, after.sequence) == ("legacy", NEW, before.sequence + 1)
    assert after.updated_at > before.updated_at
    former = FormerDate.objects.get()
    assert (former.deadline, former.territory, former.former_on, former.source) == (after, "", OLD, MOVED_BY)
    assert former.replaced_on == timezone.now().date()


def test_a_date_cannot_move_without_the_source_of_the_new_date(deadline):
    deadline.eu_on = NEW
    with pytest.raises(ValidationError, match="Say here where the new date was read"):
        deadline.full_clean()
    for write in (
        deadline.save,
        lambda: Deadline.objects.update(eu_on=NEW),
        lambda: raw("UPDATE legislation_deadline SET eu_on = %s", NEW),
    ):
        with pytest.raises(IntegrityError, match="source of the new date"), transaction.atomic():
            write()
    assert Deadline.objects.get().eu_on == OLD
    assert not FormerDate.objects.exists()


def test_a_date_has_a_source_from_the_first(db):
    with pytest.raises(IntegrityError, match="deadline_has_a_source"), transaction.atomic():
        factories.make_deadline(source="")
    with pytest.raises(IntegrityError, match="national_date_has_a_source"), transaction.atomic():
        NationalDate.objects.create(deadline=factories.make_deadline(), territory="NO", applies_on=OLD)


def test_an_open_date_that_gets_its_day_needs_a_source_and_has_no_former_date(db):
    deadline = factories.make_deadline(eu_on=None, rule="Six months after the notice.")
    postpone(deadline)
    assert deadline.sequence == 1
    assert not FormerDate.objects.exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[(name, "Other words") for name in ("title", "legal_basis", "who", "condition", "rule", "source", "note")],
        ("classes", ["D"]),
        ("is_certain", False),
        ("superseded_note", "Withdrawn"),
    ],
)
def test_the_sequence_rises_with_all_that_calendars_show(deadline, name, value):
    setattr(deadline, name, value)
    deadline.save()
    assert deadline.sequence == sequence(deadline) == 1


def test_the_sequence_rests_while_nothing_changes_and_never_falls(deadline):
    stale = Deadline.objects.get()
    postpone(deadline)
    deadline.save()
    assert sequence(deadline) == 1
    stale.eu_on, stale.source = OLD, "MDR Article 120(3a)"
    stale.save()
    assert stale.sequence == sequence(deadline) == 2
    Deadline.objects.update(sequence=0)
    assert sequence(deadline) == 2


def test_the_slug_stays_because_calendars_know_it(deadline):
    deadline.slug = "other"
    with pytest.raises(ValidationError, match="Calendars know this date as “legacy”"):
        deadline.full_clean()
    with pytest.raises(DatabaseError, match="name in calendars for ever"), transaction.atomic():
        deadline.save()


def test_a_national_date_that_comes_moves_or_goes_raises_the_sequence(deadline):
    before = Deadline.objects.get().updated_at
    national = NationalDate.objects.create(deadline=deadline, territory="NO")
    assert sequence(deadline) == 1
    national.applies_on, national.note = OLD, "EEA Joint Committee Decision 1/2026"
    national.save()
    assert sequence(deadline) == 2
    NationalDate.objects.update(applies_on=NEW, note="EEA Joint Committee Decision 2/2026")
    assert sequence(deadline) == 3
    former = FormerDate.objects.get()
    assert (former.territory, former.former_on, former.source) == ("NO", OLD, "EEA Joint Committee Decision 2/2026")
    NationalDate.objects.all().delete()
    assert sequence(deadline) == 4
    assert Deadline.objects.get().updated_at > before


def test_a_national_date_cannot_move_without_saying_what_confirms_it(deadline):
    national = NationalDate.objects.create(deadline=deadline, territory="NO", applies_on=OLD, note="Decision 1")
    national.applies_on = NEW
    with pytest.raises(ValidationError, match="Say here where the new date was read"):
        national.full_clean()
    for write in (national.save, lambda: NationalDate.objects.update(applies_on=NEW)):
        with pytest.raises(IntegrityError, match="source of the new date"), transaction.atomic():
            write()


def test_what_is_superseded_from_the_first_never_was_an_event(deadline):
    old = factories.make_deadline(superseded_by=deadline, national_dates={"NO": None})
    Deadline.objects.filter(pk=old.pk).update(note="Changed")
    assert sequence(old) == 0
    Deadline.objects.filter(pk=old.pk).update(superseded_by=None)
    assert sequence(old) == 1


def test_a_successor_cannot_be_deleted(deadline):
    factories.make_deadline(superseded_by=deadline)
    with pytest.raises(DatabaseError):
        deadline.delete()


def test_dates_are_asked_for_by_law_and_by_day(deadline):
    mdr = factories.make_instrument(slug="mdr")
    passed = factories.make_deadline(eu_on=date(2026, 5, 3), instruments=[mdr])
    today = factories.make_deadline(eu_on=ON, instruments=[mdr])
    moved = factories.make_deadline(eu_on=ON, instruments=[mdr], superseded_by=today)
    open_ended = factories.make_deadline(eu_on=None, rule="Later", instruments=[mdr])
    dates = Deadline.objects.for_instrument(mdr)
    assert set(dates) == {passed, today, moved, open_ended}
    assert set(dates.standing()) == {passed, today, open_ended}
    assert list(dates.standing().ahead(on=ON)) == [today]
    assert list(dates.passed(on=ON)) == [passed]


def test_a_country_keeps_its_own_clock_and_the_eu_date_where_its_own_is_not_confirmed(deadline):
    later = factories.make_deadline(slug="b", eu_on=OLD, national_dates={"NO": NEW, "IS": None})
    unknown = factories.make_deadline(slug="c", eu_on=OLD, national_dates={"NO": None})
    found = Deadline.objects.for_territory("NO")
    assert [(each, each.national_on, each.day) for each in found] == [(unknown, None, OLD), (later, NEW, NEW)]
    assert list(found.ahead(on=date(2027, 1, 1))) == [later]
    assert list(found.passed(on=date(2027, 1, 1))) == [unknown]


def test_a_class_finds_what_names_it_and_what_holds_for_every_class_of_its_act(db):
    mdr, ivdr = factories.make_instrument(slug="mdr"), factories.make_instrument(slug="ivdr")
    make = factories.make_deadline
    every = make(instruments=[mdr])
    every_ivd = make(instruments=[ivdr])
    third = make(instruments=[mdr], classes=["implantable", "class III"])
    second = make(instruments=[mdr], classes=["class IIa", "class IIb other"])
    first = make(instruments=[mdr], classes=["class Is", "class Im"])
    notified = make(instruments=[mdr], classes=["I with notified body"])
    sterile = make(instruments=[ivdr], classes=["B", "A sterile"])
    annex = make(instruments=[mdr], classes=["Annex XVI"])
    found = {name: set(Deadline.objects.for_class(name)) for name in ("I", "IIa", "IIb", "III", "A", "B", "C", "D")}
    assert found["III"] == {every, third}
    assert found["IIa"] == found["IIb"] == {every, second}
    assert found["I"] == {every, first, notified}
    assert found["A"] == found["B"] == {every_ivd, sterile}
    assert found["C"] == found["D"] == {every_ivd}
    assert not any(annex in dates for dates in found.values())
