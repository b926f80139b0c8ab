from .address import FormerSlug, PastAddress
from .article import Article
from .citation import Citation
from .link import Link, LinkPlace
from .shelf import Category, Topic
from .source import SourceText
from .version import ArticleVersion, VersionTopic

__all__ = [
    "Article",
    "ArticleVersion",
    "Category",
    "Citation",
    "FormerSlug",
    "Link",
    "LinkPlace",
    "PastAddress",
    "SourceText",
    "Topic",
    "VersionTopic",
]
