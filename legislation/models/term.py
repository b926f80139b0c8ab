from __future__ import annotations

from django.db import models
from django.urls import reverse

from .provision import check_labels


class TermQuerySet(models.QuerySet["Term"]):
    def get_by_natural_key(self, slug: str) -> Term:
        return self.get(slug=slug)


class Term(models.Model):
    """A word of the law, explained in ours. The legal definition is in the provision named."""

    slug = models.SlugField(max_length=80, unique=True, help_text="Its anchor in the glossary.")
    name = models.CharField(
        max_length=100,
        unique=True,
        error_messages={"unique": "The glossary has this term already. Open that one, or write another."},
    )
    expansion = models.CharField(max_length=200, blank=True, help_text="What an abbreviation stands for.")
    definition = models.TextField(help_text="In our own words, one or two sentences.")
    basis = models.CharField("legal basis", max_length=200, blank=True, help_text="MDR Article 2(30).")
    aliases = models.JSONField(default=list, blank=True, help_text="Other words for it, with commas.")
    see_also = models.JSONField(default=list, blank=True, help_text="Names of related terms, with commas.")
    is_certain = models.BooleanField(default=True)

    objects = TermQuerySet.as_manager()

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"{reverse('glossary')}#{self.slug}"

    def clean(self) -> None:
        check_labels("aliases", self.aliases)
        check_labels("see_also", self.see_also)

    def natural_key(self) -> tuple[str]:
        return (self.slug,)
