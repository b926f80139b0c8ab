from django.db import models


class GenerationQuerySet(models.QuerySet["Generation"]):
    def current(self) -> int:
        """The number every cached page is valid for; 0 on an empty site."""
        return self.values_list("number", flat=True).first() or 0


class Generation(models.Model):
    """One row, one number: it rises in the transaction that changes anything public.

    Database triggers raise it (elendihub.triggers), so no way of writing can forget to.
    """

    number = models.PositiveBigIntegerField(default=0)

    objects = GenerationQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_generation")]

    def __str__(self) -> str:
        return f"generation {self.number}"
