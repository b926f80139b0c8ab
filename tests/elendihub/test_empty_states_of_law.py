"""What the pages of the law say where the register holds nothing, and how a heading stands beside its provision."""

import pytest

from tests import reading
from tests.factories import make_instrument, make_mdr, make_provision

pytestmark = pytest.mark.django_db


def test_a_standard_without_dates_says_so(client):
    make_instrument(slug="iso-1", kind="standard", short_name="ISO 1", territory="", celex="", eli="")
    response = client.get("/law/iso-1/")
    assert "None is recorded here." in reading.text(response)
    assert all("".join(each.text.split()) for each in reading.elements(response, "dl"))


def test_what_no_article_cites_says_so_in_words(client):
    make_mdr()
    for address in ("/law/mdr/", "/law/mdr/rec-19/"):
        assert "Cited by no article" in reading.text(client.get(address))


def test_a_norwegian_title_is_marked_as_norwegian(client):
    make_instrument(slug="no-1", territory="NO", title="Forskrift om utstyr")
    (title,) = reading.elements(client.get("/law/no-1/"), "p", lang="nb")
    assert title.text == "Forskrift om utstyr"


def test_a_chapter_gives_each_heading_its_own_column(client):
    mdr = make_mdr()
    chapter = mdr.provisions.get(kind="chapter", number="II")
    make_provision(instrument=mdr, number="400", chapter=chapter.number, heading="A heading that is long")
    assert "A heading that is long" in [each.text for each in reading.elements(client.get("/law/mdr/chp-ii/"), "span")]
