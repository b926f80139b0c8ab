import random
from string import printable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elendihub.middleware import is_text
from tests import factories, reading

PAGES = ("/", "/about/", "/accessibility/", "/hubs/norway/", "/hubs/norway/labels/", "/feeds/hubs/norway.atom")
PUBLIC = (*PAGES, "/sitemap.xml", "/robots.txt", "/healthz", "/readyz", "/none")


@pytest.fixture
def site(db):
    hub = factories.make_published_hub(slug="norway").hub
    article = factories.make_published_article(hub=hub, slug="labels").article
    article.former_slugs.create(hub=hub, slug="marks")
    return hub


# Headers


@pytest.mark.parametrize("address", PUBLIC)
def test_no_public_page_sets_a_cookie_or_differs_by_one(client, site, address):
    response = client.get(address)
    assert not response.cookies
    assert "cookie" not in response.get("Vary", "").lower()


@pytest.mark.parametrize("address", PUBLIC)
def test_every_answer_carries_the_headers_that_keep_browsers_safe(client, site, address):
    response = client.get(address)
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert not {"unsafe-inline", "unsafe-eval", "nonce", "*", "data:"} & set(
        policy.replace("'", "").replace(";", "").split()
    )
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert response["Cross-Origin-Opener-Policy"] == response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]


def test_browsers_are_held_to_https(client, site):
    assert client.get("/", secure=True)["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains; preload"


@pytest.mark.parametrize("address", PAGES)
def test_a_page_may_be_kept_but_is_asked_about_each_time(client, site, address):
    response = client.get(address)
    assert response["Cache-Control"] == "public, no-cache"
    again = client.get(address, headers={"if-none-match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("address", PUBLIC)
def test_head_says_what_get_would_without_a_body(client, site, address):
    get, head = client.get(address), client.head(address)
    assert (head.status_code, head.content) == (get.status_code, b"")
    names = ("Content-Type", "Content-Length", "Cache-Control", "Content-Security-Policy")
    assert {name: head.get(name) for name in names} == {name: get.get(name) for name in names}


def test_the_desk_is_kept_nowhere(client, db):
    assert "no-store" in client.get("/admin/login/")["Cache-Control"]


@pytest.mark.parametrize(("host", "keeps"), [("localhost", False), ("127.0.0.1:8000", False), ("[::1]:80", False)])
def test_on_this_machine_a_browser_may_keep_the_desks_cookies_over_http(client, db, host, keeps):
    cookie = client.get("/admin/login/", headers={"host": host}).cookies["csrftoken"]
    assert bool(cookie["secure"]) is keeps


def test_over_a_network_cookies_travel_by_https_only(client, db, settings):
    settings.ALLOWED_HOSTS = ["hub.example"]
    for host, secure in (("hub.example", False), ("hub.example", True)):
        cookie = client.get("/admin/login/", headers={"host": host}, secure=secure).cookies["csrftoken"]
        assert cookie["secure"] is True


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "", "localhost:99999x", "a b", "127.0.0.1@evil"]
)
@pytest.mark.parametrize("address", ["/", "/healthz", "/sitemap.xml", "/admin/"])
def test_an_unknown_host_is_refused(client, site, host, address):
    response = client.get(address, headers={"host": host})
    assert response.status_code == 400
    assert "evil" not in response.text


# What no database can be asked about


@pytest.mark.parametrize("text", ["%00", "a%00b", "%ff", "%C0%80", "%ED%A0%80", "%F5%80%80%80", "%E2%28%A1", "\xff"])
@pytest.mark.parametrize("address", ["/", "/hubs/norway/", "/admin/login/"])
def test_a_query_that_is_no_text_is_a_bad_request(client, site, text, address):
    for query in (f"q={text}", f"{text}=1", f"category={text}", f"page={text}", f"preview={text}"):
        assert client.get(address, QUERY_STRING=query).status_code == 400


@pytest.mark.parametrize("text", ["%00", "%ff", "%C0%AF", "%ED%A0%80", "%2e%2e", "\\", "%0d%0aX: 1", "%F0%9F%98%80"])
def test_a_path_that_is_no_text_never_breaks_the_site(client, site, text):
    for address in (
        f"/{text}",
        f"/hubs/{text}/",
        f"/hubs/norway/{text}/",
        f"/feeds/hubs/{text}.atom",
        f"/media/{text}",
    ):
        assert client.get(address).status_code in {400, 404}


HOSTILE_COOKIES = [
    '"\\000abcdefghijklmnop"',
    "\x00" * 9,
    '"\\377\\376abcdefgh"',
    "\xff\xfe" * 8,
    "a" * 8000,
    "';--" * 9,
    "é" * 9,
]


@pytest.mark.parametrize("value", HOSTILE_COOKIES)
@pytest.mark.parametrize("name", ["sessionid", "csrftoken", "messages", "x"])
def test_a_cookie_that_is_no_text_never_breaks_the_site(client, site, name, value):
    for address in ("/", "/hubs/norway/?preview=staff", "/admin/", "/admin/login/"):
        assert client.get(address, headers={"cookie": f"{name}={value}"}).status_code < 500


@given(st.text())
def test_what_a_form_would_send_is_text(text):
    from urllib.parse import quote_plus

    sent = quote_plus(text, errors="replace")
    assert is_text(f"q={sent}") is ("\x00" not in text)


ATOMS = [
    "..",
    "/",
    "//",
    "\\",
    "%00",
    "%0a",
    "%0d%0a",
    "%ff",
    "%C0%AE",
    "%2e%2e%2f",
    "%252e",
    "?",
    "&",
    "=",
    ";",
    "#",
    "'",
    '"',
]
ATOMS += [
    "<script>",
    "${7*7}",
    "{{7*7}}",
    "{%",
    "' OR 1=1--",
    "\u202e",
    "æ",
    "漢",
    "😀",
    "a" * 300,
    "-1",
    "9" * 40,
    "1e9",
    "NaN",
]
ATOMS += [
    "hubs",
    "norway",
    "labels",
    "marks",
    "admin",
    "media",
    "static",
    "feeds",
    ".atom",
    "page",
    "category",
    "topic",
    "preview",
]
ATOMS += [
    "staff",
    "[]",
    "[a]",
    "*",
    "~",
    ".git",
    ".env",
    "wp-login.php",
    "%",
    "%%",
    "%u0000",
    "http://evil.example",
    " ",
    "+",
]


def hostile_addresses(count):
    rng = random.Random(20261123)

    def some(most):
        pick = [rng.choice(ATOMS) if rng.random() < 0.8 else rng.choice(printable) for _ in range(rng.randint(0, most))]
        return "".join(pick)

    roads = [
        "/",
        "/hubs/norway/",
        "/hubs/norway/labels/",
        "/hubs/",
        "/feeds/hubs/",
        "/media/",
        "/static/",
        "/admin/",
        "/about/",
    ]
    for _ in range(count):
        yield rng.choice(roads) + some(4), rng.choice(["", "page=", "category=", "topic=", "preview=", "q="]) + some(4)


def test_three_thousand_hostile_addresses_break_nothing(client, site):
    client.raise_request_exception = False
    for address, query in hostile_addresses(3000):
        response = client.generic("GET", address.replace("?", "%3f"), QUERY_STRING=query.encode().decode("latin-1"))
        assert response.status_code < 500, (address, query)
        assert "evil.example" not in response.get("Location", "").partition("?")[0], (address, query)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"])
def test_public_pages_are_read_only(client, site, method):
    for address in PUBLIC[:-1]:
        response = client.generic(method, address, data=b"\x00\xff", content_type="application/json")
        assert response.status_code == 405
        assert not response.cookies


# Links


def test_every_link_of_every_public_page_leads_somewhere(client, site, settings):
    settings.PACKS_PER_MINUTE = 1_000
    seen, waiting = set(), {"/"}
    while waiting:
        address = waiting.pop()
        seen.add(address)
        response = client.get(address)
        assert response.status_code == 200, address
        if response.streaming:
            assert response.getvalue()
            continue
        links = {link.partition("#")[0] for link in reading.links(response).values()}
        waiting |= {link for link in links if link.startswith("/") and not link.startswith("/admin/")} - seen
    assert {"/hubs/norway/", "/hubs/norway/labels/", "/about/", "/accessibility/", "/feeds/hubs/norway.atom"} <= seen


@pytest.mark.parametrize("address", PAGES[:-1])
def test_every_place_on_a_page_that_is_linked_to_is_there(client, site, address):
    response = client.get(address)
    places = {element.attributes.get("id") for element in reading.Reader(reading.text(response)).elements}
    own = {link for link in reading.links(response).values() if link.startswith("#")}
    assert {link[1:] for link in own} <= places


def test_a_body_larger_than_any_form_of_ours_is_refused_unread(client, db):
    class Unread:
        def read(self, *args):
            raise AssertionError("The body was read.")

        readline = read

    client.cookies["csrftoken"] = "a" * 32
    for path in ("/admin/markdown/upload/", "/admin/login/", "/"):
        answer = client.post(path, CONTENT_LENGTH="6291457", **{"wsgi.input": Unread()})
        assert answer.status_code == 413
