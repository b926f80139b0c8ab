"""The pages that say what went wrong and what to do. They ask no database, so that they work without one."""

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import REASON_BAD_ORIGIN, REASON_NO_CSRF_COOKIE
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html

from elendihub import desk
from elendihub.context import site
from elendihub.markdown import MAX_SOURCE

# Django answers these as it does an address that cannot be read.
TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)

SESSION_ENDED = (
    "Your session has ended. Sign in again in another tab, then go on here: your text is still in this form."
)


def page(request: HttpRequest, status: int, **context: Any) -> HttpResponse:
    html = render_to_string(f"{status}.html", {**site(request), **context, "page_name": f"error_{status}"})
    response = HttpResponse(html, status=status)
    response["Cache-Control"] = "no-store"
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return too_large(request) if isinstance(exception, TOO_LARGE) else page(request, 400)


def too_large(request: HttpRequest) -> HttpResponse:
    sizes = {"most_characters": f"{MAX_SOURCE:,}", "most_megabytes": settings.IMAGE_MAX_BYTES // 1_000_000}
    return page(request, 413, **sizes)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    # At the desk only who is signed in is refused so, and has been read from the database; others are asked to sign in.
    is_desk = request.path.startswith(reverse("admin:index")) and request.user.is_authenticated
    return page(request, 403, is_desk=is_desk)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    return page(request, 500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """For when the database does not answer; Retry-After is in seconds."""
    response = page(request, 503, official_sites=settings.OFFICIAL_SITES)
    response["Retry-After"] = "120"
    return response


def unsettled(request: HttpRequest) -> HttpResponse:
    """For a page as at a moment as of which somebody is still publishing; Retry-After is in seconds."""
    response = page(request, 503, again=request.get_full_path())
    response["Retry-After"] = "5"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without a valid token: most often a session that ended in another tab."""
    if request.headers.get("X-Requested-With") == "XMLHttpRequest":
        return HttpResponse(format_html('<p class="errornote">{}</p>', SESSION_ENDED), status=403)
    # Browsers name the site a form came from; only a form of our own is offered for sending again.
    is_own = "Origin" in request.headers and not reason.startswith(REASON_BAD_ORIGIN.partition("%")[0])
    if is_own and desk.carries_text(request):
        return desk.text_kept(request)
    return page(request, 403, no_cookie=reason == REASON_NO_CSRF_COOKIE, form_refused=True)
