from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command

from articles.models import Article, ArticleVersion, Category, Topic
from elendihub.markdown import MAX_SOURCE
from elendihub.models import Generation
from elendihub.workflow import TransitionError
from regulators.models import Hub, HubVersion, Jurisdiction
from tests.articles.content_folder import article, write_folder
from tests.factories import approve, make_editor, make_mdr

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_folder(tmp_path)


def run(folder: Path, **options: bool) -> str:
    out = StringIO()
    call_command("import_content", str(folder), stdout=out, **options)
    return out.getvalue()


def rewrite(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def edit_in_the_desk(article: Article, body: str) -> None:
    article.body = body
    article.updated_by = make_editor()
    article.updated_at = article.created_at + timedelta(days=1)
    article.save()


def is_empty() -> bool:
    return not any(model.objects.exists() for model in (Jurisdiction, Topic, Hub, HubVersion, Article, ArticleVersion))


def test_a_new_article_goes_live_at_midnight_utc_of_its_date(folder):
    run(folder)

    version = ArticleVersion.objects.get(article__slug="rules")
    assert version.live_from == version.published_at == datetime(2026, 2, 16, tzinfo=UTC)
    assert (version.number, version.kind, version.author_name) == (1, "first", "import")
    assert [topic["slug"] for topic in version.topics] == ["classes", "labels"]


def test_an_import_needs_no_second_person_and_its_versions_say_that_they_had_none(folder, settings):
    settings.SECOND_PERSON = True
    run(folder)
    assert ArticleVersion.objects.exists()
    for versions in (ArticleVersion.objects, HubVersion.objects):
        assert {version.author_name for version in versions.all()} == {"import"}
        assert versions.without_second_person().count() == versions.count()


def test_a_text_set_to_its_file_is_a_draft_that_nobody_approved(folder, settings):
    run(folder)
    rules = Article.objects.get(slug="rules")
    approve(rules)
    settings.SECOND_PERSON = True
    rewrite(folder / "01-rules.md", "Text.", "Other.")
    run(folder)
    rules.refresh_from_db()
    assert (rules.stage, rules.approved_by, rules.edit_number) == ("draft", None, 2)
    with pytest.raises(TransitionError, match="A second person has to approve"):
        rules.publish(by=make_editor(), note="From its file.")


def test_a_new_hub_goes_live_at_the_date_of_its_oldest_article(folder):
    run(folder)

    version = HubVersion.objects.get()
    assert version.live_from == datetime(2026, 2, 10, tzinfo=UTC)
    assert version.overview == "The agency supervises.\n\n### Role\n\nIt inspects."
    assert [(part["label"], part["text"]) for part in version.facts] == [("Remit", "Devices: all of them")]
    assert version.regulator_record["names"][0]["name"] == "Myndigheten"


def test_articles_of_one_day_keep_the_order_of_their_files(folder):
    for number, name in ((3, "zebra"), (4, "ant"), (10, "bee")):
        (folder / f"{number:02}-{name}.md").write_text(article(name, date="2026-02-16"), encoding="utf-8")

    run(folder)

    slugs = ArticleVersion.objects.in_reading_order().values_list("article__slug", flat=True)
    assert list(slugs) == ["rules", "zebra", "ant", "bee", "labels"]


def test_a_date_to_come_schedules_the_article(folder):
    (folder / "03-ahead.md").write_text(article("Ahead", date="2999-01-01"), encoding="utf-8")

    run(folder)

    assert ArticleVersion.objects.scheduled().get().article.slug == "ahead"


def test_a_draft_stays_a_working_copy(folder):
    (folder / "03-idea.md").write_text(article("Idea", date="draft"), encoding="utf-8")

    assert "made     aland/03-idea.md: working copy; publish it in the desk" in run(folder)

    assert not Article.objects.get(slug="idea").versions.exists()


def test_every_object_is_named_and_the_last_line_counts_them(folder):
    lines = run(folder).splitlines()

    assert lines[-1] == "10 made, 0 changed, 0 skipped."
    assert len(lines) == 11
    assert lines[-2] == "made     aland/02-labels.md: live from 10 February 2026"
    assert lines[0].endswith("jurisdictions.json AX")


def test_a_second_import_changes_nothing(folder):
    run(folder)
    before = Generation.objects.current()

    assert run(folder).endswith("0 made, 0 changed, 10 skipped.\n")

    assert Generation.objects.current() == before
    assert set(Article.objects.values_list("edit_number", flat=True)) == {1}


def test_a_dry_run_says_the_same_and_writes_nothing(folder):
    rehearsal = run(folder, dry_run=True).splitlines()

    assert is_empty()
    real = run(folder).splitlines()
    assert rehearsal[:-1] == real[:-1]
    assert rehearsal[-1] == f"Dry run, nothing was written: {real[-1]}"


def test_a_changed_file_changes_the_working_copy_and_publishes_nothing(folder):
    run(folder)
    rewrite(folder / "01-rules.md", "Text.", "Better text.")
    rewrite(folder / "01-rules.md", "topics: classes, labels", "topics: labels")
    rewrite(folder / "hub.md", "Receives reports", "Reads reports")

    said = run(folder)

    assert "changed  aland/01-rules.md: working copy; publish it in the desk" in said
    assert said.endswith("0 made, 2 changed, 8 skipped.\n")
    changed = Article.objects.get(slug="rules")
    assert changed.body == "## In short\n\nBetter text."
    assert (changed.topic.slug, changed.also.count(), changed.edit_number) == ("labels", 0, 2)
    assert changed.versions.get().body == "## In short\n\nText."
    assert Hub.objects.get().responsibilities.get().text == "Reads reports (MDR Article 87)."
    assert HubVersion.objects.count() == 1


def test_what_an_editor_changed_is_skipped_with_the_reason(folder):
    run(folder)
    edit_in_the_desk(Article.objects.get(slug="rules"), "An editor's text.")

    said = run(folder)

    assert (
        "skipped  aland/01-rules.md: its working copy was edited in the desk and is not published; --overwrite" in said
    )
    assert Article.objects.get(slug="rules").body == "An editor's text."


@pytest.mark.parametrize("day", ["draft", "2026-02-16"])
def test_a_file_may_change_as_often_as_nobody_edits_its_article_in_the_desk(folder, day):
    path = folder / "03-idea.md"
    for words in ("One.", "Two.", "Three."):
        path.write_text(article("Idea", date=day, body=words), encoding="utf-8")
        run(folder)
        assert Article.objects.get(slug="idea").body == words
    edit_in_the_desk(Article.objects.get(slug="idea"), "An editor's text.")
    path.write_text(article("Idea", date=day, body="Four."), encoding="utf-8")
    assert "--overwrite replaces it" in run(folder)
    assert Article.objects.get(slug="idea").body == "An editor's text."


def test_overwrite_replaces_what_an_editor_changed(folder):
    run(folder)
    rules = Article.objects.get(slug="rules")
    edit_in_the_desk(rules, "An editor's text.")

    assert run(folder, overwrite=True).endswith("0 made, 1 changed, 9 skipped.\n")

    rules.refresh_from_db()
    assert (rules.body, rules.updated_by) == ("## In short\n\nText.", None)


def test_line_ends_of_a_browser_or_of_another_system_are_no_change(folder):
    run(folder)
    rules = Article.objects.get(slug="rules")
    edit_in_the_desk(rules, rules.body.replace("\n", "\r\n") + "\r\n")
    path = folder / "02-labels.md"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))

    assert run(folder).endswith("0 made, 0 changed, 10 skipped.\n")


def test_a_reference_row_is_set_to_its_file_and_other_rows_stay(folder):
    run(folder)
    Category.objects.create(name="Notices", slug="notices")
    rewrite(folder.parent / "topics.json", "Risk classes", "Classes by risk")

    assert "changed  " in run(folder)

    assert Topic.objects.get(slug="classes").scope == "Classes by risk"
    assert Category.objects.filter(slug="notices").exists()


def test_without_reference_rows_beside_it_a_hub_uses_those_of_the_site(folder, tmp_path):
    run(folder)
    moved = tmp_path / "elsewhere" / "aland"
    moved.parent.mkdir()
    folder.rename(moved)

    said = run(moved)

    assert said.endswith(" skipped.\n")
    assert "regulators.json dmp" in said


def test_the_folder_of_norway_is_the_default():
    out = StringIO()

    call_command("import_content", dry_run=True, verbosity=0, stdout=out)

    assert out.getvalue().startswith("Dry run, nothing was written: ")
    assert is_empty()


def replaced(old: str, new: str) -> Callable[[Path], object]:
    return lambda path: rewrite(path, old, new)


def holding(data: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(data)


def copied_to(name: str) -> Callable[[Path], object]:
    return lambda path: path.with_name(name).write_bytes(path.read_bytes())


RULES, LABELS, TOPICS, NAMES = "aland/01-rules.md", "aland/02-labels.md", "topics.json", "regulator_names.json"
BAD = {
    "bad date": (LABELS, replaced("2026-02-10", "2026-02-30"), f"{LABELS}:3: “2026-02-30” is not a date. Write"),
    "other form of date": (LABELS, replaced("2026-02-10", "10/02/2026"), f"{LABELS}:3: “10/02/2026” is not a date."),
    "unknown category": (
        LABELS,
        replaced("Other", "Others"),
        f"{LABELS}:4: category: “Others” is unknown. Use one of: Other.",
    ),
    "unknown topic": (
        LABELS,
        replaced("classes, labels", "classes, lables"),
        f"{LABELS}:5: topics: “lables” is unknown. Use one of: classes, labels.",
    ),
    "topic twice": (
        LABELS,
        replaced("classes, labels", "labels, labels"),
        f"{LABELS}:5: A topic stands here twice. Keep one.",
    ),
    "unknown key": (
        LABELS,
        replaced("category:", "shelf:"),
        f"{LABELS}:4: The key shelf is unknown. Use title, date, category",
    ),
    "key twice": (
        LABELS,
        replaced("category: Other", "date: 2026-02-11"),
        f"{LABELS}:4: The key date stands here twice.",
    ),
    "missing key": (
        LABELS,
        replaced("category: Other\n", ""),
        f"{LABELS}:6: The key category is missing. Add a line category:",
    ),
    "empty value": (
        LABELS,
        replaced("title: Labels", "title:"),
        f"{LABELS}:2: “title:” is not a key with a value. Write it",
    ),
    "long title": (
        LABELS,
        replaced("Labels", "L" * 201),
        f"{LABELS}:2: title: Ensure this value has at most 200 characters",
    ),
    "no front matter": (
        LABELS,
        holding(b"Text.\n"),
        f"{LABELS}:1: Front matter is missing. Put it between two lines ---.",
    ),
    "no text": (
        LABELS,
        replaced("## In short\n\nText.\n", ""),
        f"{LABELS}:7: The text is missing. Write it below this line.",
    ),
    "not UTF-8": (
        LABELS,
        holding(b"---\ntitle: \xe5\n"),
        f"{LABELS}:2: A character is not UTF-8. Save the file in UTF-8.",
    ),
    "byte order mark": (
        LABELS,
        holding(b"\xef\xbb\xbf---\n"),
        f"{LABELS}:1: It begins with a byte order mark. Save it",
    ),
    "NUL": (LABELS, replaced("Text.", "Te\x00xt."), f"{LABELS}:10: A NUL character stands here. Remove it."),
    "too long": (
        LABELS,
        replaced("Text.", "t" * MAX_SOURCE),
        f"{LABELS}:8: The text has 200,013 characters; 200,000 are the most.",
    ),
    "top heading": (LABELS, replaced("## In", "# In"), f"{LABELS}:8: body: Begin headings at ##"),
    "image of others": (
        LABELS,
        replaced("Text.", "![Chart](https://example.com/a.png)"),
        f"{LABELS}:10: The image https://example.com/a.png is not ours. Upload it here",
    ),
    "reserved slug": (
        LABELS,
        copied_to("03-changes.md"),
        "aland/03-changes.md:1: slug: “changes” is an address of the hub",
    ),
    "duplicate slug": (
        LABELS,
        copied_to("03-rules.md"),
        "aland/03-rules.md:1: The slug rules is also that of 01-rules.md.",
    ),
    "duplicate number": (
        LABELS,
        copied_to("01-zebra.md"),
        "aland/01-zebra.md:1: The number 01 is also that of 01-rules.md.",
    ),
    "stray file": (LABELS, copied_to("notes.md"), "aland/notes.md:1: The name of an article’s file is 01-its-slug.md."),
    "no hub": ("aland/hub.md", lambda path: path.unlink(), "aland/hub.md:1: There is none. Name the folder of one hub"),
    "unknown regulator": (
        "aland/hub.md",
        replaced("regulator: agency", "regulator: agenda"),
        "aland/hub.md:4: regulator: “agenda” is unknown. Use one of: agency.",
    ),
    "unknown jurisdiction": (
        "aland/hub.md",
        replaced("jurisdiction: AX", "jurisdiction: XA"),
        "aland/hub.md:3: jurisdiction: “XA” is unknown. Use one of: AX.",
    ),
    "no facts": (
        "aland/hub.md",
        replaced("## Regulator facts", ""),
        "aland/hub.md:8: “## Key Responsibilities” and “## Reg",
    ),
    "half a fact": (
        "aland/hub.md",
        replaced(": Devices: all", "Devices"),
        "aland/hub.md:21: “Remit” has no text. Write it",
    ),
    "fact twice": (
        "aland/hub.md",
        replaced("Remit\n", "Remit\n: Devices\n\nRemit\n"),
        "aland/hub.md:8: Remit: This fact is already listed.",
    ),
    "broken JSON": (
        TOPICS,
        replaced('"Labels"', "Labels"),
        f"{TOPICS}:14: This is not JSON: Expecting value. Correct it.",
    ),
    "no list": (TOPICS, holding(b"{}"), f"{TOPICS}:1: This is not a list of rows. Put the rows between [ and ]."),
    "no row": (TOPICS, holding(b"[\n\n7]"), f'{TOPICS}:3: A row is {{"model": …, "fields": {{…}}}}. Write it so.'),
    "no file": (TOPICS, lambda path: path.unlink(), f"{TOPICS}:1: It cannot be read: No such file or directory. Name"),
    "row of another model": (
        TOPICS,
        replaced("articles.topic", "articles.category"),
        f"{TOPICS}:2: “articles.category” does not belong in this file. Use articles.topic.",
    ),
    "unknown key in a row": (
        TOPICS,
        replaced("scope", "scop"),
        f"{TOPICS}:2: The key scop is unknown. Use name, slug, scope, review_days.",
    ),
    "missing key in a row": (
        TOPICS,
        replaced(',\n    "scope": "Labels and languages"', ""),
        f"{TOPICS}:11: The key scope is missing. Add it to this row.",
    ),
    "empty value in a row": (
        TOPICS,
        replaced("Risk classes", ""),
        f"{TOPICS}:2: classes: scope: This field cannot be blank.",
    ),
    "row twice": (TOPICS, replaced('"labels"', '"classes"'), f"{TOPICS}:11: classes is also on line 2. Keep one row."),
    "name twice": (
        TOPICS,
        replaced('"Labels"', '"Classes"'),
        f"{TOPICS}:11: labels: name: Topic with this Name already exists.",
    ),
    "lone surrogate": (TOPICS, replaced("Risk", "\\ud800"), f"{TOPICS}:2: A character here cannot be stored. Remove"),
    "bad date in a row": (
        NAMES,
        replaced("2024-01-01", "2024-13-01"),
        f"{NAMES}:2: valid_from: “2024-13-01” value has the",
    ),
    "regulator of no row": (
        NAMES,
        replaced('"agency"', '"agenda"'),
        f"{NAMES}:2: The regulator ['agenda'] is unknown. Add it",
    ),
    "address without https": (
        "websites.json",
        replaced("https:", "http:"),
        "websites.json:2: agency http://agency.example: url: Enter a full address that begins with https://.",
    ),
    "day that is a number": (
        "websites.json",
        replaced('"2026-11-22"', "2026"),
        "websites.json:2: recorded_on: 2026 is no text. Put it in quotes.",
    ),
    "number too long": (
        "websites.json",
        lambda path: path.write_text("[" + "9" * 5000 + "]"),
        "websites.json:1: A number here is too",
    ),
    "rows too deep": (
        "websites.json",
        lambda path: path.write_text("[" * 100_000),
        "websites.json:1: A number here is too",
    ),
}


@pytest.mark.parametrize(("name", "spoil", "message"), BAD.values(), ids=BAD)
def test_one_bad_row_stops_everything_with_file_line_and_cure(folder, name, spoil, message):
    spoil(folder.parent / name)

    with pytest.raises(CommandError) as stop:
        run(folder)

    assert str(stop.value).startswith(f"{folder.parent}/{message}")
    assert str(stop.value).endswith(" Nothing was written.")
    assert is_empty()


def test_a_bad_file_leaves_an_existing_site_as_it_was(folder):
    run(folder)
    rewrite(folder / "01-rules.md", "Text.", "Better text.")
    rewrite(folder / "02-labels.md", "Text.", "![](/media/a.png)")

    with pytest.raises(CommandError, match="has no description. Write one"):
        run(folder)

    assert Article.objects.get(slug="rules").body == "## In short\n\nText."


def test_a_published_date_stays(folder):
    run(folder)
    rewrite(folder / "01-rules.md", "2026-02-16", "2026-02-17")

    with pytest.raises(
        CommandError, match="first published on 2026-02-16, and a published date stays. Write date: 2026"
    ):
        run(folder)


def test_an_address_that_leads_to_a_renamed_article_is_not_taken(folder):
    run(folder)
    renamed = Article.objects.get(slug="rules")
    renamed.slug = "the-rules"
    renamed.save()

    an_hour_later = time_machine.travel(datetime.now(UTC) + timedelta(hours=1))
    with an_hour_later, pytest.raises(CommandError, match=r"01-rules.md:1: slug: This was the address of “Rules”"):
        run(folder)


# The law that texts cite


def test_a_citation_that_does_not_exist_stops_the_import_with_file_line_and_cure(folder):
    make_mdr()
    path = folder / "01-rules.md"
    rewrite(path, "\n---\n", "\n---\n\nFirst line.\n\nSee MDR Article 220.\n\n")
    line = path.read_text(encoding="utf-8").split("\n").index("See MDR Article 220.") + 1
    with pytest.raises(CommandError, match=f"01-rules.md:{line}: MDR has Articles 1 to 123 and 10a; Article 220 does"):
        run(folder)
    assert not Article.objects.exists()


@pytest.mark.parametrize("old", ["The agency supervises.", "Devices: all of them"])
def test_a_hub_s_texts_and_lines_are_held_to_the_same(folder, old):
    make_mdr()
    path = folder / "hub.md"
    rewrite(path, old, f"{old} MDR Article 220.")
    (line,) = (number for number, words in enumerate(path.read_text(encoding="utf-8").split("\n"), 1) if "220" in words)
    with pytest.raises(CommandError, match=f"hub.md:{line}: MDR has Articles 1 to 123 and 10a"):
        run(folder)


def test_a_draft_may_cite_what_does_not_exist_until_it_is_published(folder):
    make_mdr()
    (folder / "03-later.md").write_text(article("Later", date="draft", body="MDR Article 220."), encoding="utf-8")
    run(folder)
    assert Article.objects.get(slug="later").unpublishable()


def test_a_reference_without_an_act_stops_no_import(folder):
    rewrite(folder / "01-rules.md", "\n---\n", "\n---\nSee Article 22.\n\n")
    run(folder)
    assert ArticleVersion.objects.get(article__slug="rules").citations[0]["instrument"] == ""


# What comes with a hub


def test_versions_of_one_import_bear_one_moment_and_nothing_waits_to_be_published(folder):
    run(folder)
    moments = {*ArticleVersion.objects.values_list("created_at", flat=True)}
    assert moments == {*HubVersion.objects.values_list("created_at", flat=True)}
    assert not Article.objects.with_state().in_state("waits").exists()


def test_what_is_added_soon_after_its_hub_waits_so_that_past_lists_stay(client, folder):
    def read() -> bytes:
        content: bytes = client.get("/hubs/aland/?at=2026-02-20").content
        return content

    with time_machine.travel(datetime(2127, 1, 1, 9, tzinfo=UTC), tick=False) as clock:
        run(folder)
        before = read()
        (folder / "03-later.md").write_text(article("Later", date="2026-02-12"), encoding="utf-8")
        clock.shift(timedelta(minutes=2))
        assert "its hub was published minutes ago; import it again after 09:05:00 UTC" in run(folder)
        assert not Article.objects.filter(slug="later").exists()
        clock.shift(timedelta(minutes=4))
        assert "03-later.md: live from 12 February 2026" in run(folder)
        assert read() == before


def test_what_is_not_dated_back_need_not_wait(folder):
    run(folder)
    for number, name, day in ((3, "ahead", "2999-01-01"), (4, "idea", "draft")):
        (folder / f"{number:02}-{name}.md").write_text(article(name, date=day), encoding="utf-8")
    assert run(folder).endswith("2 made, 0 changed, 10 skipped.\n")
