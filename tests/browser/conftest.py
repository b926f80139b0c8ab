import os
from typing import Any

import pytest

from tests.browser import chromium

# Playwright keeps an event loop in the thread of the test, where Django would otherwise refuse the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    found = chromium.find()
    if found is None:
        pytest.fail(chromium.MISSING) if chromium.is_required() else pytest.skip(chromium.MISSING)
    return browser_type_launch_args | {"executable_path": str(found)}
