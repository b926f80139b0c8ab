"""The terms of the law from A to Z, each with its definition and the provision that has the legal one."""

from dataclasses import dataclass, field
from functools import lru_cache

from legislation import addresses, rendering
from legislation.addresses import Law
from legislation.models import Term


@dataclass(frozen=True)
class Entry:
    """`basis_html` leads to the provisions; `see_also` are related terms that have entries."""

    term: Term
    basis_html: str
    see_also: list[Term]


@dataclass
class Letter:
    letter: str
    entries: list[Entry] = field(default_factory=list)


def letters() -> list[Letter]:
    """Two small queries while the law and the terms stay as they are."""
    return letters_for(addresses.current())


@lru_cache(maxsize=1)
def letters_for(law: Law) -> list[Letter]:
    """The terms of the moment for which this law was read: a changed database makes another one."""
    terms = sorted(Term.objects.all(), key=lambda term: (term.name.casefold(), term.pk))
    by_name = {name.casefold(): term for term in terms for name in (*term.aliases, term.name)}
    found: dict[str, Letter] = {}
    for term in terms:
        letter = term.name[:1].upper()
        see_also = [by_name[name.casefold()] for name in term.see_also if name.casefold() in by_name]
        entry = Entry(term, rendering.render_line(term.basis, law).html, see_also)
        found.setdefault(letter, Letter(letter)).entries.append(entry)
    return list(found.values())
