"""The server's entry."""

import os
import re
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "elendihub.settings")

BOUNDARY = re.compile(r';\s*boundary=("[^"]*"|[^\s;,"]+)', re.IGNORECASE)
site = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Every request is read as UTF-8. Django would read it, addresses too, in any coding that Content-Type names, and
    fail over those that are none of text (base64, idna) or hide what no database holds (utf-7)."""
    if content_type := environ.get("CONTENT_TYPE"):
        boundary = BOUNDARY.search(content_type)
        environ["CONTENT_TYPE"] = content_type.partition(";")[0] + (boundary[0] if boundary else "")
    return site(environ, start_response)
