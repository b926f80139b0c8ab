import pytest

from tests import factories, reading
from tests.reading import words


@pytest.mark.django_db
def test_an_empty_glossary_says_so(client):
    assert "No term yet" in reading.text(client.get("/glossary/"))


@pytest.mark.django_db
def test_terms_stand_from_a_to_z_with_their_meaning_and_their_law(client):
    factories.make_mdr()
    factories.make_term(
        slug="udi", name="UDI", expansion="Unique device identifier", definition="A code.", see_also=["Label"]
    )
    factories.make_term(slug="label", name="Label", definition="Words on a device.", basis="MDR Article 22")
    factories.make_term(slug="device", name="Device", definition="A product.", aliases=["medical device"])
    factories.make_term(slug="doubt", name="Doubt", definition="Perhaps.", is_certain=False)
    response = client.get("/glossary/")
    text = words(response)
    assert text.index("Device A product.") < text.index("Label Words on a device.") < text.index("UDI Unique device")
    assert "Also: medical device" in text
    assert "Perhaps. Not fully confirmed." in text
    links = reading.links(response)
    assert links["MDR Article 22"] == "/law/mdr/art-22/"
    assert links["Label"] == "#label"
    assert reading.elements(response, "div", id="udi")


@pytest.mark.django_db
def test_a_changed_term_shows_at_once(client):
    term = factories.make_term(slug="udi", name="UDI", definition="A code.")
    assert "A code." in words(client.get("/glossary/"))
    term.definition = "Two codes."
    term.save()
    assert "Two codes." in words(client.get("/glossary/"))


@pytest.mark.django_db
def test_it_asks_the_database_twice_while_nothing_has_changed(client, django_assert_max_num_queries):
    factories.make_mdr()
    for number in range(1, 40):
        factories.make_term(basis=f"MDR Article {number}")
    client.get("/glossary/")
    with django_assert_max_num_queries(2):
        assert client.get("/glossary/").status_code == 200
