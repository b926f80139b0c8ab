from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, URLValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from elendihub import settling, state
from elendihub.publishing import Permanent
from elendihub.review import Outcome
from regulators.models import Hub, HubVersion

MOST_SOURCES = 50
LONGEST_TITLE, LONGEST_ADDRESS = 300, 2000
SHAPE = "Name each source by its title and its address."
is_address = URLValidator(schemes=["http", "https"])


class CheckQuerySet(models.QuerySet["Check"]):
    def recorded_by(self, at: Any) -> Self:
        return self.filter(recorded_at__lte=at)

    def of_hub(self, hub: Hub) -> Self:
        """Of the hub's own versions and of its articles'."""
        return self.filter(Q(article_version__article__hub=hub) | Q(hub_version__hub=hub))

    def with_address(self) -> Self:
        """The version, its document and its hub come along, without texts."""
        large = [f"article_version__{name}" for name in ("body", "body_html", "contents", "citations", "topics")]
        large += [f"hub_version__{name}" for name in ("overview", "overview_html", "responsibilities", "facts")]
        rows = self.select_related("article_version__article__hub__jurisdiction", "hub_version__hub")
        return rows.defer(*large, "hub_version__regulator_record")

    def newest_first(self) -> Self:
        return self.order_by("-recorded_at", "-pk")

    def bulk_create(self, objs: Iterable[Check], *args: Any, **kwargs: Any) -> list[Check]:  # type: ignore[override]
        rows = list(objs)
        with settling.writing():
            for row in rows:
                row.prepare()
            return super().bulk_create(rows, *args, **kwargs)  # type: ignore[arg-type, return-value]

    def update(self, **kwargs: Any) -> int:
        raise Permanent

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:
        raise Permanent

    def delete(self) -> tuple[int, dict[str, int]]:
        raise Permanent


class Check(models.Model):
    """A person compared a published text with its sources. Written once; `sources` lists title and url.

    A check that found something to change is on record and listed, and neither clears a flag nor moves the review.
    """

    article_version = models.ForeignKey(
        "articles.ArticleVersion", models.PROTECT, null=True, blank=True, related_name="checks"
    )
    hub_version = models.ForeignKey(HubVersion, models.PROTECT, null=True, blank=True, related_name="checks")
    checked_on = models.DateField()
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    checked_by_name = models.CharField(max_length=150)
    outcome = models.CharField(max_length=12, choices=Outcome)
    sources = models.JSONField(default=list, blank=True)
    note = models.TextField(blank=True, validators=[MaxLengthValidator(2000)])
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = CheckQuerySet.as_manager()

    class Meta:
        ordering = ("recorded_at", "pk")
        indexes = [models.Index(fields=["-recorded_at", "-id"], name="check_latest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(article_version__isnull=True) ^ Q(hub_version__isnull=True),
                name="check_is_of_one_text",
                violation_error_message="A check is of one text: an article's version or a hub's.",
            ),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.CONFIRMED) | ~Q(note=""),
                name="check_that_does_not_confirm_says_why",
                violation_error_message="Say in the note why the text stands, or what has to change.",
            ),
            models.CheckConstraint(
                condition=~Q(outcome=Outcome.CONFIRMED) | Q(sources__0__url__isnull=False),
                name="check_that_confirms_names_a_source",
                violation_error_message="Name at least one source that the text was compared with.",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=Outcome.values),
                name="check_has_an_outcome",
                violation_error_message=f"The outcomes are {', '.join(Outcome.values)}.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} checked on {self.checked_on}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise Permanent
        with settling.writing():
            self.prepare()
            super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise Permanent

    @property
    def version(self) -> Any:
        return self.article_version or self.hub_version

    def prepare(self) -> None:
        """Raises ValidationError for what is no check. Its moment is now: what the past showed stays as it was."""
        self.recorded_at = timezone.now()
        if self.checked_by and not self.checked_by_name:
            self.checked_by_name = self.checked_by.get_username()
        self.full_clean()

    def clean(self) -> None:
        self.note = self.note.strip()
        refuse_odd_sources(self.sources)
        if self.outcome == Outcome.CONFIRMED and not self.sources:
            raise ValidationError({"sources": "Name at least one source that the text was compared with."})
        if self.version and self.checked_on:
            self.clean_day()

    def clean_day(self) -> None:
        began = self.version.live_from.date()
        is_live = state.is_live(self.version, self.recorded_at)
        if self.version.is_withdrawal or not is_live:
            raise ValidationError("Nobody can read this version as a text that counts. Check the one that is live.")
        if self.checked_on > self.recorded_at.date():
            raise ValidationError({"checked_on": "This day has yet to come. Enter the day on which you checked."})
        if self.checked_on < began:
            problem = f"Version {self.version.number} is live since {began:%-d %B %Y}. Enter that day or a later one."
            raise ValidationError({"checked_on": problem})


def refuse_odd_sources(sources: Any) -> None:
    """Raises ValidationError unless it is a list of titles and addresses that a page can print."""
    if not isinstance(sources, list) or not all(is_source(each) for each in sources):
        raise ValidationError({"sources": SHAPE})
    if len(sources) > MOST_SOURCES:
        raise ValidationError({"sources": f"Name at most {MOST_SOURCES} sources."})
    for source in sources:
        refuse_odd_source(source["title"], source["url"])


def is_source(value: Any) -> bool:
    is_pair = isinstance(value, dict) and value.keys() == {"title", "url"}
    return is_pair and all(isinstance(text, str) for text in value.values())


def refuse_odd_source(title: str, url: str) -> None:
    if not title.strip() or len(title) > LONGEST_TITLE or not is_storable(title):
        raise ValidationError({"sources": f"{url[:100]}: Give it a title of at most {LONGEST_TITLE} letters."})
    try:
        is_address(url)
    except ValidationError:
        problem = f"“{title}”: “{url[:100]}” is no address. Write it in full, with https:// or http://."
        raise ValidationError({"sources": problem}) from None
    if len(url) > LONGEST_ADDRESS:
        raise ValidationError({"sources": f"“{title}”: an address has at most {LONGEST_ADDRESS} letters."})


def is_storable(text: str) -> bool:
    """Neither NUL nor half a character, which no database keeps."""
    return "\x00" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)
