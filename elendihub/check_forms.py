"""The desk's form for a check: its sources stand one to a line, and nothing is cleared that its writer has not seen."""

import re
from collections.abc import Iterable, Mapping
from html import unescape
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.html import strip_tags

from elendihub.publishing_forms import Text
from elendihub.review import Outcome, as_list
from elendihub.widgets import DayInput, Radios

# Links that lead out of the site, as the renderer writes them.
LINK = re.compile(r'<a\b[^>]*?\bhref="(https?://[^"]+)"[^>]*>(.*?)</a>', re.DOTALL)
MOST_OFFERED = 50
OVERTAKEN = (
    "Somebody published this, checked it or recorded an amendment after you opened the page. Read it again first."
)
Source = Mapping[str, str]


class CheckForm(forms.Form):
    verb = "Record a check"
    data: Any

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    outcome = forms.ChoiceField(
        choices=[
            (Outcome.CONFIRMED, "Confirmed: I compared the whole text with the sources below, and it stands"),
            (
                Outcome.NOT_AFFECTED,
                "Not affected: the law was amended, and the text stands. The next review stays as due",
            ),
            (Outcome.NEEDS_CHANGE, "Needs a change: what I found is in the note. Nothing is cleared"),
        ],
        widget=Radios,
    )
    checked_on = forms.DateField(widget=DayInput, label="Checked on")
    sources = Text(
        widget=AdminTextareaWidget({"rows": 6}),
        required=False,
        help_text="One a line: title | address. These come from the text and its last check; keep what you read.",
    )
    note = Text(
        widget=AdminTextareaWidget({"rows": 3}),
        required=False,
        max_length=2000,
        label="Public note",
        help_text="Why an amendment does not affect the text, or what has to change. Readers see it.",
    )

    def __init__(self, data: Any = None, *, version: Any, offered: Iterable[Source], outcome: str = "") -> None:
        self.version = version
        self.state = seen(version)
        super().__init__(
            data,
            initial={
                "seen": self.state,
                "outcome": outcome,
                "checked_on": timezone.now().date(),
                "sources": "\n".join(f"{source['title']} | {source['url']}" for source in offered),
            },
        )

    def clean_seen(self) -> str:
        if self.cleaned_data["seen"] != self.state:
            self.data = self.data.copy()
            self.data["seen"] = self.state
            raise ValidationError(OVERTAKEN)
        return self.state

    def clean_sources(self) -> list[Source]:
        lines = [line.strip() for line in self.cleaned_data["sources"].splitlines()]
        return [source(line) for line in lines if line]

    def clean(self) -> dict[str, Any] | None:
        if not self.errors:
            check = self.check(by=None)
            try:
                check.full_clean(exclude=["checked_by_name"])
            except ValidationError as error:
                for name, problems in error.update_error_dict({}).items():
                    self.add_error(name if name in self.fields else None, problems)
        return super().clean()

    def check(self, by: Any) -> Any:
        """The check that the form describes, not saved."""
        link: Any = type(self.version)._meta.get_field("checks")
        values = {name: self.cleaned_data[name] for name in ("outcome", "checked_on", "sources", "note")}
        return link.related_model(**{link.field.name: self.version}, **values, checked_by=by)

    def carry_out(self, by: Any) -> str:
        check = self.check(by)
        check.save()
        return f"Recorded of version {self.version.number}: {check.get_outcome_display()}."


def seen(version: Any) -> str:
    """Changes with the version, with each check and with each flag: rows of for_page() tell."""
    checks = [row["pk"] for row in as_list(version.checks_recorded)]
    return f"{version.pk}.{max(checks, default=0)}.{len(as_list(getattr(version, 'amendments_open', None)))}"


def source(line: str) -> Source:
    title, bar, url = line.rpartition("|")
    if not bar or not title.strip():
        raise ValidationError(
            f"“{line[:100]}”: write a title, a bar and the address: MDR | https://eur-lex.europa.eu/…"
        )
    return {"title": title.strip(), "url": url.strip()}


def links(*texts_html: str) -> list[Source]:
    """The outgoing links of rendered texts, each address once."""
    found = [(unescape(url), title) for html in texts_html for url, title in LINK.findall(html)]
    return [{"title": " ".join(unescape(strip_tags(title)).split()) or url, "url": url} for url, title in found]


def offered(*groups: Iterable[Source]) -> list[Source]:
    """Each address once, under the first title that it has, and no bar in a title."""
    found: dict[str, Source] = {}
    for each in (each for group in groups for each in group):
        found.setdefault(each["url"], {"title": each["title"].replace("|", "/"), "url": each["url"]})
    return list(found.values())[:MOST_OFFERED]
