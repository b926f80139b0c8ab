"""What of a Markdown text carries no citation."""

import pytest

from .marked import found


@pytest.mark.parametrize(
    "text",
    [
        "`MDR Article 5`",
        "``a ` MDR``",
        "```\nMDR\n```",
        "~~~\nMDR",
        "https://example.org/MDR/2017/745",
        "[MDR Article 5](https://example.org)",
        "![MDR](a.png)",
        "[MDR][one]\n\n[one]: https://example.org",
        "[MDR]: https://example.org",
        "<!-- MDR -->",
        '<a href="x">MDR</a>',
        '<span title="MDR"></span>',
        "docs/MDR.md",
        "<https://example.org/a?MDR>",
    ],
)
def test_code_addresses_links_and_comments_carry_none(text):
    assert found(f"See {text}" if "\n" not in text and "]:" not in text else text) == []


@pytest.mark.parametrize(
    "text", ["[MDR]", "[ MDR (x)", "a ` MDR", "[^1]: MDR", "<b>MDR</b>", "MDR<br>", "\\[MDR\\](x)", "a > MDR", "> MDR"]
)
def test_what_only_looks_like_markup_carries_its_citation(text):
    assert [key for _, key, _ in found(text)] == ["MDR"]


def test_a_tag_inside_a_citation_does_not_part_it():
    assert [codes for _, _, codes in found("<b>MDR</b> Article 5")] == ["art_5"]
