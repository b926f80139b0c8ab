from collections.abc import Iterable, Iterator

from legislation.blocks import Block

from .finding import Finding


def skipped_levels(blocks: Iterable[Block], top: int) -> Iterator[Finding]:
    """Headings two or more levels below the one before; the first may stand at `top`."""
    before = top - 1
    for block in blocks:
        if not block.is_heading:
            continue
        level = int(block.tag[1])
        if level > before + 1:
            here, wanted = "#" * level, "#" * (before + 1)
            yield Finding(block.line, f"The heading “{block.text}” skips a level. Begin it with {wanted}, not {here}.")
        before = level
