"""The desk's first page: what waits for somebody, and that its numbers are those of its lists and of /trust/."""

import pytest
from django.utils import timezone

from articles import links
from articles.models import Article, Link, SourceText
from elendihub.dashboard import TITLES
from elendihub.trust import FIGURES
from tests import factories, reading
from tests.elendihub.test_trust import DAY, amend, numbers, settle, varied  # noqa: F401 - a fixture

SHARED = {"due", "amended", "emergencies", "unresolved", "links", "moved"}


@pytest.fixture
def hub(db):
    return factories.make_published_hub(slug="norway", title="Norway hub").hub


@pytest.fixture
def topic(db):
    return factories.make_topic(name="Deadlines", review_days=30)


@pytest.fixture
def desk(client, admin_user):
    client.force_login(admin_user)
    return client


def shown(desk):
    """The sections by their title."""
    return {section.title: section for section in desk.get("/admin/").context["sections"]}


def section(desk, name):
    return section_of(desk.get("/admin/"), name)


def section_of(response, name):
    return next(each for each in response.context["sections"] if each.title == TITLES[name][0])


def total(section):
    return sum(each.number for each in section.numbers)


def fill(hub):
    """One of each that waits."""
    author = factories.make_editor()
    factories.make_article(hub=hub, title="To be read").submit(by=author)
    factories.approve(factories.make_article(hub=hub, title="Approved"))
    returned = factories.make_article(hub=hub, title="To be mended")
    returned.submit(by=author)
    returned.send_back(by=author, note="Name the fee.")
    hub.submit(by=author)
    coming = factories.make_article(hub=hub, title="Coming")
    coming.publish(by=author, live_from=timezone.now() + DAY, is_import=False)
    source = SourceText.objects.create(url="https://a.example/", event="changed", fetched_at=timezone.now())
    source.articles.set([coming])


def test_each_number_is_that_of_the_list_it_leads_to(desk, varied, hub, settings):  # noqa: F811
    settle(hub, settings)
    amend(varied)
    settings.SECOND_PERSON = False
    fill(hub)
    sections = shown(desk)
    for name, (title, _) in TITLES.items():
        assert total(sections[title]) > 0, name
        for each in sections[title].numbers:
            listed = desk.get(each.address).context["cl"].result_count
            assert (name, each.number) == (name, listed)


def test_a_superuser_and_the_public_read_the_same_numbers(desk, varied, hub, settings):  # noqa: F811
    settle(hub, settings)
    amend(varied)
    public = numbers(desk.get("/trust/"))
    sections = shown(desk)
    found = {name: total(sections[TITLES[name][0]]) for name in SHARED}
    assert found == {name: public[name] for name in SHARED}
    assert all(found.values())
    assert FIGURES.keys() & TITLES.keys() == SHARED


def test_an_empty_desk_says_that_nothing_waits(desk):
    page = reading.text(desk.get("/admin/"))
    assert "Nothing waits for review." in page
    for _, empty in TITLES.values():
        assert empty in page


def test_rows_are_named_with_what_an_editor_needs_to_know(desk, varied, hub, settings):  # noqa: F811
    settle(hub, settings)
    amendment = amend(varied)
    settings.SECOND_PERSON = False
    fill(hub)
    page = reading.text(desk.get("/admin/"))
    assert str(amendment) in page
    assert f"Flagged on {timezone.now():%-d %B %Y}, today." in page
    assert f"Version 1 on {timezone.now() + DAY:%-d %B %Y}" in page
    assert "“Regulation (EU) 2099/1”" in page
    assert "A recall." in page
    assert "To be read" in page
    assert "Name the fee." in page


def test_the_longest_due_come_first_and_ten_are_shown(desk, hub, topic):
    days = [timezone.now() - number * DAY for number in range(3, 15)]
    for at in days:
        factories.publish(factories.make_article(hub=hub, topic=topic, title=f"{at:%Y-%m-%d}"), live_from=at)
    due = section(desk, "due")
    assert [line.title for line in due.lines] == ["Norway hub", *(f"{at:%Y-%m-%d}" for at in days[:2:-1])]
    assert {each.label: each.number for each in due.numbers} == {"hub": 1, "articles": 12}


def test_the_share_of_other_is_told_for_each_hub_and_leads_to_those_articles(desk, hub):
    other, fees = factories.make_category(slug="other"), factories.make_category(slug="fees")
    for category in (other, fees, fees):
        factories.make_published_article(hub=hub, category=category)
    factories.make_article(hub=hub, category=other)
    elsewhere = factories.make_published_article(category=fees).article.hub
    response = desk.get("/admin/")
    (row, without) = sorted(response.context["others"], key=lambda each: each["number"], reverse=True)
    assert (row["name"], row["number"], row["of"], row["share"]) == (hub.jurisdiction.name, 1, 3, "33 %")
    assert desk.get(row["address"]).context["cl"].result_count == 1
    assert without["address"] == ""
    assert f"{elsewhere.jurisdiction.name}: none of 1 live article<" in response.text


def test_a_list_of_articles_is_filtered_by_what_the_register_does_not_hold(desk, hub):
    factories.make_mdr()
    factories.make_published_article(hub=hub, title="Known", body="MDR Article 120.")
    factories.make_published_article(hub=hub, title="Unknown", body="Regulation (EU) 2099/1.")
    page = desk.get("/admin/articles/article/?citations=unresolved")
    assert [each.title for each in page.context["cl"].result_list] == ["Unknown"]
    for value in ("none", "\x00", "9" * 300):
        assert desk.get("/admin/articles/article/", {"citations": value}).status_code in (200, 302, 400)


@pytest.mark.parametrize("role", ["author", "approver", "hub_editor", "administrator"])
def test_people_of_one_hub_are_told_of_that_hub_alone(client, varied, hub, settings, role):  # noqa: F811
    settle(hub, settings)
    amend(varied)
    settings.SECOND_PERSON = False
    fill(hub)
    sweden = factories.make_published_hub(title="Sweden hub").hub
    own = factories.make_published_article(hub=sweden, title="Own text")
    client.force_login(factories.make_member(sweden, role=role))
    response = client.get("/admin/")
    sections = {each.title: each for each in response.context["sections"]}
    assert total(sections["Review due"]) == 2
    assert [line.title for line in sections["Review due"].lines] == ["Sweden hub", own.title]
    others = {each.title for each in sections.values() if total(each)}
    assert others == {"Review due"}
    assert [row["of"] for row in response.context["others"]] == [1]
    for title in (" kept", "To be read", "To be mended", "Name the", "Coming", "Norway hub", "a.example"):
        assert title not in response.text
    assert sections["Broken links"].is_empty


def test_who_has_no_rights_is_told_nothing(client, varied, hub):  # noqa: F811
    client.force_login(factories.make_editor("legislation.view_term"))
    response = client.get("/admin/")
    assert response.status_code == 200
    assert response.context["sections"] == []
    assert "kept" not in response.text


def test_it_asks_the_database_a_bounded_number_of_times(client, db, django_assert_max_num_queries):
    mdr = factories.make_mdr()
    topic, category = factories.make_topic(), factories.make_category(slug="other")
    hubs = [factories.make_published_hub().hub for _ in range(3)]
    for number in range(300):
        place = {"hub": hubs[number % 3], "topic": topic, "category": category}
        factories.make_published_article(body="MDR Article 120. [a](https://a.example/)", **place)
    amend(mdr)
    links.gather(timezone.now())
    Link.objects.update(failed_on="2026-03-01", failed_again_on="2026-03-02")
    for person in (factories.make_editor(is_superuser=True), factories.make_member(*hubs, role="administrator")):
        client.force_login(person)
        with django_assert_max_num_queries(21):
            page = client.get("/admin/")
        assert {each.label: each.number for each in section_of(page, "due").numbers} == {"hubs": 3, "articles": 300}
        assert Article.objects.count() == 300


def test_an_emergency_of_yesterday_is_open_today(desk, hub, settings):
    settings.SECOND_PERSON = True
    article = factories.make_published_article(hub=hub, title="Recalls").article
    article.publish(by=factories.make_editor(), note="At once.", emergency_reason="A recall.")
    assert [line.title for line in section(desk, "emergencies").lines] == ["Recalls"]
    article.withdraw(by=factories.make_editor(), reason="obsolete", note="Over.")
    assert section(desk, "emergencies").is_empty


def test_a_text_sent_back_is_told_until_it_is_sent_to_review_again(client, hub):
    author = factories.make_member(hub, role="author")
    article = factories.make_article(hub=hub, title="Labels")
    article.submit(by=author)
    article.send_back(by=factories.make_editor(), note="Say when.")
    client.force_login(author)
    told = section(client, "sent_back")
    assert [(line.title, line.said) for line in told.lines] == [("Labels", "Say when.")]
    assert client.get(told.lines[0].address).status_code == 200
    article.changed(by=author)
    assert section(client, "sent_back").lines
    article.submit(by=author)
    assert section(client, "sent_back").is_empty
