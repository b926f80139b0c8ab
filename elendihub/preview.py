"""Which state of a document a request is shown, and who may see a working copy at its real address.

Visitors see the live version. Staff with a role in the hub, and whoever holds a signed link that still counts, see
the working copy when the address carries `?preview=`.
"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from elendihub.document import Document

SALT = "elendihub.preview"
PARAMETER = "preview"
STAFF = "staff"


def shown(request: HttpRequest, document: Document, at: datetime) -> Any:
    """The version to show: live at the moment, or an unsaved draft of the working copy.

    Raises Http404 when nothing is live, PermissionDenied when a preview is asked for without the right to it.
    """
    if PARAMETER in request.GET:
        if not is_allowed(request, document):
            raise nothing(request)
        return document.draft()
    version = document.versions.live(at).first()
    if version is None:
        raise nothing(request)
    return version


def is_open(request: HttpRequest, document: Document, at: datetime) -> bool:
    """Whether `shown` has something for this reader."""
    return is_allowed(request, document) if PARAMETER in request.GET else document.versions.live(at).exists()


def nothing(request: HttpRequest) -> Http404 | PermissionDenied:
    """To raise where there is nothing for this reader: the same for a draft as for no document at all."""
    if PARAMETER in request.GET:
        return PermissionDenied("This preview link has expired, or it belongs to another page.")
    return Http404("Nothing is published here.")


def address(document: Document) -> str:
    """For staff: the page with the working copy in place of the live version."""
    return f"{document.get_absolute_url()}?{PARAMETER}={STAFF}"


def link(document: Document) -> str:
    """For an outsider: counts for settings.PREVIEW_LINK_DAYS and opens this one document, whatever its text is then."""
    token = signing.dumps([document._meta.label_lower, document.pk], salt=SALT)
    return f"{settings.SITE_URL}{document.get_absolute_url()}?{PARAMETER}={token}"


def is_allowed(request: HttpRequest, document: Document) -> bool:
    token = request.GET.get(PARAMETER, "")
    if token == STAFF:
        permission = f"{document._meta.app_label}.view_{document._meta.model_name}"
        return request.user.is_staff and request.user.has_perm(permission, document)
    try:
        named = signing.loads(token, salt=SALT, max_age=settings.PREVIEW_LINK_DAYS * 86_400)
    except signing.BadSignature:
        return False
    return bool(named == [document._meta.label_lower, document.pk])
