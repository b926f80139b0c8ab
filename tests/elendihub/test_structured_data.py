import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elendihub.structured_data import absolute, breadcrumbs, script_html
from tests.reading import Reader


def in_a_page(name):
    (script, after) = Reader(f'<script type="application/ld+json">{script_html({"name": name})}</script><p>').elements
    assert (script.tag, after.tag) == ("script", "p")
    return json.loads(script.text)["@graph"][0]["name"]


@pytest.mark.parametrize(
    "name", ["</script><b>", "</SCRIPT >", "<!--<script>", "]]>", "&lt;/script&gt;", "\u2028\u2029"]
)
def test_nothing_ends_the_script_element_early(name):
    assert in_a_page(name) == name
    assert not set("<>&\u2028\u2029") & set(script_html({"name": name}))


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_comes_back_as_it_was(name):
    assert in_a_page(name) == name


def test_letters_stay_readable():
    assert "Språkkrav" in script_html({"name": "Språkkrav"})


def test_breadcrumbs_count_from_one_and_are_absolute(settings):
    settings.SITE_URL = "https://hub.example"
    first, second = breadcrumbs(("Hubs", "/"), ("Norway", "/hubs/norway/"))["itemListElement"]
    assert (first["position"], first["item"]) == (1, "https://hub.example/")
    assert (second["name"], second["item"]) == ("Norway", absolute("/hubs/norway/"))
