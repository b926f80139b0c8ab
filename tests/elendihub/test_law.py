import pytest

from tests import factories, reading


def section(response, anchor):
    found = [
        each
        for each in reading.Reader(reading.text(response)).elements
        if each.attributes.get("aria-labelledby") == anchor and each.tag == "section"
    ]
    return " ".join(" ".join(each.text.split()) for each in found)


@pytest.mark.django_db
def test_an_empty_register_says_what_to_do(client):
    assert "No law yet" in reading.text(client.get("/law/"))


@pytest.mark.django_db
def test_each_instrument_stands_on_the_shelf_of_its_kind_with_what_it_does(client):
    factories.make_instrument(slug="mdr", short_name="MDR", summary="Base law.", applies_from="2021-05-26")
    factories.make_instrument(slug="mdcg-2019-11", kind="guidance", short_name="MDCG 2019-11", territory="")
    factories.make_instrument(slug="iso-13485", kind="standard", short_name="ISO 13485", territory="")
    factories.make_instrument(slug="mdd", kind="directive", short_name="MDD", repealed_on="2021-05-26")
    response = client.get("/law/")
    assert "MDR Applies from 26 May 2021 Base law." in section(response, "eu")
    assert "MDCG 2019-11" in section(response, "guidance")
    assert "ISO 13485" in section(response, "standards")
    assert "MDD Repealed 26 May 2021" in section(response, "repealed")
    assert section(response, "directives") == ""


@pytest.mark.django_db
def test_law_without_a_day_of_application_says_that_it_is_not_confirmed(client):
    factories.make_instrument(slug="eu-2023-607", short_name="Regulation (EU) 2023/607")
    factories.make_instrument(slug="iso-13485", kind="standard", short_name="ISO 13485")
    response = client.get("/law/")
    assert "Application not confirmed" in section(response, "eu")
    assert "not confirmed" not in section(response, "standards")


@pytest.mark.django_db
def test_it_counts_the_live_articles_that_cite_an_instrument_each_once(client):
    factories.make_mdr()
    factories.make_published_article(body="MDR Article 22 and MDR Article 120, and the MDR.")
    factories.make_article(body="MDR Article 1 in a draft.")
    withdrawn = factories.make_published_article(body="MDR Article 2.").article
    withdrawn.withdraw(by=None, reason="error", note="Wrong.")
    assert "Cited by 1 article" in section(client.get("/law/"), "eu")


@pytest.mark.django_db
def test_the_look_up_leads_to_what_is_typed(client):
    response = client.get("/law/")
    (form,) = reading.elements(response, "form", class_="lookup")
    assert form.attributes["action"] == "/cite/"
    assert reading.elements(response, "label", for_="q")


@pytest.mark.django_db
def test_it_asks_the_database_a_fixed_number_of_times(client, django_assert_max_num_queries):
    for _ in range(40):
        factories.make_instrument()
    with django_assert_max_num_queries(5):
        assert client.get("/law/").status_code == 200
