from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any, Self

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models, transaction
from django.urls import reverse
from markdownx.models import MarkdownxField

from elendihub.document import Document
from elendihub.markdown import MAX_SOURCE
from elendihub.publishing import PublishingError
from elendihub.review import Reviewed
from elendihub.state import DocumentQuerySet
from legislation import addresses, rendering
from legislation.addresses import Law
from legislation.lint import refusals
from legislation.lint.citations import unresolved
from legislation.lint.finding import Finding
from legislation.rendering import Text

from .hub_version import HubVersion
from .membership import narrowed
from .regulator import Jurisdiction, Regulator


class HubQuerySet(DocumentQuerySet):
    def get_by_natural_key(self, slug: str) -> Hub:
        return self.get(slug=slug)

    def of_hubs_of(self, user: Any, permission: str) -> Self:
        """Those in which the person has the permission."""
        hubs: Self = narrowed(self, "pk", user, permission)
        return hubs

    def due(self, on: date | None = None) -> Self:
        """Public, and never checked as they stand or to be checked again."""
        return self.filter(pk__in=HubVersion.objects.live().readable().due(on).values("hub"))

    def checked_within_interval(self, on: date | None = None) -> Self:
        return self.filter(pk__in=HubVersion.objects.live().readable().checked_within_interval(on).values("hub"))

    def flagged(self) -> Self:
        """Public, and cite a provision that was amended since; no check has cleared it."""
        return self.filter(pk__in=HubVersion.objects.live().readable().flagged().values("hub"))


class Hub(Reviewed, Document):
    """The working copy of the public page about a jurisdiction."""

    jurisdiction = models.OneToOneField(
        Jurisdiction, models.PROTECT, related_name="hub", help_text="Whose devices it is about; each has one hub."
    )
    regulator = models.ForeignKey(
        Regulator,
        models.PROTECT,
        related_name="hubs",
        help_text="Its names and sites appear when the hub is published.",
    )
    slug = models.SlugField(unique=True, help_text="The end of its address, /hubs/…/. Kept for ever once published.")
    title = models.CharField(max_length=200, help_text="The heading of the page.")
    summary = models.TextField(help_text="Two or three sentences under the title; plain text.")
    overview = MarkdownxField(
        validators=[MaxLengthValidator(MAX_SOURCE)],
        help_text="Markdown. Begin headings at ###: the page gives Overview its own.",
    )

    objects = HubQuerySet.as_manager()

    class Meta:
        ordering = ("slug",)
        permissions = [
            ("publish_hub", "Can publish, schedule and withdraw hubs"),
            ("approve_hub", "Can approve hubs for publishing, and send them back"),
            ("check_hub", "Can record checks of hubs"),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        if len(self.overview) <= MAX_SOURCE and re.search("<h[12]", rendering.render(self.overview).html):
            raise ValidationError({"overview": "Begin headings at ###: the page gives Overview its own."})

    def get_absolute_url(self) -> str:
        return reverse("hub_detail", args=[self.slug])

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    def name_at(self, at: datetime) -> str:
        """Of the jurisdiction, as the version of the moment has it; before the first one, as that has it."""
        version = self.versions.live(at).first() or self.versions.order_by("number").first()
        return version.jurisdiction_name if version else ""

    def take_text(self, version: HubVersion) -> None:
        """Its lines too; not the regulator's names and sites, which are kept in their own rows."""
        self.title, self.summary, self.overview = version.title, version.summary, version.overview
        for rows, records in ((self.responsibilities, version.responsibilities), (self.facts, version.facts)):
            rows.all().delete()
            for position, line in enumerate(records, start=1):
                rows.create(position=position, label=line["label"], text=line["text"])

    def unpublishable(self) -> list[str]:
        return said(self.texts(), refusals)

    def unsettled(self) -> list[str]:
        return said(self.texts(), unresolved)

    def texts(self) -> list[tuple[str, Text]]:
        """The overview, which has no name, then each line under its label."""
        law = addresses.current()
        lines = [*self.responsibilities.all(), *self.facts.all()]
        named = [(part.label, rendering.render_line(part.text, law)) for part in lines]
        return [("", rendering.render(self.overview, law)), *named]

    def public_fields(self) -> dict[str, Any]:
        law = addresses.current()
        rendered = rendering.render(self.overview, law, explains_terms=False)
        return {
            "title": self.title,
            "summary": self.summary,
            "overview": self.overview,
            "overview_html": rendered.html,
            "responsibilities": [part.public_record(law) for part in self.responsibilities.all()],
            "facts": [part.public_record(law) for part in self.facts.all()],
            "jurisdiction_name": self.jurisdiction.name,
            "market": self.jurisdiction.market,
            "regulator_record": self.regulator.public_record(),
        }

    def cancel_scheduled(self, *, by: AbstractBaseUser | None) -> Any:
        """As every document, but no article may come to stand in a hub that was never public."""
        with transaction.atomic():
            self._lock()
            waiting = self.articles.filter(versions__live_until__isnull=True, versions__isnull=False)
            if waiting.exists() and not self.versions.live().exists():
                raise PublishingError("Articles of this hub are scheduled, and stand in it. Cancel those first.")
            return super().cancel_scheduled(by=by)


def said(texts: Iterable[tuple[str, Text]], find: Callable[[Text], Iterable[Finding]]) -> list[str]:
    """What `find` finds in a hub's texts: at their line in the overview, else under their label."""
    found = [(label, finding) for label, text in texts for finding in find(text)]
    return [f"{label}: {finding.words}" if label else str(finding) for label, finding in found]


class Part(models.Model):
    """An ordered line of a hub: a short label and one line of Markdown."""

    position = models.PositiveIntegerField(default=0, help_text="Its place in the list; the lowest comes first.")
    label = models.CharField(max_length=100, help_text="One to three words, such as “Vigilance”.")
    text = models.TextField(validators=[MaxLengthValidator(2000)], help_text="One line of Markdown.")

    class Meta:
        abstract = True
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.label

    def public_record(self, law: Law) -> dict[str, str]:
        return {"label": self.label, "text": self.text, "text_html": rendering.render_line(self.text, law).html}


class Responsibility(Part):
    hub = models.ForeignKey(Hub, models.CASCADE, related_name="responsibilities")

    class Meta(Part.Meta):
        verbose_name_plural = "key responsibilities"
        constraints = [
            models.UniqueConstraint(
                fields=["hub", "label"],
                name="responsibility_once_per_hub",
                violation_error_message="This responsibility is already listed.",
            )
        ]


class Fact(Part):
    hub = models.ForeignKey(Hub, models.CASCADE, related_name="facts")

    class Meta(Part.Meta):
        verbose_name = "regulator fact"
        constraints = [
            models.UniqueConstraint(
                fields=["hub", "label"],
                name="fact_once_per_hub",
                violation_error_message="This fact is already listed.",
            )
        ]
