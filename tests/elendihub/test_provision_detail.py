from datetime import date

import pytest
from django.conf import settings

from tests import factories, reading
from tests.reading import words

ADDRESS = "/law/mdr/art-120/"


@pytest.fixture
def mdr(db):
    return factories.make_mdr()


@pytest.fixture
def article(mdr):
    return mdr.provisions.get(kind="article", number="120")


def hub(name, code):
    return factories.make_published_hub(jurisdiction=factories.make_jurisdiction(name=name, code=code)).hub


def test_every_live_article_that_cites_it_stands_under_its_hub_with_the_sentence(client, article):
    norway, ireland = hub("Norway", "NO"), hub("Ireland", "IE")
    body = "First words. The condition is in MDR Article 120(3c). Nothing more."
    factories.make_published_article(hub=norway, title="Transition", body=body)
    factories.make_published_article(hub=ireland, title="Legacy", body="All of MDR Article 120 applies.")
    factories.make_published_article(hub=norway, title="Silent", body="MDR Article 22 only.")
    factories.make_article(hub=norway, title="Draft", body=body)
    text = words(client.get(ADDRESS))
    assert "Cited by 2 articles in 2 hubs" in text
    assert text.index("Ireland 1 article") < text.index("Norway 1 article")
    assert "Transition (3c) The condition is in MDR Article 120(3c)." in text
    assert "Legacy As a whole All of MDR Article 120 applies." in text
    for absent in ("First words", "Nothing more", "Silent", "Draft"):
        assert absent not in text


def test_a_hub_s_own_page_stands_before_its_articles(client, article):
    norway = factories.make_jurisdiction(name="Norway", code="NO")
    overview = "Old devices: MDR Article 120(3c). All of MDR Article 120 counts."
    page = factories.make_published_hub(title="Devices in Norway", jurisdiction=norway, overview=overview)
    said = "Devices in Norway (3c) Old devices: MDR Article 120(3c). All of MDR Article 120 counts."
    text = words(client.get(ADDRESS))
    assert "Cited by 1 hub page " in text
    assert f"Norway hub page {said}" in text
    factories.make_published_article(hub=page.hub, title="Transition", body="MDR Article 120.")
    text = words(client.get(ADDRESS))
    assert "Cited by 1 article in 1 hub and 1 hub page " in text
    assert f"Norway 1 article {said} Transition" in text
    page.hub.withdraw(by=None, reason="error", note="Wrong.")
    assert "Devices in Norway" not in words(client.get(ADDRESS))


def test_a_withdrawn_article_cites_nothing_any_more(client, article):
    version = factories.make_published_article(body="MDR Article 120.")
    version.article.withdraw(by=None, reason="error", note="Wrong.")
    assert "No article cites it yet" in words(client.get(ADDRESS))


def test_its_paragraphs_have_addresses_and_numbers_of_articles(client, article):
    article.deleted_paragraphs = ["8a"]
    article.save()
    for _ in range(2):
        factories.make_published_article(body="MDR Article 120(3c) and again MDR Article 120(3c)(d).")
    response = client.get(ADDRESS)
    rows = {row.attributes["id"]: row.text for row in reading.elements(response, "tr") if row.attributes}
    assert rows["p3c"] == "(3c)2 articles"
    assert rows["p3b"] == "(3b)0"
    assert rows["p8a"] == "(8a) deleted0"
    assert list(rows)[:5] == ["p1", "p2", "p3", "p3a", "p3b"]


def test_amendments_stand_newest_first_with_what_and_when(client, article):
    old = factories.make_instrument(slug="eu-2020-561", short_name="Regulation (EU) 2020/561")
    new = factories.make_instrument(slug="eu-2023-607", short_name="Regulation (EU) 2023/607")
    factories.make_amendment(by=old, provision=article, what="", published_on=date(2020, 4, 24))
    factories.make_amendment(by=new, provision=article, what="3a inserted", published_on=date(2023, 3, 20))
    text = words(client.get(ADDRESS))
    assert "Amended 20 March 2023" in text
    assert text.index("Regulation (EU) 2023/607: 3a inserted") < text.index("24 April 2020 Regulation (EU) 2020/561")


def test_it_names_the_provisions_beside_it_and_its_chapter(client, article):
    article.chapter = "X"
    article.save()
    response = client.get(ADDRESS)
    links = reading.links(response)
    assert links["Chapter X"] == "/law/mdr/chp-x/"
    (before,) = reading.elements(response, "a", rel="prev")
    (after,) = reading.elements(response, "a", rel="next")
    assert (before.attributes["href"], after.attributes["href"]) == ("/law/mdr/art-119/", "/law/mdr/art-121/")
    assert reading.links(client.get("/law/mdr/chp-x/"))["Article 120"] == ADDRESS


def test_the_official_text_is_one_step_away(client, mdr):
    mdr.consolidated_on = date(2026, 7, 19)
    mdr.save()
    address = "https://eur-lex.europa.eu/legal-content/EN/TXT/HTML/?uri=CELEX:02017R0745-20260719#art_120"
    assert reading.links(client.get(ADDRESS))["Official text eur-lex.europa.eu"] == address


@pytest.mark.parametrize("part", ["anx-viii", "rule-11", "rec-19", "chp-vii", "art-10a"])
def test_every_kind_of_provision_has_a_page(client, mdr, part):
    assert client.get(f"/law/mdr/{part}/").status_code == 200


def test_a_norwegian_section_has_a_page(client, db):
    act = factories.make_instrument(slug="no-for-2021-05-09-1476", short_name="Regulation", territory="NO")
    factories.make_provision(instrument=act, kind="section", number="6", heading="Labels in Norwegian")
    assert "Regulation § 6" in words(client.get("/law/no-for-2021-05-09-1476/par-6/"))


def test_other_cases_of_an_address_lead_to_it_for_ever(client, mdr):
    for path in ("/law/MDR/art-120/", "/law/mdr/ART-120/"):
        response = client.get(path)
        assert (response.status_code, response["Location"]) == (301, ADDRESS)
    assert client.get("/law/mdr/anx-VIII/")["Location"] == "/law/mdr/anx-viii/"


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/law/mdr/art-220/", "MDR has Articles 1 to 123 and 10a; Article 220 does not exist."),
        ("/law/mdr/what/", "No provision has this address."),
        ("/law/nothing/art-1/", "No act of the register has this address."),
        ("/law/mdr/art-" + "9" * 300 + "/", ""),
    ],
)
def test_what_has_no_page_is_explained(client, mdr, path, said):
    response = client.get(path)
    assert response.status_code == 404
    assert said in words(response)


def test_it_is_found_by_machines_as_a_part_of_its_act(client, article):
    response = client.get(ADDRESS)
    data = reading.structured_data(response)["Legislation"]
    assert reading.meta(response)["canonical"] == f"{settings.SITE_URL}{ADDRESS}"
    assert data["name"] == "MDR Article 120"
    assert data["isPartOf"]["url"] == f"{settings.SITE_URL}/law/mdr/"


def test_it_asks_the_database_a_fixed_number_of_times(client, article, django_assert_max_num_queries):
    for _ in range(8):
        hub = factories.make_published_hub(overview="MDR Article 120(3c).").hub
        factories.make_published_article(hub=hub, body="MDR Article 120(3c). MDR Article 120(2).")
        factories.make_amendment(provision=article)
    for path in (ADDRESS, "/law/mdr/chp-x/"):
        with django_assert_max_num_queries(7):
            assert client.get(path).status_code == 200
