from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from articles import lint
from articles.similarity import similarity
from regulators.models import RegulatorName
from tests.factories import make_article, make_hub, make_mdr

pytestmark = pytest.mark.django_db

LONG = " ".join(f"word{number}" for number in range(300))


def run(*arguments: str) -> list[str]:
    out = StringIO()
    call_command("lint_hub", *arguments, stdout=out)
    return out.getvalue().splitlines()


def test_a_clean_hub_says_that_nothing_was_found():
    hub = make_hub(slug="norway")
    make_article(hub=hub)
    assert run("norway") == ["Nothing found."]


def test_findings_name_the_article_the_line_and_the_cure():
    hub = make_hub(slug="norway", overview="### A\n\nIt is currently so.")
    hub.facts.create(label="Law", text="It is [here](/x).")
    make_article(hub=hub, slug="udi", body="## A\n\nSee [here](/x).\n\nSee Article 22.")
    assert run("norway") == [
        "norway:3: “currently” tells no day. Write since when, or as at which day.",
        "norway, Law:1: The link “here” does not say where it leads. Link the words that name the page.",
        "udi:3: The link “here” does not say where it leads. Link the words that name the page.",
        "udi:5: “Article 22” leads nowhere. No act is named near Article 22. Name it: MDR Article 22.",
    ]


def test_only_what_does_not_exist_is_an_error():
    make_mdr()
    article = make_article(body="See MDR Article 220 and MDR Article 221.")
    out = StringIO()
    with pytest.raises(CommandError, match="^2 citations do not exist.$") as stopped:
        call_command("lint_hub", article.hub.slug, stdout=out)
    assert stopped.value.returncode == 1
    assert "Article 220 does not exist" in out.getvalue()


def test_all_reads_every_hub():
    for slug in ("b", "a"):
        make_article(hub=make_hub(slug=slug), slug=f"in-{slug}", body="It is now so.")
    assert [line.partition(":")[0] for line in run("--all")] == ["in-a", "in-b"]


@pytest.mark.parametrize("arguments", [["sweden"], [], ["\x00"], ["x" * 300], ["\udc80"]])
def test_an_unknown_hub_is_answered_with_those_there_are(arguments):
    make_hub(slug="norway")
    make_hub(slug="denmark")
    with pytest.raises(CommandError, match="There are: denmark, norway."):
        run(*arguments)


def test_without_a_hub_it_says_what_to_do():
    with pytest.raises(CommandError, match="none yet; import one first"):
        run("norway")


# What only an article has


def test_a_name_out_of_use_comes_from_the_regulator_s_names():
    article = make_article(body="The Old Board inspects. NEWB and OB.")
    RegulatorName.objects.update(name="New Board", acronym="NEWB")
    regulator = article.hub.regulator
    RegulatorName.objects.create(
        regulator=regulator, language="en", name="Old Board", acronym="OB", valid_until="2023-12-31"
    )
    said = [finding.words for finding in lint.findings(article)]
    assert said == [
        "“OB” was its name until 31 December 2023. Write New Board, or say of which time you speak.",
        "“Old Board” was its name until 31 December 2023. Write New Board, or say of which time you speak.",
    ]


def test_an_acronym_that_a_regulator_has_today_is_left_alone():
    article = make_article(body="The OB inspects.")
    RegulatorName.objects.update(name="New Board", acronym="OB")
    RegulatorName.objects.create(
        regulator=article.hub.regulator, language="en", name="Old Board", acronym="OB", valid_until="2023-12-31"
    )
    assert lint.findings(article) == []


def test_a_copied_text_is_pointed_out_unless_the_articles_name_each_other():
    article = make_article(title="One", body=LONG)
    twin = make_article(title="Two", hub=article.hub, body=f"New beginning. {LONG}")
    make_article(title="Three", hub=article.hub, body=" ".join(f"other{number}" for number in range(300)))
    make_article(title="Four", body=LONG)
    assert [each.article for each in lint.twins(article)] == [twin]
    assert "Much of the text is the same" in lint.twins(article)[0].words


def test_a_title_that_resembles_is_no_twin_when_the_text_names_it():
    article = make_article(title="Classification rules for implants")
    other = make_article(hub=article.hub, title="Classification rules for implants in use", body="Text.")
    assert [twin.article for twin in lint.twins(article)] == [other]
    other.body = f"See also “{article.title}”."
    other.save()
    assert lint.twins(article) == []


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        (LONG, LONG, 1.0, 1.0),
        (LONG, LONG.upper(), 1.0, 1.0),
        (LONG, " ".join(LONG.split()[:150]), 0.3, 0.7),
        (LONG, " ".join(reversed(LONG.split())), 0.0, 0.0),
        ("short text", "short text", 0.0, 0.0),
        ("", "", 0.0, 0.0),
    ],
)
def test_similarity_is_the_share_of_words_in_a_row_that_both_have(one, other, least, most):
    assert least <= similarity(one, other) <= most
    assert similarity(one, other) == similarity(other, one)
