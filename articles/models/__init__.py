from .article import Article, FormerSlug
from .citation import Citation
from .link import Link, LinkPlace, SourceText
from .shelf import Category, Topic
from .version import ArticleVersion, VersionTopic

__all__ = [
    "Article",
    "ArticleVersion",
    "Category",
    "Citation",
    "FormerSlug",
    "Link",
    "LinkPlace",
    "SourceText",
    "Topic",
    "VersionTopic",
]
