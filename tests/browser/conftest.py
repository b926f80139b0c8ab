import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from pytest_django.live_server_helper import LiveServer

from tests.browser import chromium

# Playwright keeps an event loop in the thread of the test, where Django would otherwise refuse the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    found = chromium.find()
    if found is None:
        pytest.fail(chromium.MISSING) if chromium.is_required() else pytest.skip(chromium.MISSING)
    return browser_type_launch_args | {"executable_path": str(found)}


@pytest.fixture(scope="module")
def lasting_rows(django_db_setup, django_db_blocker) -> Iterator[None]:
    """The database for tests of one module that only read: their rows are made once, and removed after the last."""
    with django_db_blocker.unblock():
        yield
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture(scope="module")
def lasting_server(lasting_rows) -> Iterator[LiveServer]:
    """pytest-django's own empties the database after each test."""
    server = LiveServer("localhost")
    yield server
    server.stop()
