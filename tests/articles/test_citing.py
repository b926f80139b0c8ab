from datetime import date

import pytest

from legislation.models import Relation
from tests import factories, reading
from tests.reading import words


@pytest.fixture
def hub(db):
    jurisdiction = factories.make_jurisdiction(code="NO", name="Norway")
    return factories.make_published_hub(slug="norway", jurisdiction=jurisdiction).hub


@pytest.fixture
def mdr(db):
    return factories.make_mdr(applies_from=date(2021, 5, 26))


def box(response, heading):
    """The words of the box that has the heading."""
    boxes = [each for each in reading.elements(response, "div", class_="box") if heading in each.text]
    return " ".join(boxes[0].text.split()) if boxes else ""


def test_an_article_names_the_law_it_cites_once_by_instrument(client, hub, mdr):
    factories.make_instrument(slug="mdcg-2019-11", kind="guidance", short_name="MDCG 2019-11", celex="")
    body = "MDR Article 120(3c), MDR Article 22 and again MDR Article 120; MDCG 2019-11. MDR Article 220 is not."
    article = factories.make_article(hub=hub, slug="labels", body=body.replace(" MDR Article 220 is not.", ""))
    factories.publish(article)
    response = client.get("/hubs/norway/labels/")
    assert box(response, "Law cited") == "Law cited in this article MDR: Article 22, Article 120 MDCG 2019-11"
    links = reading.links(response)
    assert (links["Article 22"], links["MDCG 2019-11"]) == ("/law/mdr/art-22/", "/law/mdcg-2019-11/")


def test_an_article_that_cites_no_law_has_no_box_for_it(client, hub):
    factories.make_published_article(hub=hub, slug="labels", body="No law.")
    assert "Law cited" not in reading.text(client.get("/hubs/norway/labels/"))


def test_a_preview_names_the_law_of_the_working_copy(client, hub, mdr):
    article = factories.make_article(hub=hub, slug="labels", body="MDR Article 22.")
    client.force_login(factories.make_editor())
    response = client.get(f"{article.get_absolute_url()}?preview=staff")
    assert "MDR: Article 22" in box(response, "Law cited")


def test_a_hub_names_what_most_of_its_live_articles_cite(client, hub, mdr):
    for body in ("MDR Article 120. MDR Article 120.", "MDR Article 120(2) and MDR Article 22."):
        factories.make_published_article(hub=hub, body=body)
    factories.make_published_article(body="MDR Article 1 in another hub.")
    factories.make_article(hub=hub, body="MDR Article 2 in a draft.")
    said = box(client.get("/hubs/norway/"), "Most cited here")
    assert said == "Most cited here MDR Article 120, 2 articles MDR Article 22, 1 article"


def test_a_hub_whose_articles_cite_nothing_has_no_such_box(client, hub):
    assert "Most cited here" not in reading.text(client.get("/hubs/norway/"))


def test_a_hub_shows_how_law_of_the_eu_became_national(client, hub, mdr):
    decision = factories.make_instrument(slug="eea-jcd-288-2019", kind="eea-decision", short_name="Decision 288/2019")
    fields = {"instrument": mdr, "territory": "EEA", "decision": decision}
    factories.make_incorporation(**fields, decided_on=date(2019, 12, 13))
    factories.make_incorporation(instrument=mdr, territory="NO")
    national = {"territory": "NO", "celex": "", "eli": ""}
    act = factories.make_instrument(slug="no-act", kind="national-act", short_name="Act", **national)
    regulation = factories.make_instrument(slug="no-reg", kind="national-regulation", short_name="Rules", **national)
    Relation.objects.create(instrument=act, kind="implements", target=mdr)
    Relation.objects.create(instrument=regulation, kind="implements", target=act)
    response = client.get("/hubs/norway/")
    said = words(response)
    assert "MDR EU: 26 May 2021, Norway: not confirmed" in said
    assert "Decision 288/2019 decided: 13 December 2019" in said
    order = [
        said.index(name) for name in ("Act of the EU", "Decision of the EEA", "National act", "National regulation")
    ]
    assert order == sorted(order)
    assert reading.links(response)["Rules"] == "/law/no-reg/"


def test_a_hub_without_recorded_law_shows_no_layers(client, hub):
    assert "The law in layers" not in reading.text(client.get("/hubs/norway/"))
