"""What every request passes on its way in and every answer on its way out."""

import logging
import re
from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.db import DataError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from elendihub import errors, moments, settling
from elendihub.acting import Actor, Road, acting_as
from elendihub.preview import PARAMETER

Handler = Callable[[HttpRequest], HttpResponse]
LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})

log = logging.getLogger(__name__)


class Guard:
    """Refuses what no database can be asked about, and says 503 while the database does not answer."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if length(request) > settings.BODY_MAX_BYTES:
            return errors.too_large(request)
        has_nul = any("\x00" in text for text in (request.path, *request.COOKIES.values()))
        if has_nul or not is_text(request.META.get("QUERY_STRING", "")):
            return errors.bad_request(request)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, OperationalError | InterfaceError):
            log.error("The database does not answer: %s", exception)
            return errors.unavailable(request)
        if isinstance(exception, settling.Unsettled):
            return errors.unsettled(request)
        if isinstance(exception, moments.Refused):
            return errors.page(request, 400, cure=str(exception), path=request.path)
        # A number that no column holds, in an address or a form that no page of ours made.
        if isinstance(exception, DataError | OverflowError):
            log.warning("Refused by the database: %s", exception)
            return errors.bad_request(request)
        return None


def length(request: HttpRequest) -> int:
    """What the request says of its body, in bytes; a server reads no more than that, and nothing without it."""
    stated = request.META.get("CONTENT_LENGTH") or "0"
    return int(stated) if re.fullmatch(r"[0-9]{1,18}", stated) else 0


def is_text(query: str) -> bool:
    """Percent-decoded, the query is UTF-8 without NUL."""
    raw = unquote_to_bytes(query.encode("latin-1", "replace"))
    try:
        return b"\x00" not in raw and bool(raw.decode("utf-8") or True)
    except UnicodeDecodeError:
        return False


def loopback_cookies(get_response: Handler) -> Handler:
    """Let a browser keep cookies over plain http on this very machine, where there is no network to listen on."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.cookies and not request.is_secure() and host_name(request) in LOOPBACK:
            for cookie in response.cookies.values():
                cookie["secure"] = ""
        return response

    return middleware


def page_headers(get_response: Handler) -> Handler:
    """Pages may be kept but are asked about each time; a preview is kept nowhere and found by no search engine."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if PARAMETER in request.GET:
            response["Cache-Control"] = "no-store, private"
            response["X-Robots-Tag"] = "noindex"
            # Whether the reader's session was asked would tell that there is a document.
            response["Vary"] = "Cookie, Accept-Encoding"
        elif not response.has_header("Cache-Control"):
            response["Cache-Control"] = "public, no-cache"
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        if request.method == "HEAD":
            response.content = b""
        return response

    return middleware


def signed_writes(get_response: Handler) -> Handler:
    """What a request writes, in a transaction or outside, bears the name of whoever is signed in."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with acting_as(lambda: actor_of(request)):
            return get_response(request)

    return middleware


def actor_of(request: HttpRequest) -> Actor:
    road = Road.DESK if request.path.startswith(reverse("admin:index")) else Road.SITE
    # Who comes without a session is asked for nothing, unless they have just signed in.
    is_unknown = settings.SESSION_COOKIE_NAME not in request.COOKIES and isinstance(request.user, SimpleLazyObject)
    if is_unknown or request.user.pk is None:
        return Actor(road)
    return Actor(road, request.user.pk, request.user.get_username())


def host_name(request: HttpRequest) -> str:
    host = request.META.get("HTTP_HOST", "")
    return host[: host.index("]") + 1] if host.startswith("[") and "]" in host else host.partition(":")[0]
