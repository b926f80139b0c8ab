from django.db import models

from elendihub.models import ReviewComment

from .hub import Hub


class HubComment(ReviewComment):
    document = models.ForeignKey(Hub, models.CASCADE, related_name="comments")
