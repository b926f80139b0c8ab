"""What other tests stand on: rows are whole, and a test that commits leaves nothing behind on either database."""

from urllib.request import urlopen

import pytest
from django.db import connection
from django.db.utils import DatabaseError

from articles.models import Article, ArticleVersion
from elendihub.models import Generation
from tests import factories


def test_a_published_article_stands_in_a_published_hub(db):
    version = factories.make_published_article(title="Labelling")
    assert ArticleVersion.objects.live().get().title == "Labelling"
    assert version.article.hub.versions.live().count() == 1


def test_an_editor_may_publish_unless_told_otherwise(db):
    before, after = factories.make_article(), None
    editor = factories.make_editor()
    after = factories.make_article()
    limited = factories.make_member(before.hub)
    for article in (before, after):
        assert editor.has_perm("articles.publish_article", article)
        assert limited.has_perm("articles.change_article", article) == (article == before)
        assert not limited.has_perm("articles.publish_article", article)


@pytest.mark.parametrize("run", ["first", "second"])
def test_a_committing_test_begins_empty_and_ends_with_permanent_rows(transactional_db, run):
    assert not Article.objects.exists()
    assert Generation.objects.current() == 0
    version = factories.make_published_article()
    assert Generation.objects.current() > 0
    for statement in ("DELETE FROM articles_articleversion", "UPDATE articles_articleversion SET title = 'Changed'"):
        with pytest.raises(DatabaseError, match="published rows are permanent"), connection.cursor() as cursor:
            cursor.execute(statement)
    version.refresh_from_db()
    assert version.title != "Changed"


def test_a_live_server_answers_and_leaves_nothing_behind(live_server, client):
    factories.make_published_article()
    with urlopen(f"{live_server.url}/admin/login/", timeout=20) as response:
        assert response.status == 200
