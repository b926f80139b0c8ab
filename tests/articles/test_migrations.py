"""What an upgrade makes of a database that has its content already."""

import json
from importlib import import_module

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection

from articles.models import Topic
from tests import factories

by_risk = import_module("articles.migrations.0013_intervals_by_risk")
CHOSEN = {
    row["fields"]["slug"]: row["fields"]["review_days"]
    for row in json.loads((settings.BASE_DIR / "fixtures/topics.json").read_text())
}


@pytest.fixture
def topics(db):
    for slug in CHOSEN:
        factories.make_topic(slug=slug, review_days=by_risk.GIVEN_TO_ALL)


def upgrade():
    by_risk.tell_apart(apps, connection.schema_editor())
    return dict(Topic.objects.values_list("slug", "review_days"))


def test_topics_of_an_older_site_are_reviewed_by_risk_like_those_of_a_new_one(topics):
    assert upgrade() == CHOSEN


def test_an_interval_that_somebody_chose_stays(topics):
    Topic.objects.filter(slug="vigilance").update(review_days=7)
    assert upgrade() == dict.fromkeys(CHOSEN, by_risk.GIVEN_TO_ALL) | {"vigilance": 7}
