from .article import Article, FormerSlug
from .shelf import Category, Topic
from .version import ArticleVersion, VersionTopic

__all__ = ["Article", "ArticleVersion", "Category", "FormerSlug", "Topic", "VersionTopic"]
