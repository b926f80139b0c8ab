"""People of the Norway hub try everything on Sweden's, and get nowhere."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import get_resolver, reverse

from articles.models import Article, Category, Topic
from elendihub import preview
from regulators.models import Hub, Jurisdiction, Membership, Regulator, Role
from tests.factories import (
    make_article,
    make_category,
    make_hub,
    make_jurisdiction,
    make_mdr,
    make_member,
    make_regulator,
    make_topic,
    publish,
)
from tests.forms import filled_in

# Stands in every text of Sweden's that nobody published.
SECRET = "Hemlig"
NOBODY = 999_999
# What every hub stands on; whoever has a role reads it.
SHARED = (Category, Jurisdiction, Regulator, Topic)
# These end the session that the walk needs.
DOORS = {"login", "logout"}
CONTENT = ("articles", "regulators", "elendihub", "legislation", "auth", "admin")
EVERY_ROLE = pytest.mark.parametrize("role", Role)


class Land:
    """A public hub with a live article that has gone on since, a draft and an administrator."""

    def __init__(self, slug: str, mark: str, category: Category, topic: Topic) -> None:
        self.hub = make_hub(slug=slug)
        publish(self.hub)
        shelf = {"hub": self.hub, "category": category, "topic": topic}
        self.article = make_article(title=f"Read in {slug}", slug=f"{slug}-live", **shelf)
        publish(self.article)
        Article.objects.filter(pk=self.article.pk).update(title=f"{mark} title", body=f"## {mark}\n\n{mark} body.")
        Hub.objects.filter(pk=self.hub.pk).update(title=f"{mark} hub", overview=f"{mark} overview.")
        self.hub.responsibilities.update(label=f"{mark} label", text=f"{mark} text.")
        self.draft = make_article(title=f"{mark} draft", slug=f"{mark.lower()}-draft", **shelf)
        self.administrator = make_member(self.hub, role=Role.ADMINISTRATOR, username=f"{mark.lower()}-administrator")


@pytest.fixture
def shelves(db):
    return make_category(), make_topic()


@pytest.fixture
def norway(shelves):
    return Land("norway", "Norwegian", *shelves)


@pytest.fixture
def sweden(shelves):
    make_mdr()
    return Land("sweden", SECRET, *shelves)


@pytest.fixture
def come(client, norway, sweden):
    """Sign in with a role in Norway."""

    def sign_in(role: str) -> Client:
        client.force_login(make_member(norway.hub, role=role, username=f"person-{role}"))
        return client

    return sign_in


def everything() -> dict[str, list[dict[str, Any]]]:
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in CONTENT]
    return {model._meta.label: list(model._base_manager.order_by("pk").values()) for model in models}


def routes() -> list[tuple[str, list[str]]]:
    """Every named address of the desk with the parameters that it takes."""
    _, desk = get_resolver().namespace_dict["admin"]
    names = {name for name in desk.reverse_dict if isinstance(name, str)}
    return [
        (name, params) for name in sorted(names) for ways, *_ in desk.reverse_dict.getlist(name) for _, params in ways
    ]


def model_of(name: str) -> Any:
    stems = {f"{model._meta.app_label}_{model._meta.model_name}_": model for model in admin.site._registry}
    return next((model for stem, model in stems.items() if name.startswith(stem)), None)


def rows_of(model: Any, sweden: Land) -> list[Any]:
    own: dict[Any, list[Any]] = {
        Article: [sweden.article, sweden.draft],
        Hub: [sweden.hub],
        Regulator: [sweden.hub.regulator],
        Jurisdiction: [sweden.hub.jurisdiction],
        Membership: list(sweden.hub.memberships.all()),
    }
    if model in own:
        return own[model]
    return list(model._default_manager.all()[:1]) if model else []


def walk(sweden: Land) -> Iterator[tuple[str, str, Any]]:
    """Each address of the desk for each of Sweden's rows, the same for a row that is not there, and its model."""
    for name, params in routes():
        model = model_of(name)
        if name in DOORS:
            continue
        if "object_id" in params or "id" in params:
            for row in rows_of(model, sweden):
                paths = []
                for number in (row.pk, NOBODY):
                    values = {"object_id": number, "id": number, "number": 1}
                    paths.append(reverse(f"admin:{name}", kwargs={param: values[param] for param in params}))
                yield paths[0], paths[1], model
        elif params == ["app_label"]:
            yield from (
                (path := reverse(f"admin:{name}", args=[app]), path, None) for app in ("articles", "regulators")
            )
        elif not params:
            yield (path := reverse(f"admin:{name}")), path, model
    for model in (Article, Hub, Membership):
        stem = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        yield from ((f"{stem}{row.pk}/", f"{stem}{NOBODY}/", model) for row in rows_of(model, sweden))


def form_of(root: Client, path: str) -> dict[str, Any]:
    """What somebody with every right would send."""
    page = root.get(path)
    has_form = page.status_code == 200 and page.context and ("adminform" in page.context or "form" in page.context)
    return (filled_in(page) if has_form else {}) | {"post": "yes"}


@EVERY_ROLE
def test_people_of_norway_try_every_address_of_the_desk_on_sweden_and_get_nowhere(come, sweden, admin_client, role):
    person = come(role)
    seen = set()
    forms = {path: form_of(admin_client, path) for path, _, _ in walk(sweden)}
    before = everything()
    for path, nowhere, model in walk(sweden):
        seen.add(path)
        for answer, other in (
            (person.get(path), person.get(nowhere)),
            (person.post(path, forms[path]), person.post(nowhere, forms[path])),
        ):
            assert SECRET not in answer.text or model is None or path.endswith("/add/"), path
            if path == nowhere or model in SHARED:
                continue
            assert answer.status_code in (302, 403, 404), path
            if model._meta.app_label not in ("articles", "regulators"):
                continue
            assert answer.status_code == other.status_code, path
            number = path.removeprefix(nowhere.partition(str(NOBODY))[0]).partition("/")[0]
            assert answer.get("Location", "").replace(number, str(NOBODY)) == other.get("Location", ""), path
    assert everything() == before
    for step in (
        "change",
        "delete",
        "history",
        "publish",
        "schedule",
        "withdraw",
        "cancel",
        "compare",
        "restore",
        "check",
    ):
        for name, row in {"articles_article": sweden.article, "regulators_hub": sweden.hub}.items():
            assert reverse(f"admin:{name}_{step}", args=[row.pk, 1] if step == "restore" else [row.pk]) in seen


def test_the_walk_would_notice(norway, sweden, client):
    """The same addresses answer somebody with a role in Sweden."""
    client.force_login(sweden.administrator)
    answers = [client.get(path) for path, _, model in walk(sweden) if model in (Article, Hub, Membership)]
    assert sum(answer.status_code == 200 for answer in answers) > 15
    assert any(SECRET in answer.text for answer in answers)


@EVERY_ROLE
def test_lists_searches_and_filters_know_nothing_of_sweden(come, sweden, role):
    person = come(role)
    ask = [
        *("", "q=Hemli", "q=sweden", "_facets=True", "all=", "e=1", "o=-1", "state=live", "state=waits"),
        *(f"hub__id__exact={sweden.hub.pk}", f"hub__id__in={sweden.hub.pk}", f"id={sweden.draft.pk}"),
        *(f"hub__regulator__id__exact={sweden.hub.regulator_id}", "hub__regulator__slug__startswith=r"),
        *("hub__slug=sweden", "hub__title__startswith=Hem", "_popup=1", "_popup=1&_to_field=slug", "_to_field=id"),
        *("topic__articles__title__startswith=Hem", "title__startswith=Hem", "hub__isnull=0"),
    ]
    for stem in ("articles/article", "regulators/hub", "regulators/membership"):
        for query in ask:
            answer = person.get(f"/admin/{stem}/?{query}", follow=True)
            assert answer.status_code in (200, 400, 403)
            assert SECRET not in answer.text, query
            assert "sweden-live" not in answer.text
            if getattr(answer, "context", None) and "cl" in answer.context:
                rows = list(answer.context["cl"].result_list)
                assert not {sweden.hub, sweden.article, sweden.draft, *sweden.hub.memberships.all()} & set(rows)


@EVERY_ROLE
@pytest.mark.parametrize(
    "query",
    [
        *("articles__id__exact={draft}", "articles={draft}", "articles__isnull=0", "articles__title__startswith=Hem"),
        *(
            "hub__id__exact={hub}",
            "hub__title__startswith=Hem",
            "hubs__id__exact={hub}",
            "hubs__overview__contains=Hem",
        ),
        *("also_articles__id={draft}", "topic__articles__body__contains=Hem"),
    ],
)
def test_what_all_hubs_share_answers_no_questions_about_sweden(come, sweden, role, query):
    person = come(role)
    asked = query.format(draft=sweden.draft.pk, hub=sweden.hub.pk)
    for stem in ("articles/category", "articles/topic", "regulators/regulator", "regulators/jurisdiction"):
        answer = person.get(f"/admin/{stem}/?{asked}")
        assert answer.status_code in (302, 400)
        assert answer.get("Location", "").endswith("?e=1") or answer.status_code == 400


@EVERY_ROLE
def test_no_field_found_by_typing_finds_what_is_sweden_s(come, sweden, role):
    person, asked = come(role), 0
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields():
            for term in (SECRET, ""):
                named = {"app_label": model._meta.app_label, "model_name": model._meta.model_name}
                query = named | {"field_name": field.name, "term": term}
                if not field.is_relation:
                    continue
                answer = person.get("/admin/autocomplete/", query)
                asked += answer.status_code == 200
                assert answer.status_code in (200, 403)
                assert SECRET.lower() not in answer.text.lower(), query
    assert asked > 20


@EVERY_ROLE
def test_the_front_page_counts_and_names_what_is_one_s_own(come, norway, sweden, role):
    page = come(role).get("/admin/")
    assert SECRET not in page.text
    counted = {each["label"]: {label: number for label, number, _ in each["states"]} for each in page.context["counts"]}
    assert {label: number for label, number in counted["articles"].items() if number} == {
        "Live": 1,
        "Waits to be published": 1,
    }
    assert counted["hubs"]["Live"] == 1


@EVERY_ROLE
def test_a_working_copy_of_sweden_is_previewed_by_nobody_else(come, norway, sweden, role):
    person = come(role)
    stem = sweden.hub.get_absolute_url()
    nowhere = person.get(f"{stem}nothing/?preview=staff")
    for row in (sweden.article, sweden.draft, sweden.hub):
        answer = person.get(preview.address(row))
        assert (answer.status_code, SECRET in answer.text) == (nowhere.status_code, False)
    for row in (norway.article, norway.draft, norway.hub):
        assert person.get(preview.address(row)).status_code == 200


def test_who_may_only_read_is_lent_no_link_for_outsiders_and_brings_nothing_back(come, norway):
    address = reverse("admin:articles_article_change", args=[norway.article.pk])
    restore = reverse("admin:articles_article_restore", args=[norway.article.pk, 1])
    for role, may in ((Role.APPROVER, False), (Role.AUTHOR, True)):
        person = come(role)
        page = person.get(address)
        assert ('id="preview-link"' in page.text, "Bring back" in page.text) == (may, may)
        assert person.get(restore).status_code == (200 if may else 403)


@EVERY_ROLE
def test_a_number_leads_to_no_address(come, sweden, role):
    person = come(role)
    for row in (sweden.draft, sweden.hub):
        kind = ContentType.objects.get_for_model(row).pk
        assert person.get(f"/admin/r/{kind}/{row.pk}/").status_code == 404


# Forged forms


WRITERS = pytest.mark.parametrize("role", [Role.AUTHOR, Role.HUB_EDITOR, Role.ADMINISTRATOR])


@WRITERS
def test_no_article_of_norway_is_put_into_sweden(come, norway, sweden, role):
    person = come(role)
    for path in ("/admin/articles/article/add/", reverse("admin:articles_article_change", args=[norway.draft.pk])):
        for query in ("", "?_popup=1", "?_popup=1&_to_field=id"):
            form = {"title": "T", "slug": "t", "summary": "S", "body": "B"} | filled_in(person.get(path))
            form |= {"category": norway.draft.category_id, "topic": norway.draft.topic_id, "slug": "t"}
            form |= {"title": "T", "summary": "S", "body": "B"}
            answers = [person.post(f"{path}{query}", form | {"hub": hub}) for hub in (sweden.hub.pk, NOBODY)]
            errors = [str(answer.context["adminform"].form.errors["hub"]) for answer in answers]
            assert errors[0] == errors[1]
            assert SECRET not in answers[0].text
    assert set(sweden.hub.articles.all()) == {sweden.article, sweden.draft}
    assert person.post(path, form | {"hub": norway.hub.pk}).status_code == 302


@pytest.mark.parametrize("role", [Role.HUB_EDITOR, Role.ADMINISTRATOR])
def test_a_withdrawal_names_no_successor_in_sweden(come, norway, sweden, role):
    person = come(role)
    address = reverse("admin:articles_article_withdraw", args=[norway.article.pk])
    page = person.get(address)
    assert SECRET not in page.text
    forged = filled_in(page, reason="merged", note="Now there.", successor=sweden.article.pk)
    answer = person.post(address, forged)
    assert answer.context["form"].errors["successor"]
    assert SECRET not in answer.text
    assert norway.article.versions.count() == 1


@WRITERS
def test_forged_lines_change_none_of_sweden_s(come, norway, sweden, role):
    person = come(role)
    before = list(sweden.hub.responsibilities.values())
    address = reverse("admin:regulators_hub_change", args=[norway.hub.pk])
    theirs = sweden.hub.responsibilities.get()
    for forged in (
        {"responsibilities-0-id": theirs.pk, "responsibilities-0-text": "Forged."},
        {"responsibilities-0-id": theirs.pk, "responsibilities-0-DELETE": "on"},
        {"responsibilities-0-hub": sweden.hub.pk, "responsibilities-0-text": "Forged."},
        {"jurisdiction": make_jurisdiction().pk},
        {"regulator": sweden.hub.regulator_id},
    ):
        answer = person.post(address, filled_in(person.get(address), **forged), follow=True)
        assert SECRET not in answer.text
        assert list(sweden.hub.responsibilities.values()) == before
    hub = Hub.objects.get(pk=norway.hub.pk)
    assert (hub.regulator_id, hub.jurisdiction_id) == (norway.hub.regulator_id, norway.hub.jurisdiction_id)


@EVERY_ROLE
def test_the_regulator_of_norway_is_kept_by_its_hub_s_editors_and_sweden_s_is_not(come, norway, sweden, role):
    person = come(role)
    own, theirs = norway.hub.regulator, sweden.hub.regulator
    before = list(theirs.names.values()), list(theirs.websites.values())
    address = reverse("admin:regulators_regulator_change", args=[own.pk])
    page = person.get(address)
    edits = role in (Role.HUB_EDITOR, Role.ADMINISTRATOR)
    assert page.context["has_change_permission"] == edits
    assert (
        person.post(reverse("admin:regulators_regulator_change", args=[theirs.pk]), filled_in(page)).status_code == 403
    )
    if edits:
        forged = {"names-0-id": theirs.names.get().pk, "names-0-regulator": theirs.pk, "names-0-name": "Forged"}
        person.post(address, filled_in(page, **forged, jurisdiction=theirs.jurisdiction_id, slug="forged"))
        kept = Regulator.objects.get(pk=own.pk)
        assert (kept.jurisdiction_id, kept.slug) == (own.jurisdiction_id, own.slug)
        assert person.post(address, filled_in(person.get(address), **{"names-0-name": "New"})).status_code == 302
        assert "New" in own.names.values_list("name", flat=True)
    assert (list(theirs.names.values()), list(theirs.websites.values())) == before


def test_a_right_in_one_hub_checks_nothing_in_another_where_one_may_only_read(client, norway, sweden):
    person = make_member(norway.hub, role=Role.HUB_EDITOR)
    person.memberships.create(hub=sweden.hub, role=Role.APPROVER)
    client.force_login(person)
    for land, status in ((norway, 200), (sweden, 403)):
        assert client.get(reverse("admin:articles_article_check", args=[land.article.pk])).status_code == status


def test_a_regulator_that_another_hub_shares_is_nobody_s_own(come, norway, sweden):
    Hub.objects.filter(pk=sweden.hub.pk).update(regulator=norway.hub.regulator)
    address = reverse("admin:regulators_regulator_change", args=[norway.hub.regulator_id])
    assert not come(Role.HUB_EDITOR).get(address).context["has_change_permission"]


def test_a_regulator_of_another_jurisdiction_is_nobody_s_own(come, norway):
    regulator = make_regulator()
    Hub.objects.filter(pk=norway.hub.pk).update(regulator=regulator)
    address = reverse("admin:regulators_regulator_change", args=[regulator.pk])
    assert not come(Role.HUB_EDITOR).get(address).context["has_change_permission"]


def test_an_article_moves_where_its_editor_may_write_in_both_hubs(client, norway, sweden):
    client.force_login(make_member(norway.hub, sweden.hub))
    address = reverse("admin:articles_article_change", args=[norway.draft.pk])
    assert client.post(address, filled_in(client.get(address), hub=sweden.hub.pk)).status_code == 302
    assert Article.objects.get(pk=norway.draft.pk).hub == sweden.hub


def test_an_article_does_not_move_where_its_editor_may_only_read(client, norway, sweden):
    person = make_member(norway.hub)
    person.memberships.create(hub=sweden.hub, role=Role.APPROVER)
    client.force_login(person)
    address = reverse("admin:articles_article_change", args=[norway.draft.pk])
    assert client.post(address, filled_in(client.get(address), hub=sweden.hub.pk)).status_code == 200
    forbidden = reverse("admin:articles_article_change", args=[sweden.draft.pk])
    assert client.post(forbidden, filled_in(client.get(forbidden))).status_code == 403
    assert Article.objects.get(pk=norway.draft.pk).hub == norway.hub


def test_an_address_that_an_article_now_elsewhere_had_does_not_tell_its_title(come, norway, sweden):
    moved = make_article(hub=norway.hub, slug="once-here", title=f"{SECRET} move")
    publish(moved)
    Article.objects.filter(pk=moved.pk).update(hub=sweden.hub)
    person = come(Role.AUTHOR)
    address = reverse("admin:articles_article_change", args=[norway.draft.pk])
    answer = person.post(address, filled_in(person.get(address), slug="once-here"))
    assert "This was the address of an article that moved on" in answer.text
    assert SECRET not in answer.text


def test_deleting_a_shelf_names_no_text_that_stands_on_it(client, norway, sweden, shelves):
    person = make_member(norway.hub)
    kinds = ContentType.objects.get_for_models(Category, Topic)
    person.user_permissions.set(
        Permission.objects.filter(content_type__in=kinds.values(), codename__startswith="delete")
    )
    client.force_login(person)
    for name, shelf in zip(("category", "topic"), shelves, strict=True):
        page = client.get(reverse(f"admin:articles_{name}_delete", args=[shelf.pk]))
        assert "Cannot delete" in page.text
        assert SECRET not in page.text


def test_the_list_asks_a_bounded_number_of_questions_of_somebody_with_three_roles(
    client, norway, sweden, shelves, django_assert_max_num_queries
):
    person = make_member(norway.hub, sweden.hub, make_hub())
    for _ in range(20):
        make_article(hub=norway.hub, category=shelves[0], topic=shelves[1])
    client.force_login(person)
    client.get("/admin/")
    with django_assert_max_num_queries(13):
        assert len(client.get("/admin/articles/article/").context["cl"].result_list) == 24


def stored(article):
    return Article.objects.values_list("hub__slug", "slug").get(pk=article.pk)


def test_an_author_changes_no_address_that_readers_know(come, norway):
    person = come(Role.AUTHOR)
    live, draft = (reverse("admin:articles_article_change", args=[each.pk]) for each in (norway.article, norway.draft))
    before = stored(norway.article)
    page = person.get(live)
    assert person.post(live, filled_in(page, title="Mine", slug="mine")).status_code == 302
    assert stored(norway.article) == before
    assert Article.objects.get(pk=norway.article.pk).title == "Mine"
    assert person.post(draft, filled_in(person.get(draft), slug="mine")).status_code == 302
    assert stored(norway.draft) == ("norway", "mine")


@pytest.mark.parametrize("role", [Role.HUB_EDITOR, Role.ADMINISTRATOR])
def test_who_publishes_changes_the_address_of_a_live_article(come, norway, role):
    person = come(role)
    address = reverse("admin:articles_article_change", args=[norway.article.pk])
    assert person.post(address, filled_in(person.get(address), slug="anew")).status_code == 302
    assert stored(norway.article) == ("norway", "anew")


def test_a_live_article_moves_only_where_its_editor_publishes_in_both_hubs(client, norway, sweden):
    """Or an author could withdraw it there, and bring it back."""
    address = reverse("admin:articles_article_change", args=[sweden.article.pk])
    before = stored(sweden.article)
    for there, here in ((Role.HUB_EDITOR, Role.AUTHOR), (Role.AUTHOR, Role.HUB_EDITOR)):
        person = make_member(norway.hub, role=there)
        person.memberships.create(hub=sweden.hub, role=here)
        client.force_login(person)
        client.post(address, filled_in(client.get(address), hub=norway.hub.pk, slug="taken"))
        assert stored(sweden.article) == before
    client.force_login(make_member(norway.hub, sweden.hub, role=Role.HUB_EDITOR))
    assert client.post(address, filled_in(client.get(address), hub=norway.hub.pk)).status_code == 302
    assert stored(sweden.article) == ("norway", before[1])
