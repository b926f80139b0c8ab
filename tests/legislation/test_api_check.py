"""POST /api/v1/check: the same check for programs, with errors that tell the cure."""

import json
from datetime import UTC, datetime

import pytest
from django.test import Client

from elendihub.models import Generation, Tally
from legislation import checking
from tests.factories import make_amendment, make_instrument, make_mdr

ADDRESS = "/api/v1/check"


@pytest.fixture(autouse=True)
def law(db, settings):
    settings.SITE_URL = "https://hub.example"
    return make_mdr()


def post(client, body, content_type="application/json", **headers):
    data = body if isinstance(body, str | bytes) else json.dumps(body)
    return client.generic("POST", ADDRESS, data, CONTENT_TYPE=content_type, headers=headers)


def refused(response, status):
    assert response.status_code == status
    assert response["Content-Type"] == "application/json"
    assert response["Access-Control-Allow-Origin"] == "*"
    error = response.json()["error"]
    assert error["status"] == status
    return error["message"]


def test_a_text_gets_its_citations_with_all_that_is_known(client, law, time_machine):
    time_machine.move_to(datetime(2026, 3, 3, 12, tzinfo=UTC))
    by = make_instrument(slug="eu-2023-607", short_name="Regulation (EU) 2023/607")
    make_amendment(provision=law.provisions.get(kind="article", number="120"), by=by, what="inserted", applies_on=None)
    data = post(client, {"text": "See\nMDR Art. 120(3c)."}).json()
    assert data == {
        "citations": [
            {
                "line": 2,
                "column": 1,
                "start": 4,
                "end": 20,
                "as_written": "MDR Art. 120(3c)",
                "citation": "MDR Article 120(3c)",
                "instrument": "MDR",
                "provision": "art_120(3c)",
                "state": "exists",
                "exists": True,
                "verified_to": "paragraph",
                "reason": "",
                "is_ambiguous": False,
                "note": "",
                "amendments": [
                    {
                        "by": "Regulation (EU) 2023/607",
                        "what": "inserted",
                        "published_on": "2026-02-16",
                        "applies_on": None,
                        "page": "https://hub.example/law/eu-2023-607/",
                    }
                ],
                "is_repealed": False,
                "repealed_on": None,
                "page": "https://hub.example/law/mdr/art-120/",
                "official_text": "https://eur-lex.europa.eu/eli/reg/2017/745/oj",
            }
        ],
        "summary": {
            "citations": 1,
            "listed": 1,
            "exists": 1,
            "does-not-exist": 0,
            "deleted": 0,
            "not-verified": 0,
            "not-in-register": 0,
            "no-known-act": 0,
        },
        "register": {"generation": Generation.objects.current(), "checked_on": "2026-03-03"},
    }


def test_plain_text_is_as_good_as_json(client):
    text = "MDR Article 22 – og § 6"
    plain = post(client, text, "text/plain; charset=utf-8").json()
    assert plain == post(client, {"text": text}).json()
    assert plain["summary"]["exists"] == 1


def test_a_text_without_citations_has_an_empty_list(client):
    assert post(client, {"text": "Nothing."}).json()["citations"] == []


def test_neither_a_token_nor_a_cookie_is_asked_or_given():
    response = post(Client(enforce_csrf_checks=True), {"text": "MDR"})
    assert response.status_code == 200
    assert not response.cookies
    assert "cookie" not in response.get("Vary", "").lower()


def test_no_answer_is_kept_or_indexed(client):
    for response in (post(client, {"text": "MDR"}), post(client, "{"), client.get(ADDRESS)):
        assert response["Cache-Control"] == "no-store"
        assert response["X-Robots-Tag"] == "noindex"


def test_any_site_may_ask_from_a_browser(client):
    preflight = client.options(ADDRESS, headers={"origin": "https://else.example"})
    assert (preflight.status_code, preflight.content) == (204, b"")
    assert preflight["Access-Control-Allow-Methods"] == "POST"
    assert preflight["Access-Control-Allow-Headers"] == "Content-Type"
    for response in (preflight, post(client, {"text": "MDR"}, origin="https://else.example")):
        assert response["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in response


@pytest.mark.parametrize("method", ["get", "head", "put", "patch", "delete"])
def test_other_methods_are_told_how_to_ask(client, method):
    response = getattr(client, method)(ADDRESS)
    assert response.status_code == 405
    assert response["Allow"] == "POST, OPTIONS"
    assert method == "head" or "Send the text with POST" in refused(response, 405)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("{", "not JSON: line 1, column 2"),
        ("[" * 100_000, "JSON"),
        ("9" * 5000, "JSON"),
        ("[]", "no text"),
        ("{}", "no text"),
        ('{"text": null}', "no text"),
        ('{"text": 10}', "no text"),
        ('{"text": ["MDR"]}', "no text"),
        ('{"text": ""}', "There is no text"),
        ('{"text": " \\n"}', "There is no text"),
        ('{"text": "MDR\\n\\u0000"}', "Line 2, column 1 is a NUL"),
        ('{"text": "MDR \\ud800"}', "Line 1, column 5 is half a character"),
        (b'{"text": "\xff"}', "Byte 10 of the body is not UTF-8"),
        ("", "not JSON"),
    ],
)
def test_a_body_without_a_text_is_refused_with_the_cure(client, body, message):
    assert message in refused(post(client, body), 400)


def test_a_plain_body_is_held_to_the_same(client):
    assert "There is no text" in refused(post(client, "", "text/plain"), 400)
    assert "not UTF-8" in refused(post(client, b"\xe5", "text/plain"), 400)
    assert "NUL" in refused(post(client, "MDR \x00", "text/plain"), 400)


@pytest.mark.parametrize("content_type", ["text/html", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_another_kind_of_body_is_refused_with_those_that_are_read(client, content_type):
    message = refused(post(client, "text=MDR", content_type), 415)
    assert "application/json" in message
    assert "text/plain" in message


def test_200_kilobytes_are_read_and_a_byte_more_is_not(client):
    assert post(client, {"text": "å" * (checking.MOST_BYTES // 2)}).status_code == 200
    assert "200 KB" in refused(post(client, {"text": "å" * (checking.MOST_BYTES // 2) + "x"}), 413)
    assert "200 KB" in refused(post(client, "x" * (checking.MOST_BYTES + 1), "text/plain"), 413)


@pytest.mark.parametrize("length", ["3000000", "9" * 300, "-1", "x"])
def test_a_body_said_to_be_huge_is_refused_unread(client, length):
    response = client.generic("POST", ADDRESS, b"", CONTENT_TYPE="text/plain", CONTENT_LENGTH=length)
    assert "200 KB" in refused(response, 413)


# The limit


def test_more_checks_than_allowed_wait_for_the_next_minute(client, settings, time_machine):
    settings.CHECKS_PER_MINUTE = 2
    time_machine.move_to(datetime(2026, 3, 3, 12, 0, 20, tzinfo=UTC), tick=False)
    assert [post(client, {"text": "MDR"}).status_code for _ in range(2)] == [200, 200]
    response = post(client, {"text": "MDR"})
    assert "Try again in 40 seconds" in refused(response, 429)
    assert response["Retry-After"] == "40"
    time_machine.move_to(datetime(2026, 3, 3, 12, 1, 0, tzinfo=UTC), tick=False)
    assert post(client, {"text": "MDR"}).status_code == 200


def test_the_page_and_the_api_share_the_limit(client, settings, time_machine):
    time_machine.move_to(datetime(2026, 3, 3, 12, tzinfo=UTC), tick=False)
    settings.CHECKS_PER_MINUTE = 1
    assert client.post("/check/", {"text": "MDR"}).status_code == 200
    assert post(client, {"text": "MDR"}).status_code == 429


def test_one_address_does_not_use_up_anothers_limit(client, settings, time_machine):
    time_machine.move_to(datetime(2026, 3, 3, 12, tzinfo=UTC), tick=False)
    settings.CHECKS_PER_MINUTE = 1
    asked = [Client(REMOTE_ADDR=address) for address in ("192.0.2.1", "192.0.2.2", "192.0.2.1")]
    assert [post(each, {"text": "MDR"}).status_code for each in asked] == [200, 200, 429]


def test_questions_that_check_nothing_are_not_counted(client, settings):
    settings.CHECKS_PER_MINUTE = 1
    for _ in range(3):
        client.get(ADDRESS)
        client.options(ADDRESS)
        client.get("/check/")
    assert not Tally.objects.exists()


# Nothing is kept


def test_nothing_of_a_text_or_its_sender_is_kept_or_logged(client, caplog, capfd):
    post(client, {"text": "Secret plan under MDR Article 22"}, **{"user-agent": "Secret agent"})
    post(client, '{"text": "Secret \\u0000"}')
    (tally,) = Tally.objects.all()
    assert (len(tally.client), tally.count) == (64, 2)
    assert "127.0.0.1" not in str(tally.__dict__)
    out, err = capfd.readouterr()
    assert "Secret" not in caplog.text + out + err


@pytest.mark.parametrize("text", ["MDR Article 22", "MDR Articles 1-123, Annex I and rule 11. " * 200])
def test_a_check_asks_eight_queries_however_long_the_text_is(client, text, django_assert_max_num_queries):
    with django_assert_max_num_queries(14):
        post(client, {"text": "MDR"})
    Tally.objects.all().delete()
    with django_assert_max_num_queries(8):
        post(client, {"text": text})
