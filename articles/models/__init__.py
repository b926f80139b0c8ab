from .address import FormerSlug, PastAddress
from .article import Article
from .citation import Citation
from .shelf import Category, Topic
from .version import ArticleVersion, VersionTopic

__all__ = [
    "Article",
    "ArticleVersion",
    "Category",
    "Citation",
    "FormerSlug",
    "PastAddress",
    "Topic",
    "VersionTopic",
]
