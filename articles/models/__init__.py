from .address import FormerSlug, PastAddress
from .article import Article
from .check import Check
from .citation import Citation
from .flag import Flag
from .shelf import Category, Topic
from .version import ArticleVersion, VersionTopic

__all__ = [
    "Article",
    "ArticleVersion",
    "Category",
    "Check",
    "Citation",
    "Flag",
    "FormerSlug",
    "PastAddress",
    "Topic",
    "VersionTopic",
]
