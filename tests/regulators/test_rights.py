"""What each role permits, asked in Django's own way."""

from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser, Group, Permission

from regulators.models import Hub, Role
from tests.factories import make_article, make_category, make_editor, make_hub, make_member, make_topic, publish

ARTICLE = {
    Role.AUTHOR: {"view", "add", "change"},
    Role.APPROVER: {"view", "approve"},
    Role.HUB_EDITOR: {"view", "add", "change", "publish", "check"},
    Role.ADMINISTRATOR: {"view", "add", "change", "delete", "publish", "approve", "check"},
}
ACTIONS = ("view", "add", "change", "delete", "publish", "approve", "check")


@pytest.mark.parametrize("role", Role)
def test_a_role_permits_what_it_says_in_its_own_hub_and_nothing_in_another(db, role):
    own, other = make_article(), make_article()
    person = make_member(own.hub, role=role)
    for action in ACTIONS:
        right, permits = f"articles.{action}_article", action in ARTICLE[role]
        assert person.has_perm(right, own) == person.has_perm(right) == person.has_perm(right, own.hub) == permits
        assert not person.has_perm(right, other)
        right, permits = f"regulators.{action}_hub", action in ARTICLE[role] - {"add", "delete"}
        assert person.has_perm(right, own.hub) == person.has_perm(right) == permits
        assert not person.has_perm(right, other.hub)
        right, permits = f"regulators.{action}_membership", role == Role.ADMINISTRATOR and action in ACTIONS[:4]
        assert person.has_perm(right, person.memberships.get()) == permits


def test_rows_of_a_text_go_by_its_hub(db):
    own, other = make_article(), make_article()
    person = make_member(own.hub)
    for article in (own, other):
        rows = (publish(article), article.hub.versions.get(), article.hub.facts.get())
        assert {person.has_perm("articles.change_article", row) for row in rows} == {article == own}


def test_roles_in_several_hubs_add_up_and_do_not_mix(db):
    one, two = make_article(), make_article()
    person = make_member(one.hub, role=Role.AUTHOR)
    person.memberships.create(hub=one.hub, role=Role.APPROVER)
    person.memberships.create(hub=two.hub, role=Role.APPROVER)
    assert person.has_perm("articles.change_article", one)
    assert person.has_perm("articles.approve_article", one)
    assert person.has_perm("articles.approve_article", two)
    assert not person.has_perm("articles.change_article", two)
    assert list(Hub.objects.of_hubs_of(person, "articles.change_article")) == [one.hub]
    assert set(Hub.objects.of_hubs_of(person, "articles.approve_article")) == {one.hub, two.hub}


def test_a_text_that_stands_nowhere_yet_is_nobody_s(db):
    article = make_article()
    assert not make_member(article.hub).has_perm("articles.change_article", type(article)())


def test_django_s_own_permissions_count_for_what_all_hubs_share_and_not_for_texts(db):
    article = make_article()
    person = make_editor("articles.change_article", "articles.change_category", "regulators.change_regulator")
    assert not person.has_perm("articles.change_article")
    assert not person.has_perm("articles.change_article", article)
    assert person.has_perm("articles.change_category", article.category)
    assert person.has_perm("regulators.change_regulator", article.hub.regulator)


@pytest.mark.parametrize("role", Role)
def test_what_all_hubs_share_is_read_and_not_changed_by_a_role(db, role):
    hub = make_hub()
    person = make_member(hub, role=role)
    for name, row in {"category": make_category(), "topic": make_topic()}.items():
        assert person.has_perm(f"articles.view_{name}", row)
        assert not any(person.has_perm(f"articles.{action}_{name}", row) for action in ("add", "change", "delete"))
    assert person.has_perm("regulators.view_jurisdiction", hub.jurisdiction)
    assert not person.has_perm("regulators.change_jurisdiction", hub.jurisdiction)
    assert not person.has_perm("legislation.change_instrument")


def test_superusers_may_everything_and_accounts_that_are_closed_nothing(db):
    article = make_article()
    assert make_member(is_superuser=True).has_perm("articles.publish_article", article)
    closed = [
        make_member(article.hub, is_active=False),
        make_member(is_active=False, is_superuser=True),
        AnonymousUser(),
    ]
    for person in closed:
        assert not person.has_perm("articles.change_article", article)
        assert not person.has_perm("articles.change_article")
        assert not Hub.objects.of_hubs_of(person, "articles.view_article").exists()


def test_roles_are_asked_once_however_often_rights_are(db, django_assert_num_queries):
    articles = [make_article() for _ in range(3)]
    person = make_member(*(article.hub for article in articles))
    person.has_perm("articles.change_article")
    with django_assert_num_queries(0):
        assert all(person.has_perm("articles.change_article", article) for article in articles)


def test_whom_django_s_permissions_let_write_before_keeps_that_in_every_hub(db):
    hubs = {make_hub().pk, make_hub().pk}
    author, of_group, reader = (
        make_editor("articles.change_article"),
        make_member(),
        make_editor("articles.view_article"),
    )
    group = Group.objects.create(name="Publishers")
    group.permissions.set(Permission.objects.filter(codename__in=("publish_article", "change_article")))
    of_group.groups.add(group)
    root = make_member(is_superuser=True)
    give_roles = import_module("regulators.migrations.0007_memberships").give_roles
    give_roles(apps, None)
    assert set(author.memberships.values_list("hub", "role")) == {(hub, "author") for hub in hubs}
    assert set(of_group.memberships.values_list("hub", "role")) == {(hub, "hub_editor") for hub in hubs}
    assert not reader.memberships.exists()
    assert not root.memberships.exists()
