"""Whose name an entry of the audit trail bears."""

import os
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import DatabaseError, connection, transaction
from django.db.models import Value
from django.db.models.functions import Concat
from django.urls import reverse

from articles.models import Category, Topic
from elendihub.acting import Road, acting
from elendihub.models import AuditEntry
from tests import factories
from tests.forms import filled_in


def signed(table="articles_category"):
    return list(AuditEntry.objects.filter(table=table).order_by("id").values_list("actor", "user_id", "road"))


ANN, BEN, NOBODY = ("ann", 1, "desk"), ("ben", 2, "desk"), ("", None, "shell")


def as_ann():
    return acting(1, "ann", Road.DESK)


def as_ben():
    return acting(2, "ben", Road.DESK)


@pytest.fixture(params=["in a transaction", "each by itself"])
def either_way(request):
    """Inside a transaction of the test's, and with each statement committed by itself."""
    request.getfixturevalue("db" if request.param == "in a transaction" else "transactional_db")


def test_what_is_written_inside_bears_the_name_and_what_comes_after_does_not(either_way):
    factories.make_category()
    with as_ann():
        factories.make_category()
        Category.objects.update(slug=Concat("slug", Value("-too")))
    factories.make_category()
    entries = signed()
    assert entries[0] == NOBODY
    assert entries[-1] == NOBODY
    assert entries[1:-1] == [ANN] * 3


def test_the_name_may_hold_any_character(either_way):
    name = 'O\'Brien "%s" {å} \\'
    with acting(7, name, Road.COMMAND):
        factories.make_category()
    assert signed() == [(name, 7, "command")]


def test_the_inner_of_two_names_counts_and_the_outer_returns(either_way):
    with as_ann():
        factories.make_category()
        with as_ben():
            factories.make_category()
        factories.make_category()
        with transaction.atomic():
            with as_ben():
                factories.make_category()
            factories.make_category()
    factories.make_category()
    assert signed() == [ANN, BEN, ANN, BEN, ANN, NOBODY]


def test_a_rolled_back_part_neither_loses_the_name_nor_leaves_one(either_way):
    with as_ann():
        with transaction.atomic():
            factories.make_category()
            with transaction.atomic():
                factories.make_category()
                transaction.set_rollback(True)
            with transaction.atomic(), as_ben():
                factories.make_category()
                transaction.set_rollback(True)
            factories.make_category()
        with transaction.atomic():
            factories.make_category()
            transaction.set_rollback(True)
        factories.make_category()
    factories.make_category()
    assert signed() == [ANN, ANN, ANN, NOBODY]


def test_a_failure_leaves_no_name_behind(either_way):
    for fail in (fails_in_python, fails_in_the_database, fails_inside_a_transaction):
        with pytest.raises((ValueError, DatabaseError)), transaction.atomic(), as_ann():
            fail()
        with pytest.raises((ValueError, DatabaseError)), as_ann(), transaction.atomic():
            fail()
        factories.make_category()
    assert signed() == [NOBODY] * 3


def fails_in_python():
    factories.make_category()
    raise ValueError


def fails_in_the_database():
    category = factories.make_category()
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO articles_category SELECT * FROM articles_category WHERE id = %s", [category.pk])


def fails_inside_a_transaction():
    with transaction.atomic(durable=False, savepoint=False):
        fails_in_the_database()


def test_a_lost_connection_takes_the_name_with_it(transactional_db):
    with as_ann():
        factories.make_category()
        connection.close()
        factories.make_category()
        connection.close()
    factories.make_category()
    assert signed() == [ANN, ANN, NOBODY]


def test_a_connection_that_is_lost_within_a_transaction_is_no_further_error(transactional_db):
    with transaction.atomic(), as_ann():
        factories.make_category()
        connection.close()
    factories.make_category()
    assert signed() == [NOBODY]


def test_one_transaction_says_the_name_once(db):
    said = []

    def listening(execute, sql, params, many, context):
        said.append(sql)
        return execute(sql, params, many, context)

    with as_ann(), connection.execute_wrapper(listening):
        Topic.objects.count()
        assert len(said) == 1
        factories.make_category()
        factories.make_category()
    announced = [sql for sql in said if "elendihub" in sql]
    assert len(announced) == (2 if connection.vendor == "sqlite" else 1)


# Writers at once


def test_of_writers_at_once_each_entry_bears_its_own_writers_name(transactional_db):
    writers, rounds = 8, 12
    together = Barrier(writers)

    def write(number):
        together.wait()
        try:
            for turn in range(rounds):
                with acting(number, f"writer-{number}", Road.DESK):
                    if turn % 3 == 0:
                        Topic.objects.create(name=f"{number} {turn}", slug=f"{number}-{turn}", scope=f"writer-{number}")
                    elif turn % 3 == 1:
                        with transaction.atomic():
                            Topic.objects.filter(slug=f"{number}-{turn - 1}").update(scope=f"writer-{number} again")
                            transaction.set_rollback(number % 2 == 0)
                    else:
                        with transaction.atomic():
                            Topic.objects.filter(slug=f"{number}-{turn - 2}").update(scope=f"writer-{number} at last")
                Topic.objects.create(name=f"{number} {turn} n", slug=f"{number}-{turn}-n", scope="")
        finally:
            connection.close()

    with ThreadPoolExecutor(writers) as pool:
        list(pool.map(write, range(writers)))

    entries = AuditEntry.objects.filter(table="articles_topic")
    for entry in entries:
        assert entry.actor == entry.after["scope"].partition(" ")[0], entry
        assert entry.road == ("desk" if entry.actor else "shell")
    named = writers * rounds * 2 // 3 + (writers // 2) * rounds // 3
    assert entries.exclude(actor="").count() == named
    assert entries.filter(actor="").count() == writers * rounds


# The roads


def test_what_an_editor_saves_at_the_desk_bears_the_editors_name(client, db):
    editor = factories.make_editor(username="ann")
    client.force_login(editor)
    article = factories.make_article()
    address = reverse("admin:articles_article_change", args=[article.pk])
    client.post(address, filled_in(client.get(address), title="Renamed"))
    entry = AuditEntry.objects.filter(table="articles_article").first()
    assert (entry.actor, entry.user_id, entry.road) == ("ann", editor.pk, "desk")
    assert "edit_number" in AuditEntry.objects.filter(table="articles_article").first().after
    factories.make_category()
    assert signed()[-1] == NOBODY


def test_a_sign_in_is_recorded_under_the_name_of_who_signs_in(client, db):
    editor = factories.make_editor(username="ann")
    client.post("/admin/login/", {"username": "ann", "password": factories.PASSWORD})
    entry = AuditEntry.objects.filter(table="auth_user").first()
    assert (entry.action, list(entry.after), entry.actor, entry.user_id) == (
        "changed",
        ["last_login"],
        "ann",
        editor.pk,
    )


def test_an_entry_outlives_the_account_it_names(db):
    user = factories.make_editor(username="ann")
    key = user.pk
    with acting(key, "ann", Road.DESK):
        factories.make_category()
    user.delete()
    assert signed() == [("ann", key, "desk")]
    assert not get_user_model().objects.exists()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the command makes a database of its own, which is SQLite")
def test_a_command_is_recorded_as_one_and_another_program_as_the_shell(tmp_path):
    environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "DATA_DIR")}
    environment |= {"DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "elendihub.settings"}
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "prepare", "database", "editor"]
    subprocess.run(command, env=environment, check=True, capture_output=True)
    database = sqlite3.connect(tmp_path / "elendihub.sqlite3")
    database.execute("UPDATE auth_user SET first_name = 'Other'")
    database.commit()
    rows = database.execute(
        "SELECT action, road, actor FROM elendihub_auditentry WHERE \"table\" = 'auth_user' ORDER BY id"
    )
    assert rows.fetchall() == [("added", "command", ""), ("changed", "shell", "")]
    database.close()
