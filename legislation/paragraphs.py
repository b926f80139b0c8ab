"""The paragraphs of a provision: their order, and the anchors under which its page shows them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from legislation.citations.numerals import arabic
from legislation.models import Provision


@dataclass(frozen=True)
class Paragraph:
    """`label` is 3c for (3c); `citing` counts the articles of ours that cite it."""

    label: str
    anchor: str
    is_deleted: bool
    citing: int


def counted(provision: Provision, citing: Mapping[str, int]) -> list[Paragraph]:
    """Those that exist today and those that existed once, in the order of the text. `citing` is by label."""
    labels = {*provision.paragraphs, *provision.deleted_paragraphs}
    deleted = {*provision.deleted_paragraphs} - {*provision.paragraphs}
    return [
        Paragraph(label, anchor(label), label in deleted, citing.get(label, 0)) for label in sorted(labels, key=order)
    ]


def anchor(label: str) -> str:
    """p3c; letters and digits only, whatever was typed."""
    return "p" + re.sub(r"[^0-9a-z]+", "", label.lower())


def first_step(path: str) -> str:
    """3c of "(3c)(a)"; empty where the path does not begin with a paragraph."""
    found = re.match(r"\(([^()]+)\)", path)
    return found[1] if found else ""


def order(label: str) -> tuple[int, str]:
    value, letter = arabic(label)
    return value or 0, letter
