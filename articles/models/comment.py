from django.db import models

from elendihub.models import ReviewComment
from elendihub.models.comment import ReviewCommentQuerySet

from .article import Article


class ArticleComment(ReviewComment):
    document = models.ForeignKey(Article, models.CASCADE, related_name="comments")

    objects = ReviewCommentQuerySet.as_manager()
