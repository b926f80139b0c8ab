"""How often one visitor may ask for work in a minute, counted in the database: one count for all processes."""

import time
from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from elendihub.models import Tally

SECONDS = 60


def admit(request: HttpRequest, most: int, work: str = "") -> bool:
    """Whether this request is among the first `most` of its client in this minute; it is counted then.

    Each kind of `work` has a count of its own.
    """
    minute = int(time.time()) // SECONDS
    # Keyed with the secret and the minute: no address can be read from it, nor who came back a minute later.
    client = salted_hmac(f"throttle {work}{minute}", client_of(request), algorithm="sha256").hexdigest()
    return Tally.objects.admit(client, minute, most)


def seconds_left() -> int:
    """Until the next minute begins, for Retry-After."""
    return SECONDS - int(time.time()) % SECONDS


def client_of(request: HttpRequest) -> str:
    """The visitor's address; for IPv6 the /64 that one household has; empty over a socket that has none."""
    peer = request.META.get("REMOTE_ADDR", "")
    hops = [peer, *reversed(request.META.get("HTTP_X_FORWARDED_FOR", "").split(","))]
    trusted = hops[settings.TRUSTED_PROXIES] if len(hops) > settings.TRUSTED_PROXIES else peer
    return network(trusted.strip()) or network(peer)


def network(text: str) -> str:
    try:
        address = ip_address(text)
    except ValueError:
        return ""
    if not isinstance(address, IPv6Address):
        return str(address)
    mapped = address.ipv4_mapped
    return str(mapped) if mapped else str(ip_network((int(address), 64), strict=False))
