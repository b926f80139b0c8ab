from datetime import UTC, timedelta

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone


def site(request: HttpRequest) -> dict[str, str]:
    """What every template may name: the site, the canonical address of this page, the last day that is over in UTC."""
    return {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "canonical_url": settings.SITE_URL + request.path,
        "last_day": (timezone.now().astimezone(UTC).date() - timedelta(days=1)).isoformat(),
    }
