"""Only the open internet is asked, however a private address is dressed up."""

import threading

import httpx
import pytest

from elendihub.guarding import Guard, Refused, addresses_of, is_public
from tests.serving import names

PUBLIC = "8.8.8.8 1.1.1.1 2a00:1450:400f:80d::200e ::ffff:8.8.8.8 64:ff9b::8.8.8.8 2002:0808:0808::1".split()
PRIVATE = """
127.0.0.1 127.9.9.9 10.0.0.1 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 100.127.255.254 0.0.0.0 255.255.255.255
224.0.0.1 239.1.1.1 240.0.0.1 192.0.2.1 198.18.0.1 198.51.100.7
:: ::1 fe80::1 fe80::1%1 fc00::1 fd12:3456::1 fec0::1 ff02::1 ff0e::1 2001:db8::1 100::1
::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::127.0.0.1
64:ff9b::127.0.0.1 64:ff9b::10.0.0.1 64:ff9b:1::1 2002:7f00:0001::1 2002:0a00:0001::1 2002:6440:0001::1
2001:0:4136:e378:8000:63bf:3fff:fdd2
""".split()


@pytest.mark.parametrize("address", PUBLIC)
def test_what_is_public_may_be_asked(address):
    assert is_public(address)
    assert Guard(resolve=lambda host, port: [address]).checked("a.example", 443, 30) == [address]


@pytest.mark.parametrize("address", PRIVATE)
def test_what_is_not_public_is_refused(address):
    assert not is_public(address)
    with pytest.raises(Refused, match="not public"):
        Guard(resolve=lambda host, port: [address]).checked("a.example", 443, 30)


def test_one_private_address_among_public_ones_refuses_the_host():
    with pytest.raises(Refused):
        Guard(resolve=lambda host, port: ["8.8.8.8", "10.0.0.1"]).checked("a.example", 443, 30)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f000001", "127.1", "0"])
def test_this_machine_is_refused_however_it_is_written(host):
    assert addresses_of(host, 80)
    with pytest.raises(Refused):
        Guard().checked(host, 80, 30)


def test_a_name_that_is_not_resolved_in_time_is_given_up():
    never = threading.Event()
    with pytest.raises(TimeoutError):
        Guard(resolve=lambda host, port: never.wait() and []).checked("a.example", 80, 0.1)
    never.set()


def test_what_a_resolver_raises_reaches_who_asked():
    with pytest.raises(OSError, match="unknown"):
        Guard(resolve=names()).checked("nowhere.invalid", 80, 30)


def test_loopback_that_a_test_lets_in_lets_nothing_else_in():
    guard = Guard(resolve=names(inside_example="10.0.0.1"), allows_loopback=True)
    assert guard.checked("a.example", 80, 30) == ["127.0.0.1"]
    with pytest.raises(Refused):
        guard.checked("inside.example", 80, 30)


@pytest.mark.parametrize(
    "address",
    [
        "ftp://a.example/",
        "file:///etc/passwd",
        "gopher://a.example/",
        "//a.example/",
        "http:///path",
        "https://me:secret@a.example/",
        "https://me@a.example/",
        "http://a.example:22/",
        "http://a.example:6379/",
        "http://a.example:0/",
    ],
)
def test_an_address_that_is_not_of_the_open_web_is_refused(address):
    with pytest.raises(Refused):
        Guard().look_at(httpx.URL(address))


@pytest.mark.parametrize("address", ["https://a.example", "http://a.example:8080/x?y=z", "https://[2a00::1]/"])
def test_an_address_of_the_open_web_may_be_asked(address):
    Guard().look_at(httpx.URL(address))
