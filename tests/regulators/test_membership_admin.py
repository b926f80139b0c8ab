"""Administrators of a hub say who has which role there, and nowhere else."""

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from regulators.models import Hub, Membership, Role
from tests.factories import make_editor, make_hub, make_jurisdiction, make_member, make_regulator
from tests.forms import filled_in

LIST = "/admin/regulators/membership/"
ADD = f"{LIST}add/"


@pytest.fixture
def hub(db):
    return make_hub(title="Ours")


@pytest.fixture
def administrator(client, hub):
    client.force_login(make_member(hub, role=Role.ADMINISTRATOR, username="kari"))
    return client


def change(membership: Membership) -> str:
    return reverse("admin:regulators_membership_change", args=[membership.pk])


def choices(page, name: str) -> list[str]:
    return [str(label) for value, label in page.context["adminform"].form.fields[name].choices if value]


def test_an_administrator_gives_changes_and_takes_back_a_role(administrator, hub):
    person = make_member(username="ola")
    page = administrator.get(ADD)
    assert administrator.post(ADD, filled_in(page, user=person.pk, hub=hub.pk, role="author")).status_code == 302
    membership = person.memberships.get()
    form = filled_in(administrator.get(change(membership)), role="hub_editor")
    assert administrator.post(change(membership), form).status_code == 302
    assert person.memberships.get().role == Role.HUB_EDITOR
    delete = reverse("admin:regulators_membership_delete", args=[membership.pk])
    assert administrator.post(delete, {"post": "yes"}).status_code == 302
    assert not person.memberships.exists()


def test_a_person_may_have_several_roles_and_each_once(administrator, hub):
    person = make_member(hub, role=Role.AUTHOR)
    for role, status in (("approver", 302), ("author", 200)):
        answer = administrator.post(ADD, filled_in(administrator.get(ADD), user=person.pk, hub=hub.pk, role=role))
        assert answer.status_code == status
    assert "This person has this role in this hub already." in answer.text
    assert person.memberships.count() == 2


def test_the_form_names_accounts_of_the_desk_and_own_hubs_and_nothing_more_about_them(administrator):
    make_hub(title="Theirs")
    make_member(username="ola", email="ola@example.org", first_name="Ola", last_name="Nordmann")
    make_member(username="reader", is_staff=False)
    make_member(username="gone", is_active=False)
    page = administrator.get(ADD)
    assert choices(page, "user") == ["kari", "ola"]
    assert choices(page, "hub") == ["Ours"]
    for told in ("Nordmann", "ola@example.org", "Theirs"):
        assert told not in page.text


def test_no_role_is_given_in_another_hub(administrator, hub):
    other = make_hub()
    theirs = make_member(other, role=Role.AUTHOR).memberships.get()
    before = list(Membership.objects.values())
    own = get_user_model().objects.get(username="kari")
    for number in (other.pk, 999_999, "x", ""):
        answer = administrator.post(ADD, {"user": own.pk, "hub": number, "role": "administrator"})
        assert answer.context["adminform"].form.errors["hub"]
    assert administrator.get(change(theirs)).status_code == 302
    assert administrator.post(change(theirs), {"role": "administrator"}).status_code == 302
    assert list(Membership.objects.values()) == before


def test_a_membership_stays_with_its_person_and_hub(administrator, hub):
    other, membership = make_hub(), make_member(hub).memberships.get()
    forged = {"role": "approver", "hub": other.pk, "user": make_member().pk}
    assert administrator.post(change(membership), forged).status_code == 302
    kept = Membership.objects.get(pk=membership.pk)
    assert (kept.hub, kept.user, kept.role) == (hub, membership.user, Role.APPROVER)


@pytest.mark.parametrize("fields", [{}, {"role": "superuser"}, {"user": "-1"}, {"user": "9" * 300}, {"role": "\x00"}])
def test_malformed_forms_break_nothing(administrator, hub, fields):
    before = Membership.objects.count()
    answer = administrator.post(ADD, {"user": make_member().pk, "hub": hub.pk} | fields)
    assert answer.status_code == 200
    assert Membership.objects.count() == before


@pytest.mark.parametrize("role", [Role.AUTHOR, Role.APPROVER, Role.HUB_EDITOR])
def test_other_roles_neither_see_nor_give_roles(client, hub, role):
    person = make_member(hub, role=role)
    client.force_login(person)
    membership = person.memberships.get()
    for path in (LIST, ADD):
        assert client.get(path).status_code == 403
    assert client.post(ADD, {"user": person.pk, "hub": hub.pk, "role": "administrator"}).status_code == 403
    assert client.post(change(membership), {"role": "administrator"}).status_code in (302, 403)
    assert person.memberships.get().role == role


def test_an_administrator_sees_and_changes_no_accounts(administrator):
    assert administrator.get("/admin/auth/user/").status_code == 403
    own = get_user_model().objects.get(username="kari")
    assert administrator.post(f"/admin/auth/user/{own.pk}/change/", {"is_superuser": "on"}).status_code == 403
    own.refresh_from_db()
    assert not own.is_superuser
    query = {"app_label": "regulators", "model_name": "membership", "field_name": "user", "term": ""}
    assert administrator.get("/admin/autocomplete/", query).status_code == 403


@pytest.mark.parametrize("query", ["user__password__startswith=p", "user__email__contains=a", "user__id__exact=1"])
def test_the_list_answers_no_questions_about_accounts(administrator, query):
    assert administrator.get(f"{LIST}?{query}").status_code in (302, 400)


def test_the_list_asks_a_bounded_number_of_questions(administrator, hub, django_assert_max_num_queries):
    for _ in range(20):
        make_member(hub)
    with django_assert_max_num_queries(13):
        assert administrator.get(LIST).context["cl"].result_count == 21


# The making of hubs


def test_who_makes_a_hub_administers_it(client, db):
    jurisdiction, regulator = make_jurisdiction(), make_regulator()
    maker = make_editor("regulators.add_hub", "regulators.view_jurisdiction", "regulators.view_regulator")
    client.force_login(maker)
    address = "/admin/regulators/hub/add/"
    new = {"title": "New", "slug": "new", "summary": "S", "overview": "O"}
    new |= {"jurisdiction": jurisdiction.pk, "regulator": regulator.pk}
    assert client.post(address, filled_in(client.get(address), **new)).status_code == 302
    hub = Hub.objects.get(slug="new")
    assert list(maker.memberships.values_list("hub", "role")) == [(hub.pk, "administrator")]
    page = client.get(reverse("admin:regulators_hub_change", args=[hub.pk]))
    assert page.context["has_change_permission"]


@pytest.mark.parametrize("role", Role)
def test_no_role_in_a_hub_makes_or_deletes_hubs(client, hub, role):
    client.force_login(make_member(hub, role=role))
    assert client.get("/admin/regulators/hub/add/").status_code == 403
    delete = reverse("admin:regulators_hub_delete", args=[hub.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 403
    assert Hub.objects.filter(pk=hub.pk).exists()
