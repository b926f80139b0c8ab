import re

import pytest

from articles.models import Article
from legislation import rendering
from legislation.models import Term
from tests import factories, reading


@pytest.fixture
def terms(db):
    factories.make_mdr()
    make = factories.make_term
    make(slug="mdr", name="MDR", expansion="Medical Device Regulation", definition="The law.")
    make(slug="udi", name="UDI", expansion="Unique device identifier", definition="A code.")
    make(slug="udi-di", name="UDI-DI", definition="Part of the code.")
    make(slug="nb", name="NB", expansion="Notified body", definition="A body.")
    make(slug="device", name="Device", definition="A product.", aliases=["medical device"])
    make(slug="legacy-device", name="Legacy device", definition="An old product.")
    make(slug="system", name="System", definition="Products together.")
    make(slug="qms", name="QMS", expansion="Quality management system", definition="A system.")
    make(slug="mdsw", name="SaMD / MDSW", expansion="", definition="Software.")


def explained(source):
    """The words that are marked, in order, by the slug of the term they lead to."""
    html = rendering.render(source).html
    return dict(re.findall(r'<a class="term"[^>]* href="#term-([a-z-]+)"[^>]*>([^<]+)</a>', sorted_attributes(html)))


def sorted_attributes(html):
    return re.sub(r'<a ([^>]*class="term"[^>]*)>', lambda found: f"<a {ordered(found[1])}>", html)


def ordered(attributes):
    return " ".join(sorted(re.findall(r'\w+="[^"]*"', attributes)))


@pytest.mark.parametrize(
    ("source", "marked"),
    [
        ("Each device has a UDI. The UDI of a device stays.", {"device": "device", "udi": "UDI"}),
        ("Notified bodies act.", {"nb": "Notified bodies"}),
        ("A medical device.", {"device": "medical device"}),
        ("A legacy\ndevice is sold.", {"legacy-device": "legacy\ndevice"}),
        ("Legacy devices are sold.", {"legacy-device": "Legacy devices"}),
        ("The UDI-DI and its UDI.", {"udi-di": "UDI-DI", "udi": "UDI"}),
        ("A quality management system, no other system.", {"qms": "quality management system"}),
        ("MDSW is software.", {"mdsw": "MDSW"}),
    ],
)
def test_the_first_use_of_a_term_is_marked_in_all_its_wordings(terms, source, marked):
    assert explained(source) == marked


@pytest.mark.parametrize(
    "source",
    [
        "## The device",
        "`device`",
        "[a device](https://example.org)",
        "https://example.org/device/udi",
        "| Device |\n|---|\n",
        "A devicer, a non-device, a device-like thing, devices/udi_code.",
        "udi in small letters, nb too",
        "The MDR and MDR Article 22.",
        "The system is large.",
    ],
)
def test_nothing_else_is_marked(terms, source):
    assert explained(source) == {}


def test_words_are_never_changed(terms):
    source = "Each device has a UDI, a UDI-DI and *notified bodies* under MDR Article 22 of a device."
    plain = re.sub(r"<[^>]+>", "", rendering.render(source).html).strip()
    assert plain == source.replace("*", "")


def test_an_article_ends_with_its_terms_each_leading_there_and_back(client, terms):
    version = factories.make_published_article(body="## Scope\n\nEach UDI is a code.\n\n## Term-UDI\n\nMore.\n")
    response = client.get(version.get_absolute_url())
    (first_use,) = reading.elements(response, "a", class_="term")
    assert first_use.attributes["href"] == "#term-udi"
    (entry,) = [each for each in reading.elements(response, "div") if each.attributes.get("id") == "term-udi"]
    assert "Unique device identifier: A code." in entry.text
    assert reading.links(response)["UDI"] in ("/glossary/#udi", "#term-udi")
    (back,) = reading.elements(response, "a", class_="back")
    assert back.attributes["href"] == f"#{first_use.attributes['id']}"
    ids = [each.attributes["id"] for each in reading.Reader(reading.text(response)).elements if "id" in each.attributes]
    assert len(ids) == len(set(ids))


def test_a_version_keeps_its_terms_when_the_glossary_changes(client, terms):
    version = factories.make_published_article(body="Each UDI is a code.")
    Term.objects.filter(slug="udi").update(definition="Something else.")
    assert "A code." in reading.text(client.get(version.get_absolute_url()))
    assert Article.objects.get(pk=version.article_id).draft().terms[0]["definition"] == "Something else."
    assert version.computed_hash() == version.hash


def test_an_article_without_terms_has_no_list_of_them(client, db):
    version = factories.make_published_article(body="Nothing is explained.")
    assert "Terms used here" not in reading.text(client.get(version.get_absolute_url()))


def test_a_hub_explains_none_since_it_has_no_room(client, terms):
    version = factories.make_published_hub(overview="Each device has a UDI.")
    assert 'class="term"' not in version.overview_html


def test_a_long_text_takes_time_in_proportion(terms):
    words = "medical legacy quality management unique device " * 4000
    assert len(rendering.render(words[:190_000]).terms) >= 1
