"""What the recogniser is told about the law is what the database holds at this moment."""

import pytest
from django.utils import timezone

from legislation import extents, register
from legislation.citations import Extent, find
from legislation.models import Instrument, Provision
from tests.factories import make_instrument, make_mdr, make_provision

pytestmark = pytest.mark.django_db


def found(text: str) -> list[tuple[str | None, tuple[str, ...], bool]]:
    return [(each.instrument, each.provisions, each.exists) for each in find(text, register.current())]


def test_an_empty_database_is_an_empty_register():
    assert not register.current().acts
    assert [each.exists for each in find("Article 22 MDR", register.current())] in ([True], [])


def test_an_instrument_is_recognised_by_names_number_and_how_far_it_goes():
    make_mdr()
    assert found("Article 22 of the MDR") == [("MDR", ("art_22",), True)]
    assert found("Regulation (EU) 2017/745, Article 10a") == [("MDR", ("art_10a",), True)]
    assert found("Medical Device Regulation Annex XVII") == [("MDR", ("anx_XVII",), True)]
    assert found("MDR Article 124") == [("MDR", ("art_124",), False)]
    assert found("MDR Article 11a")[0][2] is False


def test_a_paragraph_that_is_not_there_is_named():
    make_mdr()
    citation = find("MDR Article 22(6)", register.current())[0]
    assert citation.exists
    assert "1 to 5" in citation.paragraph_reason
    assert not find("MDR Article 120(3c)", register.current())[0].paragraph_reason


def test_deleted_paragraphs_still_have_a_place():
    make_provision(instrument=make_mdr(articles="1-200"), number="150", paragraphs=["1"], deleted_paragraphs=["2"])
    assert not find("MDR Article 150(2)", register.current())[0].paragraph_reason
    assert find("MDR Article 150(3)", register.current())[0].paragraph_reason


def test_an_instrument_without_names_and_number_is_not_looked_for():
    meddev = make_instrument(slug="meddev-2-7-1", short_name="MEDDEV 2.7/1", celex="", eli="", kind="guidance")
    assert found("See MEDDEV 2.7/1.") == []
    meddev.names.create(name="MEDDEV 2.7/1")
    assert [each[0] for each in found("See MEDDEV 2.7/1.")] == ["MEDDEV-2-7-1"]


def test_every_change_is_known_at_once():
    mdr = make_mdr()
    assert not find("EU device law says", register.current())
    name = mdr.names.create(name="EU device law")
    assert found("EU device law says") == [("MDR", (), True)]
    name.name = "Union device law"
    name.save()
    assert not find("EU device law says", register.current())
    assert found("Union device law says") == [("MDR", (), True)]
    Instrument.objects.filter(pk=mdr.pk).update(articles="1-124, 10a")
    assert found("MDR Article 124") == [("MDR", ("art_124",), True)]
    Provision.objects.filter(number="22", kind="article").update(paragraphs=["1", "2", "3", "4", "5", "6"])
    assert not find("MDR Article 22(6)", register.current())[0].paragraph_reason


def test_while_nothing_changes_it_costs_two_queries(django_assert_num_queries):
    make_mdr()
    first = register.current()
    with django_assert_num_queries(2):
        assert register.current() is first


def test_building_it_takes_three_more_queries_however_many_rows(django_assert_num_queries):
    make_mdr()
    for _ in range(5):
        make_instrument(names=[f"Name {timezone.now().isoformat()}"])
    with django_assert_num_queries(5):
        register.current()


@pytest.mark.parametrize(
    ("text", "extent"),
    [
        ("1-123, 10a", Extent("1", "123", frozenset({"10a"}))),
        ("I-XVII", Extent("I", "XVII")),
        ("5", Extent("5", "5")),
        ("1, 3, 7a", Extent(more=frozenset({"1", "3", "7a"}))),
        ("1-5, 8-10", Extent("1", "5", frozenset({"8", "9", "10"}))),
    ],
)
def test_an_extent_is_read_as_it_is_typed(text, extent):
    assert extents.read(text) == extent


@pytest.mark.parametrize(
    ("text", "cure"),
    [
        ("1-XVII", "Write 1-17 or I-XVII."),
        ("123-1", "Write 1-123."),
        ("1-12, abc", "Write ranges and numbers with commas"),
        ("VVX-XX", "Write ranges and numbers with commas"),
        ("1" * 300, "Write ranges and numbers with commas"),
        ("", "Write ranges and numbers with commas"),
    ],
)
def test_an_extent_that_cannot_be_read_says_how_to_write_it(text, cure):
    with pytest.raises(ValueError, match=cure.replace(".", r"\.")):
        extents.read(text)
