"""The step of `prepare` that brings content: a new site gets all of it, an older one what it has never had."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from articles.models import Article
from elendihub.management.commands.prepare import content
from legislation.models import Deadline, Instrument
from regulators.models import Hub, Jurisdiction
from tests.articles.content_folder import write_folder, write_register

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(tmp_path, settings) -> Path:
    """Content of a site from before the register of law, and imported."""
    settings.CONTENT_DIR = tmp_path
    call_command("import_content", str(write_folder(tmp_path)), stdout=StringIO())
    return tmp_path


def test_a_site_without_a_register_is_given_one_and_keeps_what_its_editors_wrote(site):
    Hub.objects.update(overview="An editor's words.")
    Jurisdiction.objects.update(name="Åland Islands")
    write_register(site)

    assert content() == "already there; the register of law is new here: 13 made, 0 changed, 0 skipped."

    assert Instrument.objects.filter(slug="mdr").exists()
    assert Deadline.objects.count() == 3
    assert Hub.objects.get().overview == "An editor's words."
    assert Jurisdiction.objects.get().name == "Åland Islands"
    assert Article.objects.count() == 2


def test_a_site_with_a_register_is_left_alone(site):
    write_register(site)
    content()
    Instrument.objects.filter(slug="mdr").update(short_name="The MDR")

    assert content() == "already there"

    assert Instrument.objects.get(slug="mdr").short_name == "The MDR"


def test_a_register_that_cannot_be_read_is_named_and_not_half_loaded(site):
    write_register(site)
    path = site / "terms.json"
    rows = json.loads(path.read_text(encoding="utf-8"))
    rows[0]["fields"]["name"] = ""
    path.write_text(json.dumps(rows), encoding="utf-8")

    with pytest.raises(
        CommandError, match=r"terms.json:1: device: name: This field cannot be blank. Correct this row."
    ):
        content()

    assert not Instrument.objects.exists()
