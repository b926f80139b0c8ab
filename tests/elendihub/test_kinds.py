"""Significant, minor, correction: each kind of change keeps what it promises to readers."""

from datetime import timedelta

import pytest
from django.utils import timezone

from articles.models import ArticleVersion
from elendihub.publishing import PublishingError, Version
from tests import factories, reading
from tests.factories import CORRECTION, PUBLISHED_AT

DAY = timedelta(days=1)
BODY = (
    "## In short\n\nReport serious incidents under MDR Article 87 within 15 days of 3 March 2026. "
    "The importer must keep a copy. The dealer keeps none.\n"
)


@pytest.fixture
def article(db):
    factories.make_mdr()
    return factories.make_published_article(title="Reports", summary="Who reports.", body=BODY).article


def reworded(article, old, new):
    assert old in article.body
    article.body = article.body.replace(old, new)
    article.save()
    return article


# Significant


@pytest.mark.parametrize("note", ["", " \n"])
def test_a_significant_change_needs_a_public_note(article, note):
    with pytest.raises(PublishingError, match="A significant change needs a public note"):
        article.publish(by=None, note=note)
    assert article.versions.count() == 1


def test_a_significant_change_moves_the_date_and_is_told_in_feeds(article):
    version = article.publish(by=None, note="Rewritten.")
    assert version.changed_at == version.live_from
    assert version in ArticleVersion.objects.more_than_minor()


@pytest.mark.parametrize("kind", ["", "x", "first", "withdrawal", "MINOR", "\x00"])
def test_a_kind_that_is_none_is_refused(article, kind):
    with pytest.raises(PublishingError, match="is no kind of change. Use one of: significant, minor, correction"):
        article.publish(by=None, kind=kind, note="x")


# Minor


TOUCHES = {
    "number": ("15 days", "10 days", "the number “15”"),
    "number in words": ("15 days", "fifteen days", "the number “fifteen”"),
    "unit": ("15 days", "15 weeks", "the date “days”"),
    "day": ("3 March", "4 March", "the number “3”"),
    "month": ("March", "May", "the date “March”"),
    "year": ("2026", "2027", "the number “2026”"),
    "citation": ("MDR Article 87", "MDR Article 88", "the number “87”"),
    "act": ("MDR Article 87", "Directive Article 87", "a citation"),
    "must": ("must keep", "may keep", "the word “must”"),
    "must away": ("must keep", "keeps", "the word “must”"),
    "shall": ("must keep", "shall keep", "the word “shall”"),
    "must not": ("must keep", "must not keep", "the word “not”"),
    "need not": ("keeps none", "need not", "the word “not”"),
    "cannot": ("keeps none", "cannot keep one", "the word “cannot”"),
    "before": ("days of", "days before", "the date “days”"),
    "whose duty": (
        "importer must keep a copy. The dealer keeps none",
        "importer keeps a copy. The dealer must keep none",
        "the word “must”",
    ),
}


@pytest.mark.parametrize(("old", "new", "named"), TOUCHES.values(), ids=TOUCHES)
def test_a_minor_edit_that_touches_what_counts_needs_a_second_person(article, old, new, named):
    reworded(article, old, new)
    with pytest.raises(PublishingError, match="no minor change without a second person: it touches") as refused:
        factories.publish(article, kind="minor")
    assert named in refused.value.messages[0]
    assert article.versions.count() == 1

    approver = factories.approve(article)
    version = factories.publish(article, kind="minor")
    assert (version.kind, version.approver, version.changed_at) == ("minor", approver, PUBLISHED_AT)


def test_an_approval_of_another_text_does_not_excuse_it(article):
    factories.approve(article)
    reworded(article, "15 days", "10 days")
    with pytest.raises(PublishingError, match="it touches the number"):
        factories.publish(article, kind="minor")


@pytest.mark.parametrize(("field", "value"), [("title", "Reports in 2 days"), ("summary", "Who must report.")])
def test_title_and_summary_count_too(article, field, value):
    setattr(article, field, value)
    article.save()
    with pytest.raises(PublishingError, match="it touches"):
        factories.publish(article, kind="minor")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("serious incidents", "grave incidents"),
        ("The dealer keeps none.", "The dealer keeps none, as said."),
        ("## In short", "## Briefly"),
        ("Report serious", "Report  serious"),
        ("a copy.", "a copy. [More](https://example.org/2026/15/) is known."),
    ],
)
def test_wording_layout_and_links_are_minor(article, old, new):
    version = factories.publish(reworded(article, old, new), kind="minor")
    assert version.changed_at == PUBLISHED_AT
    assert version not in ArticleVersion.objects.more_than_minor()


@pytest.mark.parametrize("rows", ["responsibilities", "facts"])
def test_the_lines_of_a_hub_count_too(db, rows):
    hub = factories.make_public_hub()
    getattr(hub, rows).update(text="Must report.")
    with pytest.raises(PublishingError, match="it touches the"):
        factories.publish(hub, kind="minor")
    factories.approve(hub)
    assert factories.publish(hub, kind="minor").has_second_person


def test_another_act_cited_in_a_hub_is_not_minor(db):
    factories.make_mdr()
    ivdr = factories.make_instrument(short_name="IVDR", names=["IVDR"], articles="1-113")
    factories.make_provision(instrument=ivdr, number="5")
    hub = factories.make_hub(overview="See MDR Article 5.")
    factories.publish(hub)
    hub.overview = "See IVDR Article 5."
    with pytest.raises(PublishingError, match="it touches a citation"):
        factories.publish(hub, kind="minor")


def test_to_bring_back_a_withdrawn_text_is_not_minor(article):
    article.withdraw(by=None, reason="error", note="Wrong.")
    with pytest.raises(PublishingError, match="no minor change. Publish it as a significant one"):
        article.publish(by=None, kind="minor")


# Corrections


@pytest.mark.parametrize("missing", CORRECTION)
def test_a_correction_says_what_was_wrong_since_when_and_what_is_right(article, missing):
    told = CORRECTION | {missing: None if missing == "wrong_since" else " "}
    with pytest.raises(PublishingError, match="says what was wrong, since when, and what is right"):
        article.publish(by=None, kind="correction", note="Sorry.", **told)


@pytest.mark.parametrize("day", [PUBLISHED_AT.date() - DAY, timezone.now().date() + 2 * DAY])
def test_it_was_wrong_neither_before_its_publication_nor_in_days_to_come(article, day):
    with pytest.raises(PublishingError, match="first published on 16 February 2026"):
        article.publish(by=None, kind="correction", **CORRECTION | {"wrong_since": day})


def test_a_first_version_corrects_nothing(db):
    with pytest.raises(PublishingError, match="Only a correction of a published text"):
        factories.make_article().publish(by=None, kind="correction", **CORRECTION)


def test_only_a_correction_corrects(article):
    for kind in ("significant", "minor"):
        with pytest.raises(PublishingError, match="Publish it as a correction"):
            article.publish(by=None, kind=kind, note="x", **CORRECTION)


def test_a_correction_stands_on_the_page_while_it_is_live_and_on_its_version_for_ever(client, article):
    version = article.publish(by=None, kind="correction", **CORRECTION)
    said = (
        f"Correction of {version.live_from:%-d %B %Y}: It said 10 days. It stood here since 16 February 2026. "
        "Right: 15 days."
    )
    assert version.changed_at == version.live_from
    assert version.note == "What was wrong: It said 10 days. What is right: 15 days."
    address = article.get_absolute_url()
    assert said in reading.words(client.get(address))
    assert said in reading.words(client.get(f"{address}v/2/"))
    assert said not in reading.words(client.get(f"{address}v/1/"))
    factories.publish(article)
    assert said not in reading.words(client.get(address))
    assert said in reading.words(client.get(f"{address}v/2/"))


def test_a_correction_cannot_break_out_of_where_it_stands(client, article):
    told = CORRECTION | {"corrected_error": "<b>x</b>", "corrected_to": "</p><script>"}
    article.publish(by=None, kind="correction", **told)
    page = client.get(article.get_absolute_url()).text
    assert "&lt;b&gt;x&lt;/b&gt;" in page
    assert "<script>" not in page.partition("<main")[2]


# The record


def test_pages_say_what_was_published_without_a_second_person(client, article, settings):
    address = article.get_absolute_url()
    assert "Version 1, published without a second person" in reading.words(client.get(address))
    factories.approve(article)
    factories.publish(article)
    record = reading.words(client.get(f"{address}v/2/")).partition("Version history")[0]
    assert "without a second person" not in record
    settings.SECOND_PERSON = True
    article.publish(by=factories.make_editor(), note="Recall.", emergency_reason="People are at <risk>.")
    for page in (address, f"{address}v/3/"):
        told = reading.words(client.get(page))
        assert "Published in an emergency without a second person: People are at <risk>." in told
        assert "Version 3, published without a second person" in told
    assert "in an emergency" not in reading.words(client.get(f"{address}v/2/")).partition("Version history")[0]


def test_a_hub_says_so_too(client, settings, db):
    hub = factories.make_public_hub()
    settings.SECOND_PERSON = True
    hub.publish(by=factories.make_editor(), note="Recall.", emergency_reason="Risk.")
    assert "Published in an emergency without a second person: Risk." in reading.words(client.get(f"/hubs/{hub.slug}/"))


def test_rows_from_before_keep_their_hashes(article):
    """What the canonical form leaves out when it is empty."""
    record = article.versions.get().canonical().decode()
    for name in ("emergency_reason", "corrected_error", "wrong_since", "corrected_to", "publisher_name"):
        assert name not in record


def test_a_day_and_a_moment_stand_in_the_canonical_form_each_in_its_own(article):
    version = article.publish(by=None, kind="correction", **CORRECTION)
    version = ArticleVersion.objects.get(pk=version.pk)
    assert '"wrong_since":"2026-02-16"' in version.canonical().decode()
    assert version.computed_hash() == version.hash
    version.wrong_since = PUBLISHED_AT.date() + DAY
    assert version.computed_hash() != version.hash


def test_what_a_row_says_of_its_making_is_under_its_hash(article):
    for name in ("emergency_reason", "corrected_error", "corrected_to", "publisher_name"):
        version: Version = article.versions.get()
        setattr(version, name, "Tampered")
        assert version.computed_hash() != version.hash
