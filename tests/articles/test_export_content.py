from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from articles.models import Article
from regulators.models import Hub
from tests.articles.content_folder import article, contents, write_folder, write_register
from tests.factories import make_article, make_hub, make_published_hub, make_topic, publish

pytestmark = pytest.mark.django_db


def run_import(folder: Path, **options: bool) -> str:
    out = StringIO()
    call_command("import_content", str(folder), stdout=out, **options)
    return out.getvalue()


def export(folder: Path) -> dict[str, str]:
    call_command("export_content", str(folder), verbosity=0, stdout=StringIO())
    return contents(folder)


def test_what_was_imported_is_exported_byte_for_byte(tmp_path):
    folder = write_folder(tmp_path / "in")
    write_register(tmp_path / "in")
    (folder / "02-labels.md").rename(folder / "03-labels.md")
    (folder / "02-same-day.md").write_text(article("Same day: æøå", body="    code\n\n---\n\n[^1]"), encoding="utf-8")
    (folder / "04-idea.md").write_text(article("Idea", date="draft"), encoding="utf-8")
    run_import(folder)

    assert export(tmp_path / "out") == contents(tmp_path / "in")


def test_the_content_of_the_repository_is_exported_byte_for_byte(tmp_path):
    run_import(settings.CONTENT_DIR / "norway")

    exported = export(tmp_path)

    assert len([name for name in exported if name.startswith("norway/")]) == 18
    assert exported == {name: (settings.CONTENT_DIR / name).read_bytes().decode() for name in exported}


def test_an_export_imports_again_without_a_change(tmp_path):
    hub = publish(make_hub(slug="one")).hub
    publish(make_hub(slug="two"))
    also = make_article(hub=hub).topic
    typed = {"summary": "Two\r\nlines. ", "body": "\r\n## In short\r\n\r\nTyped in a browser.\r\n"}
    publish(make_article(hub=hub, also=[also, make_topic(slug="zoo"), make_topic(slug="ant")], **typed))
    export(tmp_path)

    for slug in ("one", "two"):
        assert run_import(tmp_path / slug).splitlines()[-1].startswith("0 made, 0 changed, ")


def test_the_working_copy_is_exported_so_that_no_edit_is_lost(tmp_path):
    rules = publish(make_article(slug="rules", body="Published.")).article
    Article.objects.filter(pk=rules.pk).update(body="Edited since.", summary="Two\r\nlines.")
    Hub.objects.filter(pk=rules.hub_id).update(overview="Edited too.")

    exported = export(tmp_path)

    text = exported[f"{rules.hub.slug}/01-rules.md"]
    assert text.endswith("---\nEdited since.\n")
    assert "summary: Two lines.\n" in text
    assert "---\nEdited too.\n\n## Key Responsibilities\n" in exported[f"{rules.hub.slug}/hub.md"]


def test_files_are_numbered_in_reading_order_with_drafts_last(tmp_path):
    hub = make_published_hub(slug="one").hub
    make_article(hub=hub, slug="idea")
    first, second = (publish(make_article(hub=hub, slug=slug)) for slug in ("first", "second"))
    assert first.published_at == second.published_at

    names = [name for name in export(tmp_path) if name.startswith("one/0")]

    assert names == ["one/01-first.md", "one/02-second.md", "one/03-idea.md"]


def test_a_withdrawn_article_is_exported_as_a_draft(tmp_path):
    version = publish(make_article(slug="gone"))
    version.article.withdraw(by=None, reason="obsolete", note="The rule has ended.")

    assert "\ndate: draft\n" in export(tmp_path)[f"{version.article.hub.slug}/01-gone.md"]


def test_a_folder_with_other_text_files_is_refused_and_left_alone(tmp_path):
    hub = make_hub(slug="one")
    left = tmp_path / "one" / "07-formerly-here.md"
    left.parent.mkdir()
    left.write_text("Words of somebody.")

    with pytest.raises(CommandError, match=r"07-formerly-here.md is not one of the exported files. Remove it, or name"):
        export(tmp_path)

    assert contents(tmp_path) == {"one/07-formerly-here.md": "Words of somebody."}
    left.unlink()
    assert f"{hub.slug}/hub.md" in export(tmp_path)


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("No folder.")

    with pytest.raises(CommandError, match=r"file cannot be written: .+\. Name another folder\."):
        export(tmp_path / "file")
