from .address import FormerSlug, PastAddress
from .article import Article
from .check import Check
from .citation import Citation
from .comment import ArticleComment
from .flag import Flag, HubFlag
from .link import Link, LinkPlace
from .shelf import Category, Topic
from .source import SourceReading, SourceText
from .version import ArticleVersion, VersionTopic

__all__ = [
    "Article",
    "ArticleComment",
    "ArticleVersion",
    "Category",
    "Check",
    "Citation",
    "Flag",
    "FormerSlug",
    "HubFlag",
    "Link",
    "LinkPlace",
    "PastAddress",
    "SourceReading",
    "SourceText",
    "Topic",
    "VersionTopic",
]
