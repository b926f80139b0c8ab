"""From a version to the law: rows as permanent as the version, and what may not be published."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext

from articles.models import ArticleVersion, Citation
from elendihub.publishing import Permanent, PublishingError
from legislation.models import Provision
from tests.factories import (
    make_article,
    make_hub,
    make_mdr,
    make_published_article,
    make_published_hub,
    make_topic,
    publish,
)

BODY = "## In short\n\nMDR Article 120(3c) and MDR Articles 5 and 6.\n\nMDR Annex I section 10.4. The MDR."

pytestmark = pytest.mark.django_db


@pytest.fixture
def mdr():
    return make_mdr()


def article_of(mdr, number):
    return Provision.objects.get(instrument=mdr, kind="article", number=number)


def delete_by_sql(provision):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM legislation_provision WHERE id = %s", [provision.pk])
    connection.check_constraints()


# Rows


def test_a_version_has_a_row_for_each_provision_that_it_cites(mdr):
    version = make_published_article(body=BODY)
    rows = [
        (row.position, row.line, row.label, row.paragraph, str(row.provision)) for row in version.citation_rows.all()
    ]
    assert rows == [
        (1, 3, "art_120(3c)", "(3c)", "MDR Article 120"),
        (2, 3, "art_5", "", "MDR Article 5"),
        (2, 3, "art_6", "", "MDR Article 6"),
        (3, 5, "anx_I/10.4", "10.4", "MDR Annex I"),
        (4, 5, "", "", "None"),
    ]
    first = version.citation_rows.first()
    assert (first.surface, first.sentence) == ("MDR Article 120(3c)", "MDR Article 120(3c) and MDR Articles 5 and 6.")
    assert (first.name, first.instrument_key, first.instrument) == ("Article 120(3c)", "MDR", mdr)


def test_a_version_keeps_its_citations_among_its_public_fields(mdr):
    version = ArticleVersion.objects.get(pk=make_published_article(body=BODY).pk)
    assert version.citations[0] == {
        "position": 1,
        "line": 3,
        "surface": "MDR Article 120(3c)",
        "instrument": "MDR",
        "provisions": ["art_120(3c)"],
        "sentence": "MDR Article 120(3c) and MDR Articles 5 and 6.",
    }
    assert version.computed_hash() == version.hash
    version.citations = version.citations[1:]
    assert version.computed_hash() != version.hash


def test_a_version_without_citations_hashes_as_before_there_were_any():
    version = make_published_article(body="No law here.")
    assert version.citations == []
    assert b'"citations"' not in version.canonical()


def test_what_the_register_does_not_hold_is_kept_without_a_row_of_it():
    version = make_published_article(body="Regulation (EU) 2019/4321 and Article 22 of it.")
    assert [(row.instrument_key, row.instrument, row.provision) for row in version.citation_rows.all()][0] == (
        "EU-2019-4321",
        None,
        None,
    )


def test_a_notice_and_a_restated_text_repeat_the_citations(mdr):
    version = make_published_article(body=BODY)
    notice = version.article.withdraw(by=None, reason="error", note="Wrong.")
    assert notice.citations == version.citations
    assert notice.citation_rows.count() == version.citation_rows.count() == 5


def test_a_draft_for_preview_has_citations_and_writes_no_row(mdr):
    draft = make_article(body=BODY).draft()
    assert len(draft.citations) == 4
    assert not Citation.objects.exists()


def test_no_length_of_a_citation_breaks_a_row(mdr):
    lists = ", ".join(str(number) for number in range(1, 120))
    deep = "Article 5" + "(1)(a)" * 200
    version = make_published_article(body=f"MDR Articles {lists} and MDR {deep}.")
    assert version.citation_rows.count() > 100


# Asking


def test_citations_are_asked_for_by_provision_instrument_and_moment(mdr):
    hub = make_published_hub().hub
    old = make_published_article(hub=hub, body="MDR Article 5.")
    publish(old.article)
    gone = make_published_article(hub=hub, body="MDR Article 5 and MDR Article 6.")
    gone.article.withdraw(by=None, reason="error", note="Wrong.")
    live = Citation.objects.of_live()
    assert [row.version.number for row in live.of_instrument(mdr)] == [2]
    assert live.of_provision(article_of(mdr, "5")).count() == 1
    assert not live.of_provision(article_of(mdr, "6"))
    assert Citation.objects.of_provision(article_of(mdr, "6")).count() == 2
    assert Citation.objects.of_live(gone.live_from).of_provision(article_of(mdr, "5")).count() == 2


def test_reading_order_is_that_of_articles_and_then_of_the_text(mdr, django_assert_max_num_queries):
    for _ in range(2):
        make_published_article(body=BODY)
    with django_assert_max_num_queries(1):
        rows = [
            (row.version.article.hub.jurisdiction.name, row.position, str(row.provision))
            for row in Citation.objects.in_reading_order().with_address()
        ]
    assert [position for _, position, _ in rows] == [1, 2, 2, 3, 4] * 2


# Permanence


@pytest.mark.parametrize(
    "attempt", [lambda rows: rows.update(surface="x"), lambda rows: rows.delete(), lambda rows: rows.all().delete()]
)
def test_rows_refuse_every_change_in_python(mdr, attempt):
    version = make_published_article(body=BODY)
    with pytest.raises(Permanent):
        attempt(version.citation_rows.all())


def test_cited_law_cannot_be_deleted_from_the_register(mdr):
    make_published_article(body=BODY)
    for row in (article_of(mdr, "5"), mdr):
        with pytest.raises(ProtectedError):
            row.delete()
    article_of(mdr, "7").delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        delete_by_sql(article_of(mdr, "5"))


# Publishing


def test_a_citation_that_does_not_exist_stops_publishing_with_line_and_cure(mdr):
    article = make_article(body="## A\n\nSee MDR Article 220.")
    with pytest.raises(PublishingError) as refused:
        article.publish(by=None)
    assert refused.value.messages == [
        "Line 3: MDR has Articles 1 to 123 and 10a; Article 220 does not exist. "
        "Correct the number, or name another act."
    ]
    assert not article.versions.exists()


def test_a_paragraph_that_does_not_exist_stops_publishing(mdr):
    (problem,) = make_article(body="See MDR Article 22(9).").unpublishable()
    assert problem.startswith("Line 1: Article 22 of the MDR has paragraphs 1 to 5; 9 does not exist.")


def test_a_paragraph_of_an_article_that_is_not_described_passes(mdr):
    assert make_article(body="See MDR Article 23(9).").unpublishable() == []


def test_a_reference_without_an_act_is_unsettled_and_stops_nothing_by_itself():
    article = make_article(body="See Article 22.")
    (line,) = article.unsettled()
    assert line.startswith("Line 1: “Article 22” leads nowhere. No act is named near Article 22.")
    assert publish(article).number == 1


def test_a_hub_is_held_to_the_same(mdr):
    hub = make_hub(overview="See MDR Article 220.")
    hub.facts.create(label="Law", text="MDR Article 221")
    hub.responsibilities.create(label="Duty", text="Article 22 says so")
    assert [problem.partition(" has ")[0] for problem in hub.unpublishable()] == ["Line 1: MDR", "Law: MDR"]
    assert hub.unsettled()[0].startswith("Duty: “Article 22” leads nowhere")
    with pytest.raises(PublishingError):
        hub.publish(by=None)


def test_a_hub_s_lines_lead_to_the_law(mdr):
    hub = make_hub(overview="See MDR Article 5.")
    hub.facts.create(label="Law", text="MDR Article 6")
    version = publish(hub)
    assert 'href="/law/mdr/art-5/"' in version.overview_html
    assert 'href="/law/mdr/art-6/"' in version.facts[0]["text_html"]


def test_no_list_reads_what_only_the_article_prints(client, mdr):
    topic = make_topic()
    version = make_published_article(body=BODY, topic=topic)
    make_published_article(hub=version.article.hub, body=BODY, topic=topic)
    hub = f"/hubs/{version.article.hub.slug}/"
    for address in ("/", hub, f"/feeds{hub[:-1]}.atom", "/sitemap.xml"):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        assert not [each["sql"] for each in asked if '"citations"' in each["sql"]], address
