"""The parts of an instrument in the order in which it prints them, each with the number of articles that cite it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from legislation.models import Provision


@dataclass(frozen=True)
class Line:
    """`citing` counts the articles of ours that cite the provision now."""

    provision: Provision
    citing: int


@dataclass
class Section:
    """What stands under one heading: a chapter with its articles, or one kind of provision."""

    name: str
    anchor: str
    chapter: Line | None = None
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True)
class Outline:
    chapters: list[Section]
    kinds: list[Section]
    recitals: list[Line]

    @property
    def is_empty(self) -> bool:
        return not (self.chapters or self.kinds or self.recitals)


def build(provisions: Iterable[Provision], citing: Mapping[int, int]) -> Outline:
    """`provisions` in order; `citing` by their pk. An article of no known chapter stands under Articles."""
    lines = [Line(provision, citing.get(provision.pk, 0)) for provision in provisions]
    chapters = {line.provision.number: chapter_of(line) for line in lines if line.provision.kind == "chapter"}
    named = {"article": "Articles", "section": "Sections", "annex": "Annexes", "rule": "Rules"}
    kinds = {kind: Section(name, name.lower()) for kind, name in named.items()}
    for line in lines:
        provision = line.provision
        if provision.kind in ("article", "section") and provision.chapter in chapters:
            chapters[provision.chapter].lines.append(line)
        elif provision.kind in kinds:
            kinds[provision.kind].lines.append(line)
    recitals = [line for line in lines if line.provision.kind == "recital"]
    return Outline(list(chapters.values()), [section for section in kinds.values() if section.lines], recitals)


def chapter_of(line: Line) -> Section:
    return Section(line.provision.name, line.provision.slug, line)
