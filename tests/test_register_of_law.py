"""What the repository's own register of law promises, whoever edits its files next."""

from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command

from articles.content import reference
from articles.content.report import Report
from legislation import extents, register
from legislation.citations import Citation, find
from legislation.citations.numerals import arabic, between
from legislation.models import Amendment, Deadline, Incorporation, Instrument, NationalDate, Provision, Term
from legislation.models.instrument import EXTENTS

NOT_CONFIRMED = "eu-2024-1860"


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """The register's files in the database, once for all tests of this module."""
    with django_db_blocker.unblock():
        reference.load(settings.CONTENT_DIR, Report(), reference.REGISTER)
        yield
        call_command("flush", interactive=False, verbosity=0, stdout=StringIO())


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]


def found(text: str) -> list[Citation]:
    return find(text, register.current())


def keys(text: str) -> set[str | None]:
    return {citation.instrument for citation in found(text)}


def test_it_holds_the_law_that_the_texts_stand_on():
    assert Instrument.objects.count() == 265
    assert {"mdr", "ivdr", "mdd", "aimdd", "ivdd", "gdpr", "no-lov-2020-05-07-37", "no-for-2021-05-09-1476"} <= set(
        Instrument.objects.values_list("slug", flat=True)
    )
    counts = [Provision.objects.filter(instrument__slug="mdr", kind=kind).count() for kind in EXTENTS]
    assert counts == [124, 17, 10, 101, 22, 0]
    counts = [Provision.objects.filter(instrument__slug="ivdr", kind=kind).count() for kind in EXTENTS]
    assert counts == [114, 15, 10, 101, 7, 0]


def test_every_provision_of_the_core_acts_has_its_row():
    for act in Instrument.objects.filter(slug__in=["mdr", "ivdr", "mdd", "aimdd", "ivdd", "gdpr"]):
        for kind, field in EXTENTS.items():
            rows = set(act.provisions.filter(kind=kind).values_list("number", flat=True))
            known = getattr(act, field)
            if not rows:
                continue
            extent = extents.read(known)
            assert rows == {extent.first, *(between(extent.first, extent.last) or ()), *extent.more}, (act, kind)


def test_provisions_stand_in_the_order_of_the_act():
    for kind in ("article", "recital", "rule", "annex", "chapter"):
        rows = Provision.objects.filter(instrument__slug="mdr", kind=kind).in_order()
        numbers = [arabic(number) for number in rows.values_list("number", flat=True)]
        assert numbers == sorted(numbers), kind


def test_paragraphs_are_those_of_the_consolidated_texts():
    article = Provision.objects.get(instrument__slug="mdr", kind="article", number="120")
    assert article.paragraphs == "1 2 3 3a 3b 3c 3d 3e 3f 4 5 6 7 9 10 11 12 13".split()
    assert article.deleted_paragraphs == ["8"]
    assert Provision.objects.get(instrument__slug="mdr", kind="article", number="2").paragraphs[-1] == "71"
    assert Provision.objects.get(instrument__slug="ivdr", kind="article", number="2").paragraphs[-1] == "74"
    assert Provision.objects.get(instrument__slug="mdr", kind="article", number="7").is_unnumbered


def test_what_nobody_confirmed_is_not_said_to_be_norwegian_law():
    rows = Incorporation.objects.filter(instrument__slug=NOT_CONFIRMED)
    assert {row.territory for row in rows} == {"EEA", "NO"}
    assert not any(row.applies_from or row.decided_on or row.decision or row.is_certain for row in rows)
    assert all("not confirmed" in row.note for row in rows)
    dates = NationalDate.objects.filter(deadline__instruments__slug=NOT_CONFIRMED, deadline__superseded_by=None)
    assert len(dates) > 0
    assert not any(row.applies_on for row in dates)


def test_a_date_for_norway_is_confirmed_or_says_that_it_is_not():
    for row in NationalDate.objects.filter(territory="NO"):
        assert row.note, row
    undecided = Deadline.objects.filter(superseded_by=None).exclude(national_dates__territory="NO")
    assert not undecided.exists()
    assert NationalDate.objects.get(deadline__slug="mdr-in-force").applies_on.isoformat() == "2021-05-26"


def test_a_date_that_was_replaced_says_by_what():
    replaced = Deadline.objects.exclude(superseded_by=None)
    assert replaced.count() == 9
    assert all(row.superseded_note and row.eu_on for row in replaced)
    assert Deadline.objects.get(slug="ivdr-d-2025").superseded_by.eu_on.isoformat() == "2027-12-31"


def test_every_date_has_its_acts_and_a_basis_that_exists():
    for row in Deadline.objects.prefetch_related("instruments"):
        assert row.instruments.all(), row.slug
        citations = found(row.legal_basis)
        assert citations or row.slug == "mdr-revision", row.slug
        assert all(citation.exists and not citation.paragraph_reason for citation in citations), row.slug


def test_every_term_has_a_basis_that_exists():
    for row in Term.objects.exclude(basis=""):
        assert all(citation.exists and not citation.paragraph_reason for citation in found(row.basis)), row.name


def test_amendments_are_dated_by_their_acts():
    assert Amendment.objects.count() == 33
    for row in Amendment.objects.select_related("by", "provision__instrument"):
        assert row.published_on == row.by.published_on, row
    row = Amendment.objects.get(by__slug="eu-2026-1359")
    assert (str(row.provision), row.what, row.applies_on.isoformat()) == ("MDR Article 52", "paragraph 4", "2026-07-19")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Regulation (EU) 2017/745", "MDR"),
        ("93/42/EEC", "MDD"),
        ("Regulation (EU) No 1025/2012", "EU-2012-1025"),
        ("Directive 2001/83/EC", "EC-2001-83"),
        ("Commission Decision 2002/364/EC", "EC-2002-364"),
        ("Directive 85/374/EEC", "EEC-85-374"),
        ("MDCG 2021-24 rev. 1", "MDCG-2021-24"),
        ("EN ISO 13485:2016", "ISO-13485"),
        ("ISO/TR 24971:2020", "ISO-24971"),
        ("ISO/IEC 17021-1", "ISO-17021-1"),
        ("LOV-2020-05-07-37 § 1", "NO-LOV-2020-05-07-37"),
        ("the Norwegian Medical Devices Act", "NO-LOV-2020-05-07-37"),
        ("Forskrift om håndtering av medisinsk utstyr", "NO-FOR-2013-11-29-1373"),
    ],
)
def test_texts_lead_to_its_rows(text, key):
    assert keys(text) == {key}
    assert Instrument.objects.filter(slug=key.lower()).exists()


@pytest.mark.parametrize(
    "text",
    ["MEDDEV 2.7/1 rev. 4", "IMDRF N47", "COM(2025) 1023", "the Helsinki Procedure", "21 CFR Part 820", "UK MDR 2002"],
)
def test_what_is_no_citation_is_left_alone(text):
    assert keys(text) <= {None}


def test_the_official_text_is_one_step_away_but_for_standards():
    without = [row for row in Instrument.objects.all() if not row.source_url()]
    assert {row.kind for row in without} <= {"standard", "eea-decision"}
    assert all(row.source_url().startswith("https://") for row in Instrument.objects.all() if row not in without)


def test_no_record_speaks_of_how_it_was_researched():
    for row in (
        *Instrument.objects.all(),
        *Provision.objects.all(),
        *Deadline.objects.all(),
        *Incorporation.objects.all(),
    ):
        words = " ".join(str(value) for value in vars(row).values()).lower()
        assert not any(
            trace in words for trace in ("snapshot", "memory", "medium)", "the material read", "verified")
        ), row
