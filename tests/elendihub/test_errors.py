import pytest
from django.conf import settings
from django.db import OperationalError
from django.db.utils import ConnectionHandler
from django.http import Http404, HttpResponse
from django.urls import path, reverse

from elendihub import errors
from elendihub.middleware import Guard
from tests import factories, reading


def assert_own_look(response, status, words):
    assert response.status_code == status
    assert words in reading.elements(response, "h1")[0].text
    assert reading.elements(response, "html", lang="en")
    assert reading.links(response)["All regulatory hubs"] == "/"
    assert response["Cache-Control"] == "no-store"
    assert "Content-Security-Policy" in response


def fail(request):
    raise RuntimeError("A secret of the server")


def ask_a_database_that_is_not_there(request):
    database = settings.DATABASES["default"]
    options = {name: value for name, value in database["OPTIONS"].items() if name != "pool"}
    missing = ConnectionHandler({"default": {**database, "NAME": "/nowhere/at-all", "OPTIONS": options}})["default"]
    missing.ensure_connection()


# Every page links to these.
LINKED = ("about", "accessibility", "changes", "check_text", "deadlines", "glossary", "hub_detail", "law", "trust")
urlpatterns = [path("", fail, name="home"), path("fail/", fail), path("database/", ask_a_database_that_is_not_there)]
urlpatterns += [path(name + "/", fail, name=name) for name in LINKED]
handler500 = errors.server_error


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/none", "/hubs/none/", "/hubs/none/none/", "/feeds/hubs/none.atom", "/hubs/é/"])
def test_an_unknown_address_says_so_in_the_sites_look(client, address):
    assert_own_look(client.get(address), 404, "no page at this address")


def test_an_address_that_cannot_be_read_says_so_in_the_sites_look(client):
    assert_own_look(client.get("/?q=%00"), 400, "cannot be read")


def large_forms():
    return {
        "a large text": {"body": "a" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)},
        "many fields": {f"field-{number}": "" for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)},
        "more than is read at all": {"body": "a" * (settings.BODY_MAX_BYTES + 1)},
    }


@pytest.mark.parametrize("form", large_forms().values(), ids=large_forms())
def test_a_form_too_large_to_take_is_told_so_and_that_its_text_is_not_lost(client, db, form):
    article = factories.make_article()
    client.force_login(factories.make_editor())
    response = client.post(reverse("admin:articles_article_change", args=[article.pk]), form)
    assert_own_look(response, 413, "more than can be sent")
    assert "Nothing was saved" in reading.text(response)
    assert "your text is still in the form" in reading.text(response)
    assert "200,000 characters" in reading.text(response)


def test_an_unknown_host_is_refused_in_the_sites_look(client):
    response = client.get("/", headers={"host": "evil.example"})
    assert_own_look(response, 400, "cannot be read")
    assert "evil.example" not in reading.text(response)


def test_a_preview_without_the_right_to_it_says_so_in_the_sites_look(client, db):
    article = factories.make_published_article().article
    response = client.get(f"{article.get_absolute_url()}?preview=x")
    assert response.status_code == 403
    assert "not open to you" in reading.elements(response, "h1")[0].text


def test_at_the_desk_whoever_lacks_the_role_is_told_so_and_led_back(client, db):
    article = factories.make_published_article().article
    client.force_login(factories.make_member(article.hub, role="author"))
    response = client.get(reverse("admin:articles_article_publish", args=[article.pk]))
    assert response.status_code == 403
    assert "Your role in this hub does not include this step." in reading.text(response)
    assert reading.links(response)["the desk"] == reverse("admin:index")
    assert "preview" not in reading.elements(response, "main")[0].text
    own = client.get(f"{article.get_absolute_url()}?preview=x")
    assert "A preview link counts for a limited time" in reading.text(own)


@pytest.mark.urls(__name__)
def test_a_fault_of_ours_says_so_and_tells_no_secret(client):
    client.raise_request_exception = False
    response = client.get("/fail/")
    assert_own_look(response, 500, "This page failed")
    assert "secret" not in reading.text(response)
    assert "Traceback" not in reading.text(response)


@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_a_database_that_is_not_there_is_answered_with_503(client):
    response = client.get("/database/")
    assert_own_look(response, 503, "not available right now")
    assert response["Retry-After"] == "120"


def test_only_a_silent_database_is_answered_with_503(rf):
    guard = Guard(lambda request: HttpResponse())
    assert guard.process_exception(rf.get("/"), OperationalError("gone")).status_code == 503
    assert guard.process_exception(rf.get("/"), Http404()) is None


def test_without_the_site_readers_are_led_to_the_official_ones(rf, settings):
    html = errors.unavailable(rf.get("/")).text
    for name, address in settings.OFFICIAL_SITES.items():
        assert f'href="{address}" rel="external">{name}</a>' in html


@pytest.mark.parametrize("view", [errors.bad_request, errors.permission_denied, errors.page_not_found])
def test_no_error_page_asks_the_database(rf, view, django_assert_num_queries):
    assert view(rf.get("/")).status_code >= 400
