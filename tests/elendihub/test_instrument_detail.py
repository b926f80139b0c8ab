from datetime import date

import pytest
from django.conf import settings

from legislation.models import Relation
from tests import factories, reading
from tests.reading import words


@pytest.fixture
def mdr(db):
    return factories.make_mdr(
        title="Regulation (EU) 2017/745 on medical devices",
        adopted="2017-04",
        published_on=date(2017, 5, 5),
        applies_from=date(2021, 5, 26),
    )


def test_it_shows_the_parts_of_the_act_with_who_cites_them(client, mdr):
    mdr.provisions.filter(kind="article", number="22").update(chapter="II")
    factories.make_published_article(body="See MDR Article 22(1) and MDR Article 22(3), and MDR Annex VIII.")
    response = client.get("/law/mdr/")
    text = words(response)
    assert "Article 22 Heading of article 22 1 article" in text
    assert "Annex VIII Heading of annex VIII 1 article" in text
    assert text.index("Heading of chapter II") < text.index("Article 22 Heading") < text.index("Heading of chapter III")
    links = reading.links(response)
    assert links["Article 10a"] == "/law/mdr/art-10a/"
    assert links["Recital 101"] == "/law/mdr/rec-101/"
    assert links["Rule 11"] == "/law/mdr/rule-11/"


def test_dates_are_as_precise_as_the_record(client, mdr):
    text = words(client.get("/law/mdr/"))
    assert "Adopted April 2017" in text
    assert "Published 5 May 2017" in text
    assert "In force" not in text


def test_both_clocks_stand_beside_each_other_and_the_unknown_stays_unknown(client, mdr):
    decision = factories.make_instrument(slug="eea-jcd-288-2019", kind="eea-decision", short_name="Decision 288/2019")
    factories.make_incorporation(
        instrument=mdr, territory="EEA", decision=decision, decided_on=date(2019, 12, 13), is_certain=False
    )
    factories.make_incorporation(instrument=mdr, territory="NO", note="By the act of 2020.")
    text = words(client.get("/law/mdr/"))
    assert "Applies from, EU 26 May 2021" in text
    assert "European Economic Area Date of application not confirmed; taken in by Decision 288/2019" in text
    assert "decided 13 December 2019. This record is not fully confirmed." in text
    assert "Norway Date of application not confirmed. By the act of 2020." in text


def test_an_eu_act_that_nothing_takes_in_is_not_confirmed_for_the_eea(client, mdr):
    assert "European Economic Area Not confirmed" in words(client.get("/law/mdr/"))


def test_a_decision_shows_what_it_takes_in(client, mdr):
    decision = factories.make_instrument(slug="eea-jcd-288-2019", kind="eea-decision", territory="EEA")
    factories.make_incorporation(instrument=mdr, territory="EEA", decision=decision)
    assert "European Economic Area: MDR" in words(client.get("/law/eea-jcd-288-2019/"))


def test_amendments_name_the_provisions_they_touch_on_both_pages(client, mdr):
    act = factories.make_instrument(slug="eu-2023-607", short_name="Regulation (EU) 2023/607")
    article = mdr.provisions.get(kind="article", number="120")
    factories.make_amendment(by=act, provision=article, what="paragraph 3", published_on=date(2023, 3, 20))
    assert "20 March 2023 Regulation (EU) 2023/607: Article 120 (paragraph 3)" in words(client.get("/law/mdr/"))
    assert "MDR Article 120 (paragraph 3)" in words(client.get("/law/eu-2023-607/"))


def test_relations_are_told_from_both_sides(client, mdr):
    mdd = factories.make_instrument(slug="mdd", short_name="MDD")
    Relation.objects.create(instrument=mdr, kind="repeals", target=mdd, note="with exceptions")
    assert "Repeals MDD, with exceptions" in words(client.get("/law/mdr/"))
    assert "Repealed by MDR, with exceptions" in words(client.get("/law/mdd/"))


def test_guidance_leads_to_its_text_and_to_the_sentences_that_rely_on_it(client, db):
    address = "https://health.ec.europa.eu/mdcg-2019-11.pdf"
    fields = {"kind": "guidance", "short_name": "MDCG 2019-11", "celex": "", "eli": "", "territory": ""}
    factories.make_instrument(slug="mdcg-2019-11", address=address, is_certain=False, **fields)
    factories.make_published_article(title="Software", body="Software is qualified with MDCG 2019-11. Not so hardware.")
    response = client.get("/law/mdcg-2019-11/")
    assert "Software is qualified with MDCG 2019-11." in words(response)
    assert "Not so hardware" not in words(response)
    assert "This record is not fully confirmed." in words(response)
    assert address in reading.links(response).values()
    assert "Applies from" not in words(response)
    assert reading.structured_data(response)["CreativeWork"]["sameAs"] == address


def test_an_instrument_without_an_address_says_so(client, db):
    factories.make_instrument(slug="paper", celex="", eli="", issuer="The Ministry")
    text = words(client.get("/law/paper/"))
    assert "No address of the official text is known to us." in text
    assert "No article cites it yet" in text


def test_it_is_found_by_machines_under_one_address(client, mdr):
    response = client.get("/law/mdr/")
    data = reading.structured_data(response)
    assert reading.meta(response)["canonical"] == f"{settings.SITE_URL}/law/mdr/"
    assert data["Legislation"]["legislationIdentifier"] == "32017R0745"
    assert data["Legislation"]["legislationDate"] == "2017-04"
    assert [step["name"] for step in data["BreadcrumbList"]["itemListElement"]] == ["Law", "MDR"]
    moved = client.get("/law/MDR/")
    assert (moved.status_code, moved["Location"]) == (301, "/law/mdr/")
    assert client.get("/law/nothing/").status_code == 404


def test_it_asks_the_database_a_fixed_number_of_times(client, mdr, django_assert_max_num_queries):
    for number in range(12):
        act = factories.make_instrument()
        Relation.objects.create(instrument=act, kind="amends", target=mdr)
        factories.make_amendment(by=act, provision=mdr.provisions.filter(kind="article")[number])
        factories.make_published_article(body=f"MDR Article {number + 1} and MDR Article 120.")
    with django_assert_max_num_queries(8):
        assert client.get("/law/mdr/").status_code == 200
