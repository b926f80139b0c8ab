"""The one road every text takes: editor's preview, published page, feed and API all print what `render` made."""

from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from elendihub import markdown

ALT_PLACEHOLDER = "describe this image"


def render(source: str) -> markdown.Rendered:
    """Markdown to sanitised HTML with its contents. Raises markdown.TooLong."""
    return markdown.render(source)


def render_line(source: str) -> str:
    """One line of Markdown, such as a fact or a responsibility, to sanitised HTML."""
    return markdown.render_inline(source)


def picture_problems(source: str) -> list[str]:
    """Why the pictures of a text may not be published, each with its cure."""
    problems = []
    for address, alt in render(source).images:
        if not address.startswith(settings.MEDIA_URL):
            problems.append(
                f"The image {address} is not ours. Upload it here, so that readers ask no other site for it."
            )
        if not alt or alt == ALT_PLACEHOLDER:
            problems.append(f"The image {address} has no description. Write one between its square brackets.")
    return problems


def contents(rendered: markdown.Rendered) -> list[dict[str, Any]]:
    """The table of contents in the plain form that a version stores: level, anchor, title."""
    return [asdict(heading) for heading in rendered.contents]


def markdownify(source: str) -> SafeString:
    """What the editor's preview shows; a text that cannot be rendered says why."""
    try:
        return mark_safe(render(source).html)  # noqa: S308 - sanitised by nh3
    except markdown.TooLong as error:
        return format_html('<p class="errornote">{}</p>', error)
