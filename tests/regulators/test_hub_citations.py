"""Each published hub keeps rows of the law that its texts cite: every provision, wherever it stands."""

from importlib import import_module

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from elendihub.publishing import Permanent
from regulators.models import HubCitation
from tests import factories
from tests.factories import make_hub, publish
from tests.management.commands.flush import without_triggers

upgrade = import_module("regulators.migrations.0014_citations_of_published_hubs")


@pytest.fixture
def mdr(db):
    return factories.make_mdr()


def rows(version):
    return [(row.label, row.provision and row.provision.label) for row in version.citation_rows.all()]


def labels(version):
    return [row.label for row in version.citation_rows.all()]


@pytest.mark.parametrize(
    ("overview", "cited"),
    [
        ("MDR Articles 87 to 89.", ["art_87", "art_88", "art_89"]),
        ("MDR Articles 10, 11 and 12.", ["art_10", "art_11", "art_12"]),
        ("MDR Annexes II to IV.", ["anx_II", "anx_III", "anx_IV"]),
        ("MDR Rules 9 to 11.", ["rule_9", "rule_10", "rule_11"]),
        ("### MDR Article 120\n\nText.", ["art_120"]),
        ("[MDR Article 120](https://example.org/)", ["art_120"]),
        ("Text.[^1]\n\n[^1]: MDR Article 120.", ["art_120"]),
        ("| a |\n|---|\n| MDR Article 120 |", ["art_120"]),
        ("`MDR Article 120` and `/law/mdr/art-120/`", []),
        ("No law.", []),
    ],
)
def test_every_provision_of_the_overview_has_a_row(mdr, overview, cited):
    version = publish(make_hub(overview=overview))
    assert rows(version) == [(label, label) for label in cited]
    assert {row.instrument for row in version.citation_rows.all()} <= {mdr}


def test_lines_follow_the_overview(mdr):
    hub = make_hub(overview="MDR Article 1.")
    hub.facts.create(position=9, label="Law", text="MDR Article 3. The path `/law/mdr/art-4/` is code.")
    hub.responsibilities.create(position=9, label="Law", text="**MDR Article 2(1)** and more. Nothing else.")
    version = publish(hub)
    found = [(row.position, row.label, row.paragraph, row.sentence) for row in version.citation_rows.all()]
    assert found == [
        (1, "art_1", "", "MDR Article 1."),
        (2, "art_2(1)", "(1)", "MDR Article 2(1) and more."),
        (3, "art_3", "", "MDR Article 3."),
    ]


@pytest.mark.parametrize(
    ("link", "row"),
    [
        ("[that rule](/law/mdr/art-10a/#p3)", ("art_10a", "art_10a")),
        ("[that annex](/law/mdr/anx-viii/)", ("anx_viii", "anx_VIII")),
        ("[that act](/law/mdr/)", ("", None)),
    ],
)
def test_a_link_that_a_hand_set_counts_as_well(mdr, link, row):
    version = publish(make_hub(overview=f"MDR Article 120 and {link}."))
    assert rows(version) == [("art_120", "art_120"), *([row] if row[0] else [])]
    (last,) = publish(make_hub(overview=f"See {link}.")).citation_rows.all()
    assert (last.instrument, last.label) == (mdr, row[0])


def test_other_links_cite_nothing(mdr):
    links = "[a](/law/) [b](/deadlines/) [c](https://example.org/law/mdr/art-1/) [d](/law/mdr/what/extra/)"
    assert labels(publish(make_hub(overview=links))) == []


def test_what_the_register_does_not_hold_is_kept_as_words(db):
    factories.make_instrument(slug="zzr", short_name="ZZR", names=["ZZR"], articles="1-30")
    version = publish(make_hub(overview="ZZR Article 7. Regulation (EC) No 765/2008, Article 30."))
    found = version.citation_rows.values_list("instrument_key", "label", "instrument__slug", "provision")
    assert list(found) == [("ZZR", "art_7", "zzr", None), ("EC-2008-765", "art_30", None, None)]


def test_a_withdrawal_and_a_restated_text_keep_their_rows(mdr):
    hub = publish(make_hub(overview="MDR Articles 87 to 89.")).hub
    notice = hub.withdraw(by=None, reason="error", note="Wrong.")
    assert labels(notice) == ["art_87", "art_88", "art_89"]


def test_a_text_restated_when_the_register_has_forgotten_a_name_keeps_what_it_links_to(mdr):
    hub = publish(make_hub(overview="MDR Article 120.")).hub
    mdr.names.all().delete()
    mdr.celex = ""
    mdr.save()
    notice = hub.withdraw(by=None, reason="error", note="Wrong.")
    assert rows(notice)[-1] == ("art_120", "art_120")
    call_command("verify_record")


# Written once, and what is cited stays


def test_rows_are_written_once(mdr):
    publish(make_hub(overview="MDR Article 120."))
    for change in (HubCitation.objects.all().delete, lambda: HubCitation.objects.update(label="art_1")):
        with pytest.raises(Permanent):
            change()
    with pytest.raises(IntegrityError), transaction.atomic():
        HubCitation.objects.get().delete()


def test_the_law_that_a_published_hub_cites_is_not_deleted(mdr):
    publish(make_hub(overview="MDR Articles 87 to 89."))
    for row in (mdr.provisions.get(kind="article", number="88"), mdr):
        with pytest.raises(ProtectedError):
            row.delete()
    mdr.provisions.get(kind="article", number="90").delete()


# verify_record


def tamper(sql):
    with without_triggers(), connection.cursor() as cursor:
        cursor.execute(sql)
        assert cursor.rowcount == 1


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM regulators_hubcitation WHERE label = 'art_87'",
        "UPDATE regulators_hubcitation SET label = 'art_1' WHERE label = 'art_87'",
        "UPDATE regulators_hubcitation SET surface = 'IVDR Article 1' WHERE label = 'art_88'",
    ],
)
def test_rows_that_the_text_does_not_bear_out_are_found(mdr, sql):
    publish(make_hub(overview="MDR Articles 87 to 89, as **MDR Article** 5 says."))
    call_command("verify_record")
    tamper(sql)
    with pytest.raises(CommandError, match=r"HubVersion: hub .*, version 1\. citations: these rows are not what"):
        call_command("verify_record")


@pytest.mark.parametrize("table", ["regulators_hubcitation", "articles_hubflag"])
def test_a_row_of_a_range_or_a_flag_that_is_taken_away_is_told_by_the_trail(mdr, table):
    publish(make_hub(overview="MDR Articles 87 to 89."))
    factories.make_amendment(provision=mdr.provisions.get(kind="article", number="88"))
    call_command("verify_record")
    tamper(f"DELETE FROM {table} WHERE provision_id IN (SELECT provision_id FROM articles_hubflag)")
    with pytest.raises(CommandError, match="it is gone, and the audit trail does not say that it was deleted"):
        call_command("verify_record")


def test_a_register_that_changed_makes_no_row_false(mdr):
    publish(
        make_hub(overview="MDR Articles 9 to 11. Some Device Act Article 3, and " + "very " * 90 + "MDR Article 1.")
    )
    factories.make_instrument(slug="sda", names=["Some Device Act"], articles="1-9")
    mdr.names.all().delete()
    mdr.provisions.filter(kind="article", number="10a").update(number="10b")
    call_command("verify_record")


# Upgrade


def test_an_upgrade_reads_the_hubs_that_were_published_before(mdr):
    version = publish(make_hub(overview="MDR Articles 87 to 89 and Annex I."))
    values = ("position", "surface", "sentence", "instrument", "instrument_key", "provision", "label", "paragraph")
    written = list(HubCitation.objects.values_list(*values))
    assert len(written) == 4
    with without_triggers(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM regulators_hubcitation")
    upgrade.read(apps, connection.schema_editor())
    assert list(version.citation_rows.values_list(*values)) == written
    assert version.false_rows() == []


def test_an_upgrade_of_a_site_without_hubs_asks_for_nothing_of_the_register(db, django_assert_num_queries):
    with django_assert_num_queries(1):
        upgrade.read(apps, connection.schema_editor())
