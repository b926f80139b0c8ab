"""Who is one client, and that the count holds across servers."""

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection

from elendihub import throttle
from elendihub.models import Tally


@pytest.mark.parametrize(
    ("proxies", "forwarded", "peer", "client"),
    [
        (0, "", "192.0.2.1", "192.0.2.1"),
        (0, "198.51.100.7", "192.0.2.1", "192.0.2.1"),
        (1, "198.51.100.7", "10.0.0.1", "198.51.100.7"),
        (1, "203.0.113.9, 198.51.100.7", "10.0.0.1", "198.51.100.7"),
        (2, "203.0.113.9, 198.51.100.7", "10.0.0.1", "203.0.113.9"),
        (2, "198.51.100.7", "10.0.0.1", "10.0.0.1"),
        (1, "", "10.0.0.1", "10.0.0.1"),
        (1, "nonsense", "10.0.0.1", "10.0.0.1"),
        (0, "", "2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        (0, "", "2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        (0, "", "::ffff:192.0.2.1", "192.0.2.1"),
        (0, "", "", ""),
    ],
)
def test_a_client_is_the_address_that_a_trusted_server_saw(rf, settings, proxies, forwarded, peer, client):
    settings.TRUSTED_PROXIES = proxies
    request = rf.get("/", REMOTE_ADDR=peer, headers={"x-forwarded-for": forwarded} if forwarded else {})
    assert throttle.client_of(request) == client


@pytest.mark.django_db
def test_so_many_are_admitted_in_a_minute_and_no_more():
    assert [Tally.objects.admit("a", 1, 3) for _ in range(5)] == [True, True, True, False, False]
    assert Tally.objects.get().count == 3
    assert Tally.objects.admit("b", 1, 3)
    assert Tally.objects.admit("a", 2, 3)


@pytest.mark.django_db
def test_what_was_counted_in_past_minutes_is_deleted():
    for client in ("a", "b"):
        Tally.objects.admit(client, 1, 3)
    Tally.objects.admit("a", 2, 3)
    assert list(Tally.objects.values_list("client", "minute")) == [("a", 2)]


@pytest.mark.django_db
def test_the_same_address_is_another_client_in_the_next_minute(rf, time_machine):
    kept = set()
    for second in (0, 59, 60):
        time_machine.move_to(datetime.fromtimestamp(1_800_000_000 + second, UTC), tick=False)
        assert throttle.admit(rf.get("/"), 5)
        kept |= set(Tally.objects.values_list("client", flat=True))
    assert len(kept) == 2
    assert throttle.seconds_left() == 60


@pytest.mark.django_db(transaction=True)
def test_servers_that_count_at_once_admit_no_more_than_one_would():
    admitted = []

    def ask():
        admitted.extend(Tally.objects.admit("a", 1, 10) for _ in range(5))
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(admitted) == [False] * 10 + [True] * 10
