"""Editors keep the register at the desk: what they enter is known at the next save, what is wrong has its cure."""

from typing import Any

import pytest
from django.urls import reverse

from legislation import register
from legislation.citations import find
from legislation.models import Amendment, Instrument, Provision, Term
from tests import reading
from tests.factories import (
    make_amendment,
    make_editor,
    make_incorporation,
    make_instrument,
    make_mdr,
    make_provision,
    make_term,
)
from tests.forms import filled_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client, db):
    client.force_login(make_editor())
    return client


@pytest.fixture(autouse=True)
def rows_of_formsets(settings):
    """Django's formsets ask for each row that they were sent, and for what it refers to."""
    models = ("Instrument", "InstrumentName", "Incorporation", "Relation", "Amendment")
    settings.ZEAL_ALLOWLIST = [{"model": f"legislation.{name}", "field": "get()"} for name in models]


def address(model: str, row: Any = None) -> str:
    name = f"admin:legislation_{model}"
    return reverse(f"{name}_change", args=[row.pk]) if row else reverse(f"{name}_add")


def sent(editor, page: str, **changes):
    return editor.post(page, filled_in(editor.get(page), **changes))


def new_row(prefix: str, number: int = 0, **values) -> dict[str, object]:
    rows = {f"{prefix}-{number}-{name}": value for name, value in values.items()}
    return {f"{prefix}-TOTAL_FORMS": number + 1} | rows


def problems(answer) -> str:
    assert answer.status_code == 200
    forms = [answer.context["adminform"].form]
    for inline in answer.context["inline_admin_formsets"]:
        forms += inline.formset.forms
    return " ".join(message for form in forms for messages in form.errors.values() for message in messages)


def keys(text: str) -> list[str | None]:
    return [citation.instrument for citation in find(text, register.current())]


@pytest.mark.parametrize("model", ["instrument", "provision", "amendment", "term"])
def test_every_list_search_and_form_opens(editor, model, django_assert_max_num_queries):
    row = {
        "instrument": make_instrument,
        "provision": make_provision,
        "amendment": make_amendment,
        "term": make_term,
    }[model]()
    for _ in range(5):
        make_amendment()
        make_term()
    with django_assert_max_num_queries(12):
        assert editor.get(f"/admin/legislation/{model}/").status_code == 200
    assert editor.get(f"/admin/legislation/{model}/?q=mdr+120").status_code == 200
    assert editor.get(address(model)).status_code == 200
    assert editor.get(address(model, row)).status_code == 200


def test_a_page_of_an_instrument_takes_few_queries_whatever_hangs_on_it(editor, django_assert_max_num_queries):
    mdr = make_mdr()
    for _ in range(8):
        mdr.relations.create(kind="amends", target=make_instrument())
        make_incorporation(instrument=make_instrument())
    make_incorporation(instrument=mdr)
    with django_assert_max_num_queries(40):
        assert editor.get(address("instrument", mdr)).status_code == 200


def test_an_instrument_added_at_the_desk_is_recognised_at_once(editor):
    assert keys("Regulation (EU) 2031/5 and the Robot Act") == ["EU-2031-5"]
    values = {"short_name": "Robot Act", "slug": "eu-2031-5", "kind": "regulation", "celex": "32031R0005"}
    answer = sent(editor, address("instrument"), **values, articles="1-9", **new_row("names", name="Law on Robots"))
    assert answer.status_code == 302, problems(answer)
    assert keys("Regulation (EU) 2031/5, the Robot Act or Law on Robots") == ["EU-2031-5"] * 3
    citations = find("Article 10 of the Robot Act", register.current())
    assert [citation.exists for citation in citations] == [False]


def test_an_instrument_with_a_name_for_its_address_is_recognised_by_its_number_without_any_row_of_names(editor):
    values = {"short_name": "Robot Act", "slug": "robots", "kind": "regulation", "celex": "32031R0005"}
    answer = sent(editor, address("instrument"), **values, articles="1-9")
    assert answer.status_code == 302, problems(answer)
    assert keys("Regulation (EU) 2031/5 or the Robot Act") == ["ROBOTS"] * 2


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("short_name", "act on lamps", "“act on lamps” already means Act on Lamps (lamps)."),
        ("short_name", "Lamp Law", "“Lamp Law” already means Act on Lamps (lamps)."),
        ("short_name", "Regulation (EU) 2031/5", "“Regulation (EU) 2031/5” already means Act on Lamps (lamps)."),
        ("celex", "32031R0005", "32031R0005 is the number of Act on Lamps (lamps)."),
    ],
)
def test_an_instrument_is_in_the_register_once(editor, field, value, problem):
    make_instrument(slug="lamps", celex="32031R0005", short_name="Act on Lamps", names=["Lamp Law"])
    values = {"short_name": "Robot Act", "slug": "robots", "kind": "regulation", "celex": "32031R0006"}
    assert problem in problems(sent(editor, address("instrument"), **values | {field: value}))
    assert Instrument.objects.count() == 1


def test_a_name_added_at_the_desk_is_recognised_at_once_and_one_removed_no_more(editor):
    act = make_instrument(short_name="Act on Lamps", names=["Lamp Law"])
    assert keys("the Lamp Law, the Lantern Law") == [act.key]
    sent(editor, address("instrument", act), **new_row("names", 1, name="Lantern Law"))
    assert keys("the Lamp Law, the Lantern Law") == [act.key] * 2
    sent(editor, address("instrument", act), **{"names-0-DELETE": "on"})
    assert len(keys("the Lamp Law, the Lantern Law")) == 1


@pytest.mark.parametrize("name", ["Lamp Law", "lamp law", "Act on Lamps", "2031/5", "Regulation (EU) 2031/5"])
def test_a_name_that_another_instrument_has_is_refused_with_its_holder(editor, name):
    make_instrument(slug="eu-2031-5", celex="32031R0005", short_name="Act on Lamps", names=["Lamp Law"])
    act = make_instrument()
    answer = sent(editor, address("instrument", act), **new_row("names", name=name))
    assert f"“{name}” already means Act on Lamps. Remove the name there first, or write another." in problems(answer)
    assert not act.names.exists()


@pytest.mark.parametrize(
    ("name", "cure"),
    [
        ("Regulation", "“Regulation” alone can mean any act. Write more of its name."),
        ("—", "Texts cannot be searched for this. Write a name of letters or digits."),
        ("x" * 151, "at most 150 characters"),
        ("a\x00b", "Null characters are not allowed."),
    ],
)
def test_a_name_that_would_do_harm_is_refused(editor, name, cure):
    act = make_instrument()
    assert cure in problems(sent(editor, address("instrument", act), **new_row("names", name=name)))


@pytest.mark.parametrize(
    ("field", "value", "cure"),
    [
        ("articles", "1-XVII", "Write 1-17 or I-XVII."),
        ("articles", "from 1 to 9", "Write ranges and numbers with commas: 1-123, 10a."),
        ("annexes", "XII-I", "Write I-XII."),
        ("celex", "2017/745", "A CELEX number is written like 32017R0745."),
        ("eli", "https://eur-lex.europa.eu/eli/reg/2017/745/oj", "A European identifier is written like reg/2017/745"),
        ("lovdata", "https://lovdata.no/lov/2020-05-07-37", "A path on lovdata.no is written like lov/2020-05-07-37"),
        ("adopted", "April 2017", "Write 2026, 2026-07 or 2026-07-19."),
        ("territory", "Norway", "Ensure this value has at most 3 characters"),
        ("territory", "no", "Write EU, EEA or the two capital letters of a country: NO."),
        ("address", "no address", "Enter a full address that begins with https://."),
        ("published_on", "2026-02-30", "Enter a valid date."),
        ("articles", "9" * 300, "Ensure this value has at most 100 characters"),
    ],
)
def test_what_is_typed_wrongly_is_named_with_its_cure(editor, field, value, cure):
    act = make_instrument()
    assert cure in problems(sent(editor, address("instrument", act), **{field: value}))


@pytest.mark.parametrize(
    ("slug", "cure"),
    [("mdr", "Another instrument has this slug. Open that one, or write another."), ("MDR-2", "Use small letters")],
)
def test_a_slug_is_its_own_and_in_small_letters(editor, slug, cure):
    make_instrument(slug="mdr")
    answer = sent(editor, address("instrument"), short_name="Other", slug=slug, kind="regulation")
    assert cure in problems(answer)


def test_an_instrument_keeps_the_address_of_its_page(editor):
    act = make_instrument()
    sent(editor, address("instrument", act), slug="something-else", short_name="New name")
    saved = Instrument.objects.get(pk=act.pk)
    assert (saved.slug, saved.short_name) == (act.slug, "New name")


def test_an_instrument_without_an_official_address_is_saved_with_a_warning(editor):
    page = address("instrument")
    answer = editor.post(
        page, filled_in(editor.get(page), short_name="Note", slug="note-1", kind="guidance"), follow=True
    )
    assert Instrument.objects.filter(slug="note-1").exists()
    assert "no page can lead to the official text" in answer.content.decode()
    answer = editor.post(
        page,
        filled_in(editor.get(page), short_name="Act", slug="note-2", kind="decision", celex="32031D0007"),
        follow=True,
    )
    assert "no page can lead" not in answer.content.decode()


def test_an_instrument_is_not_related_to_itself(editor):
    act = make_instrument()
    answer = sent(editor, address("instrument", act), **new_row("relations", kind="amends", target=act.pk))
    assert answer.status_code == 200
    assert "An instrument is not related to itself. Choose another." in answer.content.decode()


def test_a_territory_is_recorded_once(editor):
    row = make_incorporation(territory="NO")
    page = address("instrument", row.instrument)
    answer = sent(editor, page, **new_row("incorporations", 1, territory="NO"))
    assert "Please correct the duplicate data for territory." in answer.content.decode()


def test_paragraphs_are_typed_with_commas_and_known_at_once(editor):
    article = make_mdr().provisions.get(kind="article", number="22")
    page = address("provision", article)
    assert filled_in(editor.get(page))["paragraphs"] == "1, 2, 3, 4, 5"
    assert sent(editor, page, paragraphs="1,2, 3,  4, 5, 6 ,").status_code == 302
    article.refresh_from_db()
    assert article.paragraphs == ["1", "2", "3", "4", "5", "6"]
    assert not find("MDR Article 22(6)", register.current())[0].paragraph_reason


@pytest.mark.parametrize(
    ("changes", "cure"),
    [
        ({"paragraphs": "1, 1"}, "1: it stands here twice. Keep one."),
        ({"deleted_paragraphs": "5"}, "5: it exists or was deleted, not both."),
        ({"is_unnumbered": "on"}, "Paragraphs are listed above. Remove them, or this mark."),
        ({"position": "9" * 300}, "Ensure this value is less than or equal to"),
        ({"position": "-1"}, "Ensure this value is greater than or equal to 0."),
    ],
)
def test_a_provision_typed_wrongly_is_named_with_its_cure(editor, changes, cure):
    article = make_mdr().provisions.get(kind="article", number="22")
    assert cure in problems(sent(editor, address("provision", article), **changes))


def test_a_provision_lies_within_its_instrument_and_is_there_once(editor):
    mdr = make_mdr()
    values = {"instrument": mdr.pk, "kind": "article", "position": 999}
    answer = sent(editor, address("provision"), number="124", **values)
    assert "MDR has articles 1-123, 10a. Correct the number, or that list first." in problems(answer)
    answer = sent(editor, address("provision"), number="22", **values)
    assert "The instrument already has this provision. Edit that row." in answer.content.decode()
    act = make_instrument(articles="1-23", has_lettered_articles=True)
    assert sent(editor, address("provision"), number="14a", **values | {"instrument": act.pk}).status_code == 302


def test_provisions_are_found_by_instrument_and_number(editor):
    mdr = make_mdr()
    query = {"app_label": "legislation", "model_name": "amendment", "field_name": "provision", "term": "mdr 120"}
    found = editor.get("/admin/autocomplete/", query).json()["results"]
    article = mdr.provisions.get(kind="article", number="120")
    assert found == [{"id": str(article.pk), "text": "MDR Article 120"}]


def test_an_amendment_is_recorded_below_its_provision_and_once(editor):
    article, act = make_provision(), make_instrument()
    row = {"by": act.pk, "what": "paragraph 4", "published_on": "2026-06-29"}
    assert sent(editor, address("provision", article), **new_row("amendments", **row)).status_code == 302
    amendment = Amendment.objects.get()
    assert (amendment.by, amendment.provision, amendment.applies_on) == (act, article, None)
    answer = sent(editor, address("amendment"), by=act.pk, provision=article.pk)
    assert "already recorded. Edit that row." in answer.content.decode()


@pytest.mark.parametrize("make", [make_instrument, make_provision, make_term])
def test_what_has_a_public_address_is_not_deleted_and_the_cure_is_told(client, editor, make):
    row = make()
    model = row._meta.model_name
    page = reverse(f"admin:legislation_{model}_delete", args=[row.pk])
    for answer in (editor.get(page, follow=True), editor.post(page, {"post": "yes"}, follow=True)):
        assert answer.redirect_chain == [(address(model, row), 302)]
        assert f"readers have the address of “{row}”" in reading.words(answer)
    assert type(row).objects.filter(pk=row.pk).exists()
    assert editor.get(reverse(f"admin:legislation_{model}_delete", args=[10**6])).status_code == 404
    client.force_login(make_editor(f"legislation.change_{model}"))
    assert client.post(page, {"post": "yes"}).status_code == 403


def test_a_term_keeps_the_anchor_that_pages_lead_to(editor):
    term = make_term(slug="udi", name="UDI")
    page = editor.get(address("term", term))
    assert "slug" not in page.context["adminform"].form.fields
    assert editor.post(address("term", term), filled_in(page, slug="other", expansion="Identifier")).status_code == 302
    term.refresh_from_db()
    assert (term.slug, term.expansion) == ("udi", "Identifier")


def test_a_term_is_kept_with_its_other_words(editor):
    values = {"name": "Device", "slug": "device", "definition": "A product.", "aliases": "medical device, MD"}
    assert sent(editor, address("term"), **values).status_code == 302
    assert Term.objects.get().aliases == ["medical device", "MD"]
    answer = sent(editor, address("term"), **values | {"slug": "device-2"})
    assert "The glossary has this term already." in problems(answer)
    assert editor.get("/admin/legislation/term/?q=medical").context["cl"].result_count == 1


@pytest.mark.parametrize("model", ["instrument", "provision", "amendment", "term"])
def test_without_the_right_nobody_reads_or_writes(client, model):
    client.force_login(make_editor("articles.change_article"))
    assert client.get(f"/admin/legislation/{model}/").status_code == 403
    assert client.post(address(model), {"name": "x"}).status_code == 403
    assert not Provision.objects.exists()


def test_every_choice_of_the_filter_by_territory_has_words(editor):
    make_instrument(territory="")
    page = editor.get(reverse("admin:legislation_instrument_changelist"))
    assert all(link.text.strip() for link in reading.elements(page, "a") if "territory" in link.attributes["href"])
