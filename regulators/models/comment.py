from django.db import models

from elendihub.models import ReviewComment
from elendihub.models.comment import ReviewCommentQuerySet

from .hub import Hub


class HubComment(ReviewComment):
    document = models.ForeignKey(Hub, models.CASCADE, related_name="comments")

    objects = ReviewCommentQuerySet.as_manager()
