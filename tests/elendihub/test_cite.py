from urllib.parse import quote

import pytest

from tests import factories, reading


@pytest.fixture
def register(db):
    factories.make_mdr()
    ivdr = factories.make_instrument(
        slug="ivdr", short_name="IVDR", celex="32017R0746", recitals="1-101", articles="1-113", names=["IVDR"]
    )
    for kind, number in (("recital", "19"), ("article", "22")):
        factories.make_provision(instrument=ivdr, kind=kind, number=number)
    factories.make_instrument(slug="eu-2023-607", short_name="Regulation (EU) 2023/607", celex="32023R0607")
    factories.make_instrument(slug="mdcg-2019-11", kind="guidance", short_name="MDCG 2019-11", celex="")
    factories.make_instrument(slug="iso-13485", kind="standard", short_name="ISO 13485", celex="")
    names = ["forskrift 1476", "forskrift om medisinsk utstyr"]
    act = factories.make_instrument(
        slug="no-for-2021-05-09-1476", short_name="Norwegian Regulation", celex="", sections="1-24", names=names
    )
    factories.make_provision(instrument=act, kind="section", number="6")


def cite(client, line):
    return client.get(f"/cite/{quote(line)}")


@pytest.mark.parametrize(
    ("line", "address"),
    [
        ("mdr 120(3)", "/law/mdr/art-120/#p3"),
        ("MDR 120 (3c)", "/law/mdr/art-120/#p3c"),
        ("120 mdr", "/law/mdr/art-120/"),
        ("mdr viii", "/law/mdr/anx-viii/"),
        ("2017/745 art 120", "/law/mdr/art-120/"),
        ("Regulation (EU) 2017/745, Article 120", "/law/mdr/art-120/"),
        ("Annex VIII rule 11 MDR", "/law/mdr/rule-11/"),
        ("mdr annex viii rule 11", "/law/mdr/rule-11/"),
        ("art. 120 mdr", "/law/mdr/art-120/"),
        ("article 10a of the medical device regulation", "/law/mdr/art-10a/"),
        ("MDCG 2019-11", "/law/mdcg-2019-11/"),
        ("iso13485", "/law/iso-13485/"),
        ("EN ISO 13485:2016", "/law/iso-13485/"),
        ("ivdr rec 19", "/law/ivdr/rec-19/"),
        ("eu 2023/607", "/law/eu-2023-607/"),
        ("§ 6 forskrift 1476", "/law/no-for-2021-05-09-1476/par-6/"),
        ("§6 forskrift om medisinsk utstyr", "/law/no-for-2021-05-09-1476/par-6/"),
        ("norwegian", "/law/no-for-2021-05-09-1476/"),
    ],
)
def test_what_people_type_leads_to_the_place(client, register, line, address):
    for response in (cite(client, line), client.get("/cite/", {"q": line})):
        assert (response.status_code, response["Location"]) == (302, address)


@pytest.mark.parametrize(
    ("line", "said", "near"),
    [
        ("mdr 220", "MDR has Articles 1 to 123 and 10a; Article 220 does not exist.", "/law/mdr/art-123/"),
        ("mdr art 120(99)", "99 does not exist.", "/law/mdr/art-120/"),
        ("Article 22", "It is not said of which act.", "/law/ivdr/art-22/"),
        ("§ 7 forskrift 1476", "has no page here", "/law/no-for-2021-05-09-1476/"),
    ],
)
def test_what_leads_nowhere_is_explained_with_what_is_near(client, register, line, said, near):
    response = cite(client, line)
    assert response.status_code == 404
    assert said in reading.text(response)
    assert near in reading.links(response).values()
    assert reading.meta(response)["robots"] == "noindex"


def test_nothing_like_it_leads_to_the_index(client, register):
    response = cite(client, "zzz")
    assert response.status_code == 404
    assert "Nothing here has such a name" in reading.text(response)
    assert client.get("/cite/")["Location"] == "/law/"


def test_what_was_typed_is_shown_as_text(client, register):
    response = cite(client, '"><script>alert(1)</script>')
    assert response.status_code == 404
    assert "<script>alert" not in reading.text(response)


@pytest.mark.parametrize(
    "line",
    [
        "9" * 190,
        "mdr " + "9" * 150,
        "(" * 190,
        "mdr art 1" + "(1)" * 60,
        "§" * 190,
        "art " * 45,
        "\u202e\u0301 mdr ①②",
        "mdr '; DROP TABLE",
        "../../etc/passwd",
        "//evil.example",
        "mdr annex " + "x" * 150,
    ],
)
def test_no_line_breaks_it_or_leads_elsewhere(client, register, line):
    for response in (cite(client, line), client.get("/cite/", {"q": line})):
        assert response.status_code in (302, 404)
        assert response.get("Location", "/law/").startswith("/law/")


def test_what_cannot_be_read_is_refused(client, register):
    too_long = client.get("/cite/", {"q": "a" * 201})
    assert too_long.status_code == 400
    assert "201 characters; 200 are the most" in reading.text(too_long)
    for path in ("/cite/%00", "/cite/?q=%00", "/cite/?q=%ed%a0%80"):
        assert client.get(path).status_code == 400
    assert client.post("/cite/", {"q": "mdr"}).status_code == 405
