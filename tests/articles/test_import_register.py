"""The register of law comes with a site's content: rows in bulk, set to their files, one bad row stops all."""

from collections.abc import Callable
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from articles.content import reference
from articles.content.report import Report
from articles.models import ArticleVersion
from elendihub.models import Generation
from legislation.models import Deadline, Instrument, NationalDate, Provision, Term
from tests.articles.content_folder import write_folder, write_register

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_register(tmp_path)
    return write_folder(tmp_path)


def run(folder: Path) -> str:
    out = StringIO()
    call_command("import_content", str(folder), stdout=out)
    return out.getvalue()


def rewrite(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_every_row_comes_with_all_it_is_related_to(folder):
    run(folder)

    article = Provision.objects.get(kind="article", number="120")
    assert (article.paragraphs, article.deleted_paragraphs) == (["1", "3a"], ["8"])
    assert article.amendments.get().published_on == date(2023, 3, 20)
    deadline = Deadline.objects.get(slug="third-day")
    assert [act.slug for act in deadline.instruments.all()] == ["eu-2023-607", "mdr"]
    assert NationalDate.objects.get().applies_on is None
    assert Instrument.objects.get(slug="mdr").incorporations.get().is_certain is False


def test_a_row_may_name_a_later_row_of_its_file(folder):
    run(folder)

    assert Deadline.objects.get(slug="first-day").superseded_by.superseded_by.slug == "third-day"


def test_a_second_import_changes_nothing(folder):
    run(folder)
    before = Generation.objects.current()

    assert run(folder).endswith("0 made, 0 changed, 23 skipped.\n")

    assert Generation.objects.current() == before


def test_a_second_import_of_the_register_costs_two_queries_a_file_at_most(folder, django_assert_max_num_queries):
    run(folder)

    with django_assert_max_num_queries(2 * len(reference.REGISTER)):
        reference.load(folder.parent, Report(), reference.REGISTER)


def test_a_changed_row_is_set_to_its_file_and_keeps_what_no_file_says(folder):
    run(folder)
    Deadline.objects.filter(slug="third-day").update(sequence=4)
    rewrite(folder.parent / "deadlines.json", '"2022-05-26"', '"2022-05-27"')
    path = folder.parent / "deadlines.json"
    head, _, tail = path.read_text(encoding="utf-8").rpartition('[\n        "eu-2023-607"\n      ],\n')
    path.write_text(head + tail, encoding="utf-8")

    with pytest.raises(CommandError, match="third-day: source: The date has changed. Say here where"):
        run(folder)
    before, day, after = path.read_text(encoding="utf-8").partition('"2022-05-27"')
    moved = after.replace('"MDR Article 123(2)"', '"MDR Article 123(2), as corrected"', 1)
    path.write_text(before + day + moved, encoding="utf-8")
    assert "0 made, 1 changed, 22 skipped." in run(folder)

    saved = Deadline.objects.get(slug="third-day")
    assert saved.eu_on == date(2022, 5, 27)
    assert saved.sequence >= 4
    assert [act.slug for act in saved.instruments.all()] == ["mdr"]
    assert date(2022, 5, 26) in [former.former_on for former in saved.former_dates.all()]


def test_a_row_that_no_file_names_stays(folder):
    run(folder)
    Term.objects.create(slug="own", name="Own", definition="Ours.")

    run(folder)

    assert Term.objects.filter(slug="own").exists()


def test_content_without_a_register_is_imported_without_one(tmp_path):
    run(write_folder(tmp_path))

    assert ArticleVersion.objects.exists()
    assert not Instrument.objects.exists()


def replaced(old: str, new: str) -> Callable[[Path], object]:
    return lambda path: rewrite(path, old, new)


BAD = {
    "slug of no act": (
        "relations.json",
        replaced('"mdr"', '"mdd"'),
        "2: The target ['mdd'] is unknown. Add it to inst",
    ),
    "extent": ("instruments.json", replaced("1-123, 10a", "1-X"), "2: eu-2023-607: articles: “1-X” mixes two ways"),
    "CELEX": (
        "instruments.json",
        replaced("32023R0607", "2023/607"),
        "2: eu-2023-607: celex: A CELEX number is written",
    ),
    "null": ("instruments.json", replaced('"status": "in force"', '"status": null'), "2: status: null stands here."),
    "kind": ("instruments.json", replaced('"regulation"', '"treaty"'), "2: eu-2023-607: kind: Value 'treaty' is not"),
    "name of another": (
        "instrument_names.json",
        replaced('"mdr"', '"eu-2023-607"'),
        "2: MDR: name: “MDR” already means",
    ),
    "paragraphs": ("provisions.json", replaced('"3a"', "3"), "2: mdr article 120: paragraphs: This is not a list of"),
    "article beyond": ("provisions.json", replaced('"120"', '"124"'), "2: mdr article 124: number: MDR has articles 1"),
    "provision of no row": (
        "amendments.json",
        replaced('"120"', '"121"'),
        "2: The provision ['mdr', 'article', '121'] is",
    ),
    "key that no editor sets": (
        "deadlines.json",
        replaced('"who"', '"sequence"'),
        "2: The key sequence is unknown. Use",
    ),
    "act of no deadline": (
        "deadlines.json",
        replaced('"eu-2023-607"', '"eu-1999-1"'),
        "2: The instruments ['eu-1999-1']",
    ),
    "no acts": ("deadlines.json", replaced('"mdr"', "7"), "2: The instruments [7] is unknown. Add it to instruments"),
    "number for acts": (
        "deadlines.json",
        replaced('"instruments": [', '"instruments": 5, "x": ['),
        "2: The key x is unk",
    ),
    "successor of no row": (
        "deadlines.json",
        replaced('"second-day"', '"no-day"'),
        "2: The superseded_by ['no-day'] is",
    ),
    "itself in a circle": ("deadlines.json", replaced('"third-day"\n', '"first-day"\n'), "2: The superseded_by ["),
    "date without source": (
        "deadlines.json",
        replaced('"source": "MDR Article 123(2)"', '"source": ""'),
        "2: first-day: source: This field cannot be blank.",
    ),
    "aliases": ("terms.json", replaced("[]", "{}"), "2: device: see_also: This is not a list of texts."),
}


@pytest.mark.parametrize(("name", "spoil", "message"), BAD.values(), ids=BAD)
def test_one_bad_row_stops_everything_with_file_line_and_cure(folder, name, spoil, message):
    spoil(folder.parent / name)

    with pytest.raises(CommandError) as stop:
        run(folder)

    assert str(stop.value).startswith(f"{folder.parent}/{name}:{message}")
    assert str(stop.value).endswith(" Nothing was written.")
    assert not Instrument.objects.exists()
    assert not ArticleVersion.objects.exists()
