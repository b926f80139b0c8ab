from __future__ import annotations

from django.db import models

from .instrument import Instrument, territory_code


class IncorporationQuerySet(models.QuerySet["Incorporation"]):
    def get_by_natural_key(self, instrument: str, territory: str) -> Incorporation:
        return self.get(instrument__slug=instrument, territory=territory)


class Incorporation(models.Model):
    """The second clock: how and since when an EU act counts in the EEA or a state of it. Unknown stays unknown."""

    instrument = models.ForeignKey(Instrument, models.CASCADE, related_name="incorporations")
    territory = models.CharField(
        max_length=3, validators=[territory_code], help_text="EEA, or the code of a country such as NO."
    )
    decision = models.ForeignKey(
        Instrument,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="incorporates",
        help_text="The Joint Committee's.",
    )
    decided_on = models.DateField(null=True, blank=True)
    applies_from = models.DateField(null=True, blank=True, help_text="Empty: not confirmed. Never fill in the EU date.")
    note = models.TextField(blank=True)
    is_certain = models.BooleanField(default=True)

    objects = IncorporationQuerySet.as_manager()

    class Meta:
        ordering = ("instrument", "territory")
        constraints = [
            models.UniqueConstraint(
                fields=["instrument", "territory"],
                name="incorporation_once",
                violation_error_message="This territory is already recorded for the instrument. Edit that row.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.instrument} in {self.territory}"

    def natural_key(self) -> tuple[str, str]:
        return (self.instrument.slug, self.territory)
