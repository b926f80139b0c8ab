"""Texts that mean harm, or are too much: what comes out is harmless, whoever wrote it."""

import re
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elendihub import markdown
from elendihub.markdown import TooLong, render, render_inline
from tests.reading import Reader

MARK = "pwned()"
TAGS = frozenset(
    "a b blockquote br caption code dd div dl dt em h1 h2 h3 h4 h5 h6 hr img li ol p pre strong table tbody td th "
    "thead tr ul".split()
)
ATTRIBUTES = frozenset(
    "alt aria-label aria-labelledby class height href id loading role scope src start tabindex title width".split()
)
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:")
SCHEMES = frozenset({"http:", "https:", "mailto:", "tel:"})


def dangers(html):
    """What in the HTML is not of the few things that a text is made of."""
    found = re.findall(r"<[!?]|[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ud800-\udfff]", html)
    for element in Reader(html).elements:
        found += {element.tag} - TAGS
        found += element.attributes.keys() - ATTRIBUTES
        for name in ("href", "src"):
            scheme = SCHEME.match(re.sub(r"[\x00-\x20]", "", element.attributes.get(name, "")).lower())
            found += {scheme[0]} - SCHEMES if scheme else ()
    return found


def assert_harmless(source):
    rendered = render(source)
    for html in (rendered.html, render_inline(source)):
        assert dangers(html) == []
        assert markdown.SANITISER.clean(html) == html
    ids = [element.attributes["id"] for element in Reader(rendered.html).elements if "id" in element.attributes]
    assert len(ids) == len(set(ids))
    assert {heading.anchor for heading in rendered.contents} <= set(ids)


HOSTILE = [
    f"<script>{MARK}</script>",
    f"<img src=x onerror={MARK}>",
    f"<svg/onload={MARK}>",
    f"<math><mtext></p><style><img src onerror={MARK}>",
    f"<!--><script>{MARK}</script>-->",
    f"[a](javascript:{MARK})",
    f"[a](JaVaScRiPt:{MARK})",
    f"[a](java&#10;script:{MARK})",
    f"[a](&#x6A;avascript:{MARK})",
    f"[a](\x01javascript:{MARK})",
    f"[a](<java\tscript:{MARK}>)",
    f"[a](vbscript:{MARK})",
    f"[a](data:text/html,<script>{MARK}</script>)",
    f"[a](file:///etc/passwd '{MARK}')",
    f"[a]\n\n[a]: javascript:{MARK}",
    f"<javascript:{MARK}>",
    f"![a](data:image/svg+xml;base64,{MARK})",
    f'![a"onerror="{MARK}](x "y\\" onload=\\"{MARK}")',
    f'[a](x"onmouseover="{MARK})',
    f'```"><img src=x onerror={MARK}>\ntext\n```',
    f'``` x" onclick="{MARK}\n```',
    f"::: note <img src=x onerror={MARK}>\n:::",
    f'::: warning " onclick="{MARK}\n:::',
    f'## a" onclick="{MARK}\n',
    f'Table: <script>{MARK}</script>\n\n| <img onerror={MARK}> |\n|---|\n| " onclick={MARK} |',
    f'text[^"onclick={MARK}]\n\n[^"onclick={MARK}]: <svg onload={MARK}>',
    f"^[<iframe srcdoc='<script>{MARK}</script>'>]",
    f"term\n: <a href=javascript:{MARK}>x",
    f"&lt;script&gt;{MARK}&lt;/script&gt;",
    f"\\<script>{MARK}",
    f"<<script>{MARK}//<</script>",
    "[a](http://[)",
    "[a](//evil.example)",
    "\ud800<script\udfff>",
]


@pytest.mark.parametrize("source", HOSTILE)
def test_a_text_that_means_harm_becomes_harmless(source):
    assert_harmless(source)


PIECES = st.sampled_from(
    [
        *"\n*_`~[]()<>!&#|:\\\"'^-+=>/\t \x00\x0b\f\u2028\ufeff",
        "    ",
        "](",
        "[^",
        "[^a]: ",
        "::: note",
        ":::",
        "\n\n",
        "## ",
    ]
    + [
        "javascript:",
        "data:",
        "<script>",
        "<a href=",
        "onerror=",
        "|---|",
        "| a |",
        "Table: ",
        "<!--",
        "-->",
        "&#106;",
        "http://",
    ]
)


@given(st.text())
def test_any_text_at_all_renders_without_harm(text):
    assert_harmless(text)


@given(st.lists(PIECES | st.text(max_size=3), max_size=40).map("".join))
def test_any_mixture_of_marks_renders_without_harm(text):
    assert_harmless(text)


def test_characters_that_cannot_be_written_are_dropped():
    assert render("\ufeff## a\x00b\x0bc\ud800d\x1be\x85f\uffffg").html == '<h2 id="abcdefg">abcdefg</h2>\n'
    assert render_inline("a\x00b\ud800c") == "abc"


def test_a_text_over_the_limit_is_refused_with_the_cure():
    render("a" * markdown.MAX_SOURCE)
    for road in (render, render_inline):
        with pytest.raises(TooLong, match=r"200,001 characters; 200,000 are the most\. Split it"):
            road("a" * (markdown.MAX_SOURCE + 1))


# The work grows with the length of the text, not with its square: counted in calls, so that no clock is asked

GROWING = [
    "[",
    "[a](",
    "*a ",
    "_a__",
    "![",
    "^[",
    "`a``",
    "> ",
    "- a\n",
    "# a\n",
    "a\n: ",
    "[^1]",
    "[a]:b\n",
    "|a",
    "::: note\n",
    "<a ",
]


def calls(source):
    count = 0

    def counting(frame, event, argument):
        nonlocal count
        count += 1

    sys.setprofile(counting)
    try:
        render(source)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("pattern", GROWING)
def test_the_work_grows_in_step_with_the_text(pattern):
    calls(pattern)
    once, twice = (calls(pattern * length) for length in (400, 800))
    assert twice < 2.5 * once + 1000
