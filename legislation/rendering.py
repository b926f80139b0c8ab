"""The one road every text takes: editor's preview, published page, feed and API all print what `render` made."""

from dataclasses import asdict, dataclass
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from elendihub import markdown
from legislation import addresses
from legislation.addresses import Law
from legislation.blocks import Block
from legislation.linking import TextCitation, link_citations
from legislation.terms import NOTHING, explain_terms

PARSER = markdown.new_parser()
LINE_PARSER = markdown.new_line_parser()
for parser in (PARSER, LINE_PARSER):
    parser.core.ruler.push(link_citations.__name__, link_citations)
PARSER.core.ruler.push(explain_terms.__name__, explain_terms)


@dataclass(frozen=True)
class Rendered(markdown.Rendered):
    """`citations` in the order of the text, footnotes last; `blocks` are its words as they stand in the source.

    `terms` are those that the text uses, in the plain form that a version stores: slug, name, expansion, definition.
    """

    citations: tuple[TextCitation, ...] = ()
    blocks: tuple[Block, ...] = ()
    terms: tuple[dict[str, str], ...] = ()


def render(source: str, law: Law | None = None, *, explains_terms: bool = True) -> Rendered:
    """Markdown to sanitised HTML with its contents and citations. Depends on the source and the register only.

    `law` is what the citations are read against (default: the database's own). Terms are explained only where the page
    has room for their entries. Raises markdown.TooLong.
    """
    law = law or addresses.current()
    env: dict[str, Any] = {"law": law, "vocabulary": law.vocabulary if explains_terms else NOTHING}
    text = markdown.render(source, PARSER, env)
    found = (tuple(env[name]) for name in ("citations", "blocks", "terms"))
    return Rendered(text.html, text.contents, text.images, *found)


@dataclass(frozen=True)
class RenderedLine:
    html: str
    citations: tuple[TextCitation, ...]
    blocks: tuple[Block, ...]


Text = Rendered | RenderedLine


def render_line(source: str, law: Law | None = None) -> RenderedLine:
    """One line of Markdown, such as a fact or a responsibility, to sanitised HTML."""
    env: dict[str, Any] = {"law": law or addresses.current()}
    html = markdown.render_inline(source, LINE_PARSER, env)
    return RenderedLine(html, tuple(env["citations"]), tuple(env["blocks"]))


def contents(rendered: markdown.Rendered) -> list[dict[str, Any]]:
    """The table of contents in the plain form that a version stores: level, anchor, title."""
    return [asdict(heading) for heading in rendered.contents]


def citations(rendered: Text) -> list[dict[str, Any]]:
    """The citations in the plain form that a version stores."""
    return [
        {
            "position": citation.position,
            "line": citation.line,
            "surface": citation.surface,
            "instrument": citation.instrument or "",
            "provisions": list(citation.labels),
            "sentence": citation.sentence,
        }
        for citation in rendered.citations
    ]


def markdownify(source: str) -> SafeString:
    """What the editor's preview shows; a text that cannot be rendered says why."""
    try:
        return mark_safe(render(source).html)  # noqa: S308 - sanitised by nh3
    except markdown.TooLong as error:
        return format_html('<p class="errornote">{}</p>', error)
