"""What changed between two versions of an article or a hub, for everyone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from elendihub import comparing, prose
from tests import factories, reading

COMPARE = "/hubs/norway/labels/compare/"


@pytest.fixture
def article(db):
    hub = factories.make_published_hub(slug="norway").hub
    body = "## Scope\n\nAll devices.\n\n## Dates\n\nUntil 2027."
    article = factories.make_published_article(hub=hub, slug="labels", title="Labels", body=body).article
    article.body = body.replace("2027", "<b>2028</b>")
    article.summary = "Another summary of it."
    article.save()
    article.publish(by=None, kind="correction", note="The year was wrong.", **factories.CORRECTION)
    return article


def changes(response):
    return [element.text for element in reading.elements(response, "h2") if element.text != "Unchanged"]


def test_it_shows_what_was_removed_and_inserted_and_why(client, article):
    response = client.get(f"{COMPARE}1...2/")
    assert response.status_code == 200
    assert "2027" in [each.text for each in reading.elements(response, "del")]
    assert "<b>2028</b>" in [each.text for each in reading.elements(response, "ins")]
    assert "<b>" not in reading.text(response).replace('<b class="code"', "")
    html = reading.text(response)
    assert "The year was wrong." in html
    assert "Correction" in html
    assert "2 passages changed. Nothing else that readers see differs." in html


def test_every_public_field_is_compared(client, article):
    article.title, article.category, article.topic = "Marks", factories.make_category(), factories.make_topic()
    article.body = f"See {factories.make_mdr()} Article 22."
    article.save()
    article.publish(by=None, note="What changed.")
    found = changes(client.get(f"{COMPARE}2...3/"))
    assert {"Changed Title", "Changed Category", "Changed Topics", "Added Citations"} <= set(found)


def test_what_did_not_change_is_named(client, article):
    html = reading.text(client.get(f"{COMPARE}1...2/"))
    assert "<li>Title</li>" in html
    assert "<li>Scope</li>" in html


def test_a_version_does_not_differ_from_itself(client, article):
    html = reading.text(client.get(f"{COMPARE}2...2/"))
    assert "This is the same version" in html
    assert "<ins>" not in html


def test_the_older_version_always_comes_first(client, article):
    assert client.get(f"{COMPARE}2...1/")["Location"] == f"{COMPARE}1...2/"


@pytest.mark.parametrize("numbers", ["1...9", "0...1", f"1...{'9' * 30}", f"1...{'9' * 300}"])
def test_a_number_that_was_never_published_says_which_were(client, article, numbers):
    response = client.get(f"{COMPARE}{numbers}/")
    assert response.status_code == 404
    assert "Published are: 1, 2." in reading.text(response)
    assert client.get(f"/hubs/norway/compare/{numbers}/").status_code == 404


def test_what_readers_cannot_read_yet_cannot_be_compared(client, article):
    article.publish(by=None, live_from=timezone.now() + timedelta(days=1), note="What changed.")
    assert client.get(f"{COMPARE}2...3/").status_code == 404


def test_the_form_leads_to_the_comparison_of_its_choice(client, article):
    assert client.get(f"{COMPARE}?from=2&to=1")["Location"] == f"{COMPARE}1...2/"
    assert client.get(COMPARE)["Location"] == f"{COMPARE}1...2/"
    for query in ("from=1", "from=x&to=2", f"from={'9' * 300}&to=1", "from=²&to=1"):
        assert client.get(f"{COMPARE}?{query}").status_code == 404


def test_texts_stand_as_readers_have_them(client, article):
    article.body = "## Scope\n\nAll *devices*, see [DMP](https://dmp.no/a).[^n]\n\n- One\n\n[^n]: A note."
    article.save()
    article.publish(by=None, note="What changed.")
    article.body = article.body.replace("dmp.no/a", "dmp.no/b").replace("- One", "- One\n- Two")
    article.save()
    article.publish(by=None, note="What changed.")
    said = reading.words(client.get(f"{COMPARE}3...4/"))
    assert "All devices, see DMP (https://dmp.no/ a b).[1]" in said
    assert "• Two" in said
    assert "1 passage changed, 1 added. Nothing else that readers see differs." in said
    assert not any(mark in said for mark in ("## ", "*", "[^n]", "]("))


def test_as_written_is_a_choice_of_the_same_page(client, article):
    shown = client.get(f"{COMPARE}1...2/")
    address = reading.links(shown)["Compare as written, in Markdown"]
    assert address == f"{COMPARE}1...2/?as=written"
    written = client.get(address)
    assert "Nothing else is written differently." in reading.text(written)
    assert reading.meta(written)["robots"] == "noindex"
    assert reading.meta(written)["canonical"] == reading.meta(shown)["canonical"]
    assert reading.links(written)["Compare as readers have them"] == f"{COMPARE}1...2/"
    article.body = "## Other\n\nAll devices."
    article.save()
    article.publish(by=None, note="What changed.")
    assert "## " in reading.words(client.get(f"{COMPARE}2...3/?as=written")).partition("footnote.")[2]


@pytest.mark.parametrize("asked", ["", "x", "Written", "%20", "9" * 300])
def test_another_choice_is_refused_and_says_which_there_are(client, article, asked):
    response = client.get(f"{COMPARE}1...2/?as={asked}")
    assert response.status_code == 400
    assert "as=written" in reading.text(response)


def test_the_same_words_set_otherwise_are_named_and_their_source_is_a_link_away(client, article):
    article.body = article.body.replace("All devices", "All *devices*").replace("## Dates", "### Dates")
    article.save()
    article.publish(by=None, kind="minor")
    response = client.get(f"{COMPARE}2...3/")
    said = reading.words(response)
    assert "no word differs, but 2 parts are set differently. Nothing else that readers see differs." in said
    assert [each.text for each in reading.elements(response, "li")].count("Scope") == 1
    assert not reading.elements(response, "ins")
    written = client.get(reading.links(response)["Compare as written, in Markdown"])
    assert "*" in [each.text for each in reading.elements(written, "ins")]


def test_a_link_that_the_register_of_law_made_meanwhile_is_a_setting(client, article):
    article.body = "## Scope\n\nSee MDR Article 22."
    article.save()
    article.publish(by=None, note="What changed.")
    factories.make_mdr()
    article.publish(by=None, note="The register knows it now.")
    said = reading.words(client.get(f"{COMPARE}3...4/"))
    assert "Other words are the same, but set differently in 1 part." in said


def test_beside_words_that_differ_it_names_what_is_set_otherwise_elsewhere(client, article):
    article.body = article.body.replace("All devices", "All *devices*").replace("Until", "From")
    article.save()
    article.publish(by=None, note="What changed.")
    said = reading.words(client.get(f"{COMPARE}2...3/"))
    assert "1 passage changed. Other words are the same, but set differently in 1 part." in said


def test_markdown_that_differs_to_the_same_effect_is_told_from_no_difference(client, article):
    article.body = article.body.replace("All devices.", "All\ndevices.")
    article.save()
    article.publish(by=None, kind="minor")
    article.publish(by=None, kind="minor")
    one, other = (reading.words(client.get(f"{COMPARE}{numbers}/")) for numbers in ("2...3", "3...4"))
    assert "nothing that readers see differs, only the Markdown behind it." in one
    assert "Compare as written" in one
    assert "nothing that readers see differs." in other
    assert "Compare as written" not in other


def test_citations_are_named_as_readers_know_them_and_only_those_that_came_or_went(client, article):
    factories.make_mdr()
    factories.make_instrument(slug="eu-2023-607", short_name="Regulation (EU) 2023/607", celex="32023R0607")
    for body in ("MDR Article 22 and MDR Article 120.", "MDR Article 120 and Regulation (EU) 2023/607, Article 1."):
        article.body = f"## Scope\n\n{body}"
        article.save()
        article.publish(by=None, note="What changed.")
    response = client.get(f"{COMPARE}3...4/")
    assert {"Removed Citations", "Added Citations"} <= set(changes(response))
    assert "MDR Article 22" in [each.text for each in reading.elements(response, "del")]
    assert "Regulation (EU) 2023/607 Article 1" in [each.text for each in reading.elements(response, "ins")]
    assert "EU-2023-607" not in reading.text(response)


def test_the_explanation_of_a_term_is_compared(client, article):
    factories.make_mdr()
    article.body = "## Scope\n\nThe importer."
    for definition in ("Brings a device in.", "Brings a device from abroad."):
        if definition.endswith("in."):
            term = factories.make_term(slug="importer", name="Importer", definition=definition)
        term.definition = definition
        term.save()
        article.save()
        article.publish(by=None, note="What changed.")
    assert "Changed Terms" in changes(client.get(f"{COMPARE}3...4/"))


@pytest.mark.parametrize(
    "text",
    ["*a* " * (prose.MOST_TAGS // 2), "[a] " * (prose.MOST_LETTERS // 4_000) + f"\n\n[a]: /{'b' * 4_000}"],
    ids=["tags", "letters"],
)
def test_a_text_of_more_parts_than_can_be_read_at_once_stands_as_written(client, article, text):
    article.body = f"## Scope\n\n{text}"
    article.save()
    article.publish(by=None, note="What changed.")
    said = reading.words(client.get(f"{COMPARE}2...3/"))
    assert "They have too many parts to be compared as readers have them." in said
    assert "Nothing else is written differently." in said


def test_an_old_address_leads_to_the_present_one(client, article):
    article.slug = "marks"
    article.save()
    assert client.get(f"{COMPARE}1...2/")["Location"] == "/hubs/norway/marks/compare/1...2/"
    assert client.get("/hubs/norway/none/compare/1...2/").status_code == 404


def test_it_is_not_indexed(client, article):
    assert reading.meta(client.get(f"{COMPARE}1...2/"))["robots"] == "noindex"


def test_it_asks_the_database_a_bounded_number_of_times(client, article, django_assert_max_num_queries):
    factories.make_mdr()
    article.body = "## Scope\n\n" + " ".join(f"MDR Article {number}." for number in range(1, 99))
    article.save()
    for _ in range(9):
        article.publish(by=None, note="What changed.")
    with django_assert_max_num_queries(4):
        assert client.get(f"{COMPARE}1...9/").status_code == 200


def test_hubs_are_compared_too(client, article):
    hub = article.hub
    hub.facts.create(position=2, label="Staff", text="300 **people**")
    hub.publish(by=None, note="What changed.")
    response = client.get("/hubs/norway/compare/1...2/")
    assert "Added Regulator facts" in changes(response)
    assert "Staff 300 people" in reading.words(response)
    assert "300 **people**" in reading.words(client.get("/hubs/norway/compare/1...2/?as=written"))
    assert client.get("/hubs/norway/compare/1...2/?as=x").status_code == 400
    assert client.get("/hubs/norway/compare/2...1/")["Location"] == "/hubs/norway/compare/1...2/"
    assert client.get("/hubs/norway/compare/")["Location"] == "/hubs/norway/compare/1...2/"
    assert client.get("/hubs/norway/compare/1...3/").status_code == 404


def test_each_version_between_says_why_it_came(client, article, settings):
    settings.SECOND_PERSON = True
    editor = factories.make_editor()
    article.publish(by=editor, note="A recall.", emergency_reason="Devices are unsafe.")
    article.publish(by=factories.approve(article), note="Reviewed.")
    response = client.get(f"{COMPARE}1...4/")
    found = [each.text for each in reading.elements(response, "h2") if each.text.startswith("Why version")]
    said = reading.words(response)
    assert found == ["Why version 4", "Why version 3", "Why version 2"]
    assert "Reviewed. Second person Approved it before it went live" in said
    assert "In an emergency Devices are unsafe. Second person Published without a second person" in said
    assert "What was wrong It said 10 days. It stood there since 16 February 2026. Right: 15 days." in said
    assert "Why version 3" not in reading.text(client.get(f"{COMPARE}1...2/"))
    assert "Why version 2" in reading.text(client.get(f"{COMPARE}2...2/"))


def test_of_many_versions_between_the_newest_say_why_and_the_rest_are_counted(client, article):
    for _ in range(comparing.MOST_REASONS + 1):
        article.publish(by=None, note="What changed.")
    html = reading.text(client.get(f"{COMPARE}1...{comparing.MOST_REASONS + 3}/"))
    assert html.count("Why version") == comparing.MOST_REASONS
    assert "And 2 earlier versions after version 1." in html
