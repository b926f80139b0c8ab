from django.db import models

from elendihub.models import ReviewComment

from .article import Article


class ArticleComment(ReviewComment):
    document = models.ForeignKey(Article, models.CASCADE, related_name="comments")
