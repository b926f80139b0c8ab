"""Links and pictures that say nothing to whoever hears them."""

from collections.abc import Iterable, Iterator

from django.conf import settings

from legislation.blocks import Block

from .finding import Finding

ALT_PLACEHOLDER = "describe this image"
EMPTY_WORDS = frozenset(
    ("", "here", "click", "click here", "this", "this link", "this page", "link", "more", "read more", "learn more")
)


def empty_words(blocks: Iterable[Block]) -> Iterator[Finding]:
    for block in blocks:
        for link in block.links:
            if not link.has_picture and link.text.strip(" .,:;!→›»“”\"'").lower() in EMPTY_WORDS:
                words = f"The link “{link.text.strip()}” does not say where it leads."
                yield Finding(link.line, f"{words} Link the words that name the page.")


def foreign_pictures(blocks: Iterable[Block]) -> Iterator[Finding]:
    for block in blocks:
        for picture in block.pictures:
            if not picture.address.startswith(settings.MEDIA_URL):
                cure = "Upload it here, so that readers ask no other site for it."
                yield Finding(picture.line, f"The image {picture.address} is not ours. {cure}")


def missing_descriptions(blocks: Iterable[Block]) -> Iterator[Finding]:
    for block in blocks:
        for picture in block.pictures:
            if picture.alt in ("", ALT_PLACEHOLDER):
                words = f"The image {picture.address} has no description."
                yield Finding(picture.line, f"{words} Write one between its square brackets.")
