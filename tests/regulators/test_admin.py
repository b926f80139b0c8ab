import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from elendihub.workflow import TransitionError
from regulators.models import Hub, Regulator
from tests.factories import (
    make_editor,
    make_hub,
    make_jurisdiction,
    make_mdr,
    make_member,
    make_published_hub,
    make_regulator,
)
from tests.forms import filled_in
from tests.reading import text


@pytest.fixture
def editor(client, db):
    client.force_login(make_editor())
    return client


def change(hub: Hub) -> str:
    return reverse("admin:regulators_hub_change", args=[hub.pk])


def lines(hub: Hub) -> list[tuple[str, str]]:
    return list(hub.responsibilities.values_list("label", "text"))


@pytest.mark.parametrize("model", ["hub", "regulator", "jurisdiction"])
def test_every_list_and_form_opens(editor, model):
    make_published_hub()
    assert editor.get(f"/admin/regulators/{model}/").status_code == 200
    assert editor.get(f"/admin/regulators/{model}/?q=a").status_code == 200
    assert editor.get(f"/admin/regulators/{model}/add/").status_code == 200


def test_a_hub_is_edited_with_its_lines_and_published(editor):
    hub = make_hub()
    form = filled_in(editor.get(change(hub)), **{"responsibilities-0-text": "Supervises the market.", "_publish": ""})
    answer = editor.post(change(hub), form)
    step = reverse("admin:regulators_hub_publish", args=[hub.pk])
    assert answer["Location"] == step
    assert editor.post(step, filled_in(editor.get(step))).status_code == 302
    assert hub.versions.get().responsibilities[0]["text"] == "Supervises the market."


def test_a_changed_line_counts_as_a_change_of_the_hub(editor):
    hub = make_hub()
    editor.post(change(hub), filled_in(editor.get(change(hub)), **{"facts-0-text": "2002"}))
    saved = Hub.objects.get(pk=hub.pk)
    assert saved.edit_number == 2
    assert saved.updated_by is not None


def test_lines_are_not_overwritten_unseen(editor):
    hub = make_hub()
    other = Client()
    other.force_login(make_editor(username="ingrid"))
    mine = filled_in(editor.get(change(hub)), **{"responsibilities-0-text": "Mine."})
    other.post(change(hub), filled_in(other.get(change(hub)), **{"responsibilities-0-text": "Hers."}))
    answer = editor.post(change(hub), mine)
    assert answer.status_code == 200
    (difference,) = answer.context["conflict"].differences
    assert difference.label == "Key responsibilities"
    assert "Hers." in difference.theirs
    assert "Mine." in difference.mine
    assert lines(hub) == [("Vigilance", "Hers.")]
    assert editor.post(change(hub), mine | {"overwrite": answer.context["conflict"].edit_number}).status_code == 302
    assert lines(hub) == [("Vigilance", "Mine.")]


def test_a_line_that_another_deleted_comes_back_when_its_editor_insists(editor):
    hub = make_hub()
    hub.responsibilities.create(position=2, label="Market", text="Inspects.")
    mine = filled_in(editor.get(change(hub)), **{"responsibilities-0-text": "Mine."})
    hub.responsibilities.get(label="Vigilance").delete()
    Hub.objects.filter(pk=hub.pk).update(edit_number=2)
    answer = editor.post(change(hub), mine)
    assert answer.status_code == 200
    assert "Mine." in answer.context["conflict"].differences[0].mine
    assert editor.post(change(hub), filled_in(answer, overwrite=2)).status_code == 302
    assert sorted(lines(hub)) == [("Market", "Inspects."), ("Vigilance", "Mine.")]


def test_lines_may_trade_labels(editor, settings):
    hub = make_hub()
    hub.responsibilities.create(position=2, label="Market", text="Inspects.")
    swapped = {"responsibilities-0-label": "Market", "responsibilities-1-label": "Vigilance"}
    form = filled_in(editor.get(change(hub)), **swapped)
    # Django's formsets ask for each line that they save.
    settings.ZEAL_ALLOWLIST = [{"model": "regulators.Responsibility", "field": "*"}]
    assert editor.post(change(hub), form).status_code == 302
    assert lines(hub) == [("Market", "Receives reports."), ("Vigilance", "Inspects.")]


def test_a_line_that_another_added_under_the_same_label_is_told_at_its_field(editor):
    hub = make_hub()
    rows = {"responsibilities-TOTAL_FORMS": 2, "responsibilities-1-label": "Market", "responsibilities-1-text": "Mine."}
    mine = filled_in(editor.get(change(hub)), **rows, **{"responsibilities-1-position": 2})
    hub.responsibilities.create(position=2, label="Market", text="Hers.")
    assert "Somebody else has added this meanwhile" in editor.post(change(hub), mine).text
    assert lines(hub) == [("Vigilance", "Receives reports."), ("Market", "Hers.")]


def test_a_hub_keeps_its_address_once_published(editor):
    hub = make_published_hub().hub
    assert "slug" in editor.get(change(hub)).context["adminform"].readonly_fields
    assert editor.post(reverse("admin:regulators_hub_delete", args=[hub.pk]), {"post": "yes"}).status_code == 403


def test_without_the_right_no_hub_is_published(client, db):
    hub = make_hub()
    client.force_login(make_member(hub, role="author"))
    assert client.post(reverse("admin:regulators_hub_publish", args=[hub.pk]), {"note": "x"}).status_code == 403
    assert not hub.versions.exists()


@pytest.mark.parametrize(
    "change_of",
    [
        {"responsibilities-0-id": "999999999999999999999"},
        {"responsibilities-0-id": "x"},
        {"responsibilities-0-id": "\x00"},
        {"responsibilities-TOTAL_FORMS": "-1"},
        {"responsibilities-TOTAL_FORMS": "99999"},
        {"responsibilities-INITIAL_FORMS": "99999"},
        {"responsibilities-TOTAL_FORMS": "x"},
        {"responsibilities-0-position": "99999999999999999999"},
        {"responsibilities-0-position": "-1"},
        {"responsibilities-0-text": "a\x00b"},
        {"responsibilities-0-text": "a" * 2001},
        {"responsibilities-0-hub": "77"},
        {"overview": "a" * 200_001},
        {"jurisdiction": "999999999999999999999"},
    ],
)
def test_malformed_lines_break_nothing(editor, change_of):
    hub = make_hub()
    assert editor.post(change(hub), filled_in(editor.get(change(hub)), **change_of)).status_code in (200, 302)


def test_the_front_page_counts_hubs(editor):
    make_published_hub()
    make_hub()
    (hubs,) = [each for each in editor.get("/admin/").context["counts"] if each["label"] == "hubs"]
    assert [(label, number) for label, number, _ in hubs["states"]] == [
        ("Live", 1),
        ("Scheduled", 0),
        ("Waits to be published", 1),
        *[("In review", 0), ("Sent back", 0), ("Approved", 0), ("Emergency not yet reviewed", 0)],
        ("Withdrawn", 0),
    ]


def test_the_list_of_hubs_asks_a_bounded_number_of_questions(editor, django_assert_max_num_queries):
    for _ in range(20):
        make_hub()
    with django_assert_max_num_queries(10):
        editor.get("/admin/regulators/hub/")


def test_a_regulator_is_written_with_its_names_and_sites(editor):
    regulator = make_regulator()
    address = reverse("admin:regulators_regulator_change", args=[regulator.pk])
    changes = {"names-0-name": "New name", "names-0-valid_from": "2024-01-01", "websites-0-url": "https://new.example"}
    assert editor.post(address, filled_in(editor.get(address), **changes)).status_code == 302
    assert str(regulator.names.get()).startswith("New name")
    wrong = filled_in(
        editor.get(address), **{"websites-0-url": "http://plain.example", "names-0-valid_until": "2023-01-01"}
    )
    answer = editor.post(address, wrong)
    errors = [inline.formset.errors for inline in answer.context["inline_admin_formsets"]]
    assert "begins with https://" in str(errors)
    assert "cannot lie before its first day" in answer.text


def test_who_writes_the_names_of_a_regulator_does_not_approve_the_hub_that_prints_them(editor):
    hub = make_hub()
    writer = get_user_model().objects.get()
    address = reverse("admin:regulators_regulator_change", args=[hub.regulator_id])
    assert editor.post(address, filled_in(editor.get(address))).status_code == 302
    assert not hub.contributors.exists()
    assert editor.post(address, filled_in(editor.get(address), **{"names-0-name": "New name"})).status_code == 302
    hub.submit(by=make_editor())
    with pytest.raises(TransitionError, match="Ask another person"):
        hub.approve(by=writer)
    hub.approve(by=make_editor())


def test_who_names_a_jurisdiction_does_not_approve_its_hub(editor):
    hub = make_hub()
    writer = get_user_model().objects.get()
    address = reverse("admin:regulators_jurisdiction_change", args=[hub.jurisdiction_id])
    assert editor.post(address, filled_in(editor.get(address), name="New name")).status_code == 302
    hub.submit(by=make_editor())
    with pytest.raises(TransitionError, match="Ask another person"):
        hub.approve(by=writer)


def test_nobody_approves_names_that_changed_after_they_opened_the_page(editor):
    hub = make_hub()
    hub.submit(by=make_editor())
    address = reverse("admin:regulators_hub_approve", args=[hub.pk])
    page = editor.get(address)
    hub.regulator.names.update(name="Never seen")
    refused = editor.post(address, filled_in(page))
    assert "Somebody changed or published this after you opened the page" in refused.text
    assert Hub.objects.get(pk=hub.pk).stage == "in_review"
    assert editor.post(address, filled_in(editor.get(address))).status_code == 302
    assert Hub.objects.get(pk=hub.pk).stage == "approved"


def test_what_others_stand_on_is_not_deleted(editor):
    regulator = make_hub().regulator
    answer = editor.post(reverse("admin:regulators_regulator_delete", args=[regulator.pk]), {"post": "yes"})
    assert answer.status_code in (200, 403)
    assert Regulator.objects.filter(pk=regulator.pk).exists()


def test_a_jurisdiction_has_a_code_of_two_capitals(editor):
    make_jurisdiction(code="QZ")
    for code in ("no", "NOR", "QZ", "1"):
        answer = editor.post(
            "/admin/regulators/jurisdiction/add/", {"code": code, "name": "Somewhere", "region": "europe"}
        )
        assert answer.context["adminform"].form.errors["code"]


def test_a_hub_shows_what_its_texts_cite_and_what_wants_an_eye(editor):
    make_mdr()
    hub = make_hub(overview="MDR Article 5 applies now.\n\nSee MDR Article 220.")
    hub.facts.create(label="Law", text="Article 22")
    page = editor.get(reverse("admin:regulators_hub_change", args=[hub.pk]))
    assert "2 citations, 1 does not exist" in text(page)
    assert [words.partition(":")[0] for words in page.context["problems"]] == ["Line 3"]
    assert [words.partition(":")[0] for words in page.context["notices"]] == ["Line 1", "Law"]


def test_a_hub_with_an_unsettled_line_wants_a_tick(editor):
    hub = make_hub()
    hub.facts.create(label="Law", text="Article 22")
    address = reverse("admin:regulators_hub_publish", args=[hub.pk])
    page = editor.get(address)
    assert "Law: “Article 22” leads nowhere" in text(page)
    assert editor.post(address, filled_in(page)).status_code == 200
    assert editor.post(address, filled_in(page, has_read="on")).status_code == 302
