"""/check/: a form that any browser can send, and what it answers."""

import csv
import json
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.test import Client

from legislation import findings, views
from tests import reading
from tests.factories import make_amendment, make_instrument, make_mdr

ADDRESS = "/check/"


@pytest.fixture(autouse=True)
def law(db, settings):
    settings.SITE_URL = "https://hub.example"
    return make_mdr()


def post(client, text, **fields):
    return client.post(ADDRESS, {"text": text} | fields)


def heading(response):
    return reading.elements(response, "h2")[0].text


def field(response):
    """The text in the visible form, as a browser reads it."""
    area = next(each for each in reading.elements(response, "textarea") if each.attributes.get("id") == "text")
    assert area.text.startswith("\n")
    return area.text[1:]


def words(response, tag="td"):
    return [" ".join(each.text.split()) for each in reading.elements(response, tag)]


def test_the_page_explains_itself_and_its_form_is_labelled(client):
    response = client.get(ADDRESS)
    assert response.status_code == 200
    (area,) = reading.elements(response, "textarea")
    assert reading.elements(response, "label", for_=area.attributes["id"]) or reading.elements(response, "label")
    assert area.attributes["aria-describedby"] == "help"
    assert reading.elements(response, "p", id="help")
    assert "neither stored nor logged" in reading.text(response)
    assert reading.elements(response, "body", class_="check_text")
    assert not reading.elements(response, "table")
    assert reading.meta(response)["canonical"] == "https://hub.example/check/"


def test_a_text_gets_a_row_for_each_citation(client, law):
    by = make_instrument(slug="eu-2023-607", short_name="Regulation (EU) 2023/607")
    article = law.provisions.get(kind="article", number="120")
    make_amendment(provision=article, by=by, what="inserted", published_on=date(2023, 3, 20), applies_on=None)
    response = post(client, "As MDR Article 120(3c)\nand MDR Article 220 say.")
    assert heading(response) == "2 citations: 1 exists, 1 does not exist"
    assert words(response, "th")[5:] == ["1:4", "2:5"]
    cells = words(response)
    assert cells[0] == "MDR Article 120(3c)"
    assert cells[1].startswith("MDR Article 120(3c)Official text")
    assert cells[2] == "Exists"
    assert cells[3] == (
        "Amended by Regulation (EU) 2023/607 (inserted)Published 20 March 2023, applies from a day not confirmed"
    )
    assert cells[6] == "Does not existMDR has Articles 1 to 123 and 10a."
    assert reading.links(response)["MDR Article 120(3c)"] == "https://hub.example/law/mdr/art-120/"


def test_states_differ_by_shape_as_well_as_by_word(client):
    response = post(client, "MDR Article 22.\n\nMDR Article 220.\n\nRegulation (EU) 2099/1.")
    marks = [each.attributes.get("data-state", "") for each in reading.elements(response, "span", class_="mark")]
    assert marks == ["", "absent", "due"]


def test_a_repealed_act_says_since_when(client):
    make_instrument(slug="mdd", short_name="MDD", names=["MDD"], repealed_on=date(2021, 5, 26))
    assert words(post(client, "the MDD"))[3] == "Repealed on 26 May 2021"


def test_what_was_written_is_shown_as_text_only(client):
    response = post(client, "<script>alert(1)</script> MDR *Article* <b>22</b></textarea>")
    assert not reading.elements(response, "script")
    assert not reading.elements(response, "b", class_="")[1:]
    assert "</textarea> MDR" not in reading.text(response)


def test_the_text_stays_in_the_form_with_its_first_line_break(client):
    text = "\n\n  MDR Article 22\n"
    assert field(post(client, text)) == text
    assert field(post(client, text.replace("\n", "\r\n"))) == text


def test_line_ends_of_a_browser_move_no_position(client):
    data = json.loads(post(client, "One\r\n\r\nMDR", format="json").content)
    assert (data["citations"][0]["line"], data["citations"][0]["start"]) == (3, 5)


def test_a_text_without_citations_says_what_one_looks_like(client):
    response = post(client, "Nothing of law.")
    assert heading(response) == "No citation found"
    assert "names its act" in reading.elements(response, "div", class_="empty")[0].text
    assert not reading.elements(response, "table")
    assert field(response) == "Nothing of law."


@pytest.mark.parametrize(
    ("text", "status", "message"),
    [
        ("", 400, "There is no text"),
        (" \r\n ", 400, "There is no text"),
        ("MDR\x00", 400, "Line 1, column 4 is a NUL character"),
        ("å" * 100_001, 413, "longer than 200 KB"),
    ],
)
def test_what_cannot_be_checked_stays_in_the_form_with_the_reason(client, text, status, message):
    response = post(client, text)
    assert response.status_code == status
    (error,) = reading.elements(response, "div", role="alert")
    assert message in error.text
    (area,) = reading.elements(response, "textarea")
    assert area.attributes["aria-describedby"] == f"{error.attributes['id']} help"
    assert area.attributes["aria-invalid"] == "true"
    assert field(response) == text.replace("\r\n", "\n")
    assert reading.elements(response, "title")[0].text.startswith("Not checked")


def test_200_kilobytes_arrive_whole_however_a_browser_writes_them(client):
    text = "\r\n" * 199_997 + "MDR"
    body = {"text": text}
    for response in (
        client.post(ADDRESS, body),
        client.post(ADDRESS, "text=" + "%0D%0A" * 199_997 + "MDR", content_type="application/x-www-form-urlencoded"),
    ):
        assert response.status_code == 200
        assert words(response, "th")[5] == "199998:1"


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"", "application/x-www-form-urlencoded", 400),
        (b"text=%FF%00", "application/x-www-form-urlencoded", 400),
        (b"&a=" * 5000, "application/x-www-form-urlencoded", 400),
        (b"x", "multipart/form-data; boundary=x", 400),
        (b"x", "multipart/form-data", 400),
        (b"x" * 1_300_000, "application/x-www-form-urlencoded", 413),
        (b'{"text": "MDR"}', "application/json", 400),
    ],
)
def test_a_form_that_no_page_made_is_refused_calmly(client, body, content_type, status):
    response = client.post(ADDRESS, body, content_type=content_type)
    assert response.status_code == status
    assert reading.elements(response, "div", role="alert")


def test_neither_a_token_nor_a_cookie_is_asked_or_given():
    response = post(Client(enforce_csrf_checks=True), "MDR")
    assert response.status_code == 200
    assert not response.cookies
    assert "cookie" not in response.get("Vary", "").lower()
    assert not reading.elements(response, "input")


def test_no_answer_is_kept_or_indexed_but_the_form_may_be(client):
    for response in (post(client, "MDR"), post(client, ""), post(client, "MDR", format="csv")):
        assert response["Cache-Control"] == "no-store"
        assert response["X-Robots-Tag"] == "noindex"
    assert client.get(ADDRESS)["Cache-Control"] == "public, no-cache"
    assert "X-Robots-Tag" not in client.get(ADDRESS)


def test_too_many_checks_keep_the_text_and_say_when_to_try_again(client, settings, time_machine):
    time_machine.move_to(datetime(2026, 3, 3, 12, 0, 50, tzinfo=UTC), tick=False)
    settings.CHECKS_PER_MINUTE = 1
    post(client, "MDR")
    response = post(client, "MDR Article 22")
    assert response.status_code == 429
    assert response["Retry-After"] == "10"
    assert "Try again in 10 seconds" in reading.elements(response, "div", role="alert")[0].text
    assert field(response) == "MDR Article 22"


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_refused(client, method):
    assert getattr(client, method)(ADDRESS).status_code == 405


# Downloads


def table(response):
    assert response["Content-Disposition"] == 'attachment; filename="citations.csv"'
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    text = response.content.decode()
    assert text.startswith("\ufeff")
    return list(csv.DictReader(StringIO(text.removeprefix("\ufeff"))))


def test_the_result_offers_both_files_of_the_same_text(client):
    response = post(client, "\nMDR Article 22")
    hidden = next(each for each in reading.elements(response, "textarea") if "hidden" in each.attributes)
    assert hidden.text == "\n\nMDR Article 22"
    assert [each.attributes["value"] for each in reading.elements(response, "button", name="format")] == ["csv", "json"]


def test_a_spreadsheet_gets_named_columns(client, law):
    by = make_instrument(slug="eu-2023-607", short_name="Regulation (EU) 2023/607")
    article = law.provisions.get(kind="article", number="120")
    make_amendment(provision=article, by=by, what="inserted", published_on=date(2023, 3, 20), applies_on=None)
    (row,) = table(post(client, "å MDR Article 120(3c)", format="csv"))
    assert tuple(row) == findings.COLUMNS
    assert (row["line"], row["column"], row["start"], row["end"]) == ("1", "3", "2", "21")
    assert (row["citation"], row["state"]) == ("MDR Article 120(3c)", "Exists")
    said = "Regulation (EU) 2023/607 (inserted), published on 20 March 2023, applies from a day not confirmed"
    assert row["amended_by"] == said
    assert row["page"] == "https://hub.example/law/mdr/art-120/"


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx"])
def test_no_cell_is_a_formula_to_a_spreadsheet(cell):
    assert findings.harmless(cell) == f"'{cell}"
    assert findings.harmless(f"MDR {cell}") == f"MDR {cell}"


def test_a_name_that_begins_like_a_formula_is_defused_in_the_file(client):
    make_instrument(slug="eu-2023-607", short_name="=HYPERLINK(1)", celex="32023R0607", names=["Plan Act"])
    (row,) = table(post(client, "the Plan Act", format="csv"))
    assert row["citation"] == row["instrument"] == "'=HYPERLINK(1)"


def test_the_json_file_is_what_the_api_answers(client):
    text = "MDR Article 22 and MDR Article 220"
    response = post(client, text, format="json")
    assert response["Content-Disposition"] == 'attachment; filename="citations.json"'
    api = client.post("/api/v1/check", text, content_type="text/plain")
    assert response.json() == api.json()


def test_an_unknown_format_is_the_page(client):
    assert post(client, "MDR", format="pdf")["Content-Type"].startswith("text/html")


def test_a_download_without_a_text_is_the_page_with_the_reason(client):
    response = post(client, "", format="csv")
    assert (response.status_code, response["Content-Type"]) == (400, "text/html; charset=utf-8")


def test_a_very_long_result_is_shown_in_part_and_says_so(client, monkeypatch):
    monkeypatch.setattr(views, "MOST_ROWS", 3)
    response = post(client, "MDR. " * 5)
    assert len(words(response, "th")) == 5 + 3
    assert "The table shows the first 3; the downloads hold all." in " ".join(words(response, "p"))
    assert len(table(post(client, "MDR. " * 5, format="csv"))) == 5


def test_the_page_asks_nothing_until_a_text_comes(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get(ADDRESS)


def test_a_check_asks_eight_queries_at_most(client, django_assert_max_num_queries):
    client.post("/api/v1/check", "MDR", content_type="text/plain", REMOTE_ADDR="192.0.2.9")
    with django_assert_max_num_queries(8):
        post(client, "MDR Article 22, MDR Annex I, MDR rule 11, MDR Articles 1-50.")


def test_the_table_of_citations_is_a_plain_table(client):
    response = post(client, "MDR Article 120")
    for tag in ("table", "tr", "th", "td"):
        assert all("role" not in each.attributes for each in reading.elements(response, tag))
