"""What exists in an act, and what to tell an editor when it does not."""

from collections.abc import Iterable

from .registry import NOUNS, PLURALS, Register
from .structure import Provision

NORWEGIAN = "NO-"
# Numbers that a message lists before it counts the others.
MOST_NAMED = 6


def may_hold(key: str, kind: str) -> bool:
    """Whether acts of this family have such provisions: §§ are Norwegian, articles and annexes European."""
    return (kind in ("paragraph", "chapter")) if key.startswith(NORWEGIAN) else kind != "paragraph"


def holds(register: Register, key: str, provision: Provision) -> bool | None:
    """None when the register does not know how far the act goes."""
    extent = register.extent(key, provision.kind)
    return extent.holds(provision.number) if extent else None


def reason_for_missing(register: Register, key: str, provisions: Iterable[Provision]) -> str:
    """Empty when all exist or nothing is known."""
    missing = [item for item in provisions if holds(register, key, item) is False]
    if not missing:
        return ""
    kind = missing[0].kind
    numbers = list(dict.fromkeys(item.number for item in missing))
    rest = numbers[-1] if len(numbers) <= MOST_NAMED else f"{len(numbers) - MOST_NAMED + 1} more"
    shown = numbers[0] if len(numbers) == 1 else f"{', '.join(numbers[:-1][: MOST_NAMED - 1])} and {rest}"
    noun, verb = (NOUNS[kind], "does") if len(numbers) == 1 else (PLURALS[kind], "do")
    return f"{register.name(key)} has {register.describe(key, kind)}; {noun} {shown} {verb} not exist."


def reason_for_paragraph(register: Register, key: str, provisions: Iterable[Provision]) -> str:
    act = register.act(key)
    if act is None:
        return ""
    for item in provisions:
        labels = act.paragraphs.get(item.number) if item.paragraph and item.kind == "article" else None
        if labels and item.paragraph not in labels:
            return (
                f"Article {item.number} of the {act.name} has paragraphs {_listed(labels)}; "
                f"{item.paragraph} does not exist."
            )
    return ""


def _listed(labels: tuple[str, ...]) -> str:
    """ "1 to 6" for a plain row, else "1, 2, 3, 3a and 4"."""
    if len(labels) > 2 and list(labels) == [str(number) for number in range(1, len(labels) + 1)]:
        return f"1 to {labels[-1]}"
    return labels[0] if len(labels) == 1 else f"{', '.join(labels[:-1])} and {labels[-1]}"


def reason_for_foreign(provision: Provision) -> str:
    label = f"{NOUNS[provision.kind]} {provision.number}"
    return f"{label} is of a text that the register of law does not hold: it stays without a link."


def reason_for_unnamed(provision: Provision, name: str) -> str:
    label = f"{NOUNS[provision.kind]} {provision.number}"
    return f"No act is named near {label}. Name it: {name} {label}."
