from django.utils.safestring import SafeString

from articles.models import Article, ArticleVersion
from elendihub.structured_data import absolute, breadcrumbs, publisher, script_html


def article_data(article: Article, version: ArticleVersion, hub_name: str) -> SafeString:
    """The article for search engines: when published, when changed, by whom, where it stands."""
    return script_html(
        {
            "@type": "Article",
            "headline": version.title[:110],
            "description": version.summary,
            "url": absolute(article.get_absolute_url()),
            "mainEntityOfPage": absolute(article.get_absolute_url()),
            "inLanguage": "en",
            "datePublished": version.published_at.isoformat(),
            "dateModified": version.changed_at.isoformat(),
            "version": version.number,
            "articleSection": version.category_name,
            "keywords": [topic["name"] for topic in version.topics],
            "author": publisher(),
            "publisher": publisher(),
        },
        breadcrumbs(
            ("All regulatory hubs", "/"),
            (hub_name, article.hub.get_absolute_url()),
            (version.title, article.get_absolute_url()),
        ),
    )
