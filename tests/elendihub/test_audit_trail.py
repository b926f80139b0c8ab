"""The audit trail at the desk: read-only, filtered, exported."""

import csv
import json
from io import StringIO

import pytest
from django.urls import reverse

from articles.models import Category, Topic
from elendihub import admin
from elendihub.acting import Road, acting
from elendihub.models import AuditEntry
from tests import factories
from tests.reading import text

LIST = "/admin/elendihub/auditentry/"


@pytest.fixture
def reader(client, db):
    client.force_login(factories.make_editor("elendihub.view_auditentry", username="reader"))
    return client


def rows(answer):
    return {(entry.table, entry.row, entry.action) for entry in answer.context["cl"].result_list}


def exported(client, kind, **query):
    return b"".join(client.get(f"{LIST}export.{kind}", query).streaming_content).decode()


# Who may see it


@pytest.mark.parametrize("address", [LIST, f"{LIST}export.csv", f"{LIST}export.jsonl", f"{LIST}1/change/"])
def test_only_who_holds_the_right_sees_the_trail(client, db, address):
    assert client.get(address).status_code == 302
    client.force_login(factories.make_editor())
    entry = AuditEntry.objects.first()
    assert client.get(address.replace("1/change", f"{entry.pk}/change")).status_code == 403


def test_nobody_adds_changes_or_deletes_an_entry_not_even_a_superuser(client, db):
    client.force_login(factories.make_editor(is_superuser=True))
    entry = AuditEntry.objects.first()
    one = reverse("admin:elendihub_auditentry_change", args=[entry.pk])
    for address in (f"{LIST}add/", reverse("admin:elendihub_auditentry_delete", args=[entry.pk])):
        assert client.get(address).status_code == 403
        assert client.post(address, {"post": "yes"}).status_code == 403
    client.post(one, {"actor": "somebody"})
    entry.refresh_from_db()
    assert entry.actor == ""


# The list


def test_the_list_says_who_did_what_and_when(reader):
    with acting(77, "ann", Road.DESK):
        category = factories.make_category()
        Category.objects.update(name="Renamed")
    said = text(reader.get(LIST))
    for words in ("ann", "Changed", "Category", "The desk", "name", "the whole row", "UTC"):
        assert words in said
    assert ("articles_category", str(category.pk), "changed") in rows(reader.get(LIST))


def test_the_list_is_narrowed_by_what_action_road_person_and_day(reader):
    with acting(77, "ann", Road.DESK):
        factories.make_category()
        factories.make_topic()
    day = f"{AuditEntry.objects.first().at:%Y-%m-%d}"
    assert {table for table, *_ in rows(reader.get(LIST, {"table": "articles_topic"}))} == {"articles_topic"}
    assert {action for *_, action in rows(reader.get(LIST, {"action": "changed"}))} <= {"changed"}
    assert {table for table, *_ in rows(reader.get(LIST, {"road": "desk"}))} == {"articles_category", "articles_topic"}
    factories.make_editor(username="ann")
    assert {table for table, *_ in rows(reader.get(LIST, {"actor": "ann"}))} == {"articles_category", "articles_topic"}
    assert rows(reader.get(LIST, {"from": day, "until": day}))
    assert not rows(reader.get(LIST, {"from": "2100-01-01"}))
    assert not rows(reader.get(LIST, {"until": "2020-01-01"}))
    both = reader.get(LIST, {"table": "articles_topic", "until": day, "q": "ann"})
    assert len(rows(both)) == 1
    assert 'name="table" value="articles_topic"' in both.content.decode()


def test_one_row_is_found_by_its_key_and_one_person_by_name(reader):
    topic = factories.make_topic()
    found = rows(reader.get(LIST, {"q": str(topic.pk), "table": "articles_topic"}))
    assert found == {("articles_topic", str(topic.pk), "added")}
    with acting(77, "gone", Road.DESK):
        Topic.objects.update(name="Renamed")
    assert rows(reader.get(LIST, {"q": "gone"})) == {("articles_topic", str(topic.pk), "changed")}


def test_an_empty_list_says_so(reader):
    assert "Nothing was written that these filters let through." in text(reader.get(LIST, {"from": "2100-01-01"}))


@pytest.mark.parametrize(
    "query",
    [{"from": "yesterday"}, {"until": "9999-12-31"}, {"from": "\x00"}, {"until": "9" * 300}, {"x": "1"}],
)
@pytest.mark.parametrize("ending", ["", "export.csv"])
def test_filters_that_mean_nothing_lead_back_to_the_list_or_are_refused(reader, query, ending):
    assert reader.get(LIST + ending, query).status_code in (302, 400)


@pytest.mark.parametrize("query", [{"p": "9" * 300}, {"id__gt": "9" * 300}, {"table": "none"}, {"q": "\ud7ff"}])
def test_filters_that_let_nothing_through_are_answered(reader, query):
    assert reader.get(LIST, query).status_code in (200, 302)


def test_the_list_asks_no_more_for_many_entries_than_for_few(reader, django_assert_max_num_queries):
    Category.objects.bulk_create(Category(name=f"Name {n}", slug=f"name-{n}") for n in range(150))
    with django_assert_max_num_queries(8):
        answer = reader.get(LIST)
    assert len(answer.context["cl"].result_list) == 50


def test_counting_ends_where_the_list_ends(reader, monkeypatch):
    monkeypatch.setattr(admin, "MOST_LISTED", 120)
    Category.objects.bulk_create(Category(name=f"Name {n}", slug=f"name-{n}") for n in range(150))
    answer = reader.get(LIST, {"p": 3})
    assert answer.context["cl"].result_count == 120
    assert len(answer.context["cl"].result_list) == 20


# One entry


def test_an_entry_shows_what_was_and_what_is(reader):
    category = factories.make_category(name="Before <b>")
    Category.objects.update(name="After & all")
    entry = AuditEntry.objects.get(table="articles_category", row=str(category.pk), action="changed")
    answer = reader.get(reverse("admin:elendihub_auditentry_change", args=[entry.pk]))
    said = text(answer)
    assert "Before &lt;b&gt;" in said
    assert "After &amp; all" in said
    assert "nobody signed in" in said


def test_an_entry_that_is_not_there_leads_back(reader):
    for key in ("0", "x", "9" * 300, "%00"):
        assert reader.get(f"{LIST}{key}/change/").status_code in (302, 400, 404)


# Export


def test_the_filtered_list_is_exported_as_csv_and_as_json_lines(reader):
    with acting(77, "ann", Road.DESK):
        category = factories.make_category(name="Klassifisering å")
    factories.make_topic()
    lines = exported(reader, "jsonl", table="articles_category").splitlines()
    (entry,) = [json.loads(line) for line in lines]
    assert (entry["row"], entry["actor"], entry["road"]) == (str(category.pk), "ann", "desk")
    assert entry["after"]["name"] == "Klassifisering å"
    table = exported(reader, "csv", table="articles_category")
    assert table.startswith("\ufeff")
    (row,) = csv.DictReader(StringIO(table.removeprefix("\ufeff")))
    assert json.loads(row["after"]) == entry["after"]
    assert row["at"] == entry["at"]


def test_a_cell_that_a_spreadsheet_would_calculate_is_disarmed(reader):
    for name in ("=1+1", "+1", "-1", "@SUM(A1)"):
        with acting(77, name, Road.DESK):
            factories.make_category()
    table = exported(reader, "csv", table="articles_category").removeprefix("\ufeff")
    assert {row["actor"] for row in csv.DictReader(StringIO(table))} == {"'=1+1", "'+1", "'-1", "'@SUM(A1)"}


def test_an_export_goes_to_the_end_of_the_list_in_bounded_steps(reader, django_assert_max_num_queries):
    Category.objects.bulk_create(Category(name=f"Name {n}", slug=f"name-{n}") for n in range(1200))
    with django_assert_max_num_queries(10):
        lines = exported(reader, "jsonl", table="articles_category").splitlines()
    assert len(lines) == 1200
    keys = [json.loads(line)["id"] for line in lines]
    assert keys == sorted(keys, reverse=True)
