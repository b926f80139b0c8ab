from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from tests import factories

START = datetime(2027, 1, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)
BODY = """## Scope

MDR Article 120(3c) holds. See [the regulator](https://regulator.example/labels?a=1&b=2) and [MDR](/law/mdr/).

> é 漢 <b>not bold</b>
"""


@pytest.fixture(autouse=True)
def many(settings):
    settings.PACKS_PER_MINUTE = 1000


@pytest.fixture
def clock(db):
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def mdr(clock):
    return factories.make_mdr()


@pytest.fixture
def norway(mdr):
    jurisdiction = factories.make_jurisdiction(name="Norway", code="NO")
    hub = factories.make_hub(slug="norway", title="Norway", jurisdiction=jurisdiction)
    return factories.publish(hub, live_from=START - DAY).hub


@pytest.fixture
def article(norway, clock):
    """Live since 1 January, changed on the 11th; version 3 was cancelled on the 12th and the fourth restates."""
    article = factories.make_article(hub=norway, slug="labels", title="Labels é", body=BODY)
    factories.publish(article, live_from=START)
    clock.shift(10 * DAY)
    article.body = BODY.replace("holds", "is long")
    article.save()
    article.publish(by=None, note="Reworded.")
    clock.shift(DAY)
    article.publish(by=None, live_from=timezone.now() + DAY, note="Secret plan.")
    article.cancel_scheduled(by=None)
    return article
