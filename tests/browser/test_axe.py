"""The rules themselves: they find what is wrong, or a silent page would prove nothing."""

import pytest

from tests.browser.axe import AA, BOXES, COLOURS, violations

PAGE = """<!doctype html><html lang="en"><title>Faults</title><main><h1>Faults</h1>
<p style="background: #fff; color: #777">Enough for nobody.</p><p style="background: #fff; color: #666">For most.</p>
<img src="data:,">
<div tabindex="0" style="height: 40px; overflow: auto"></div>
<p><a href="#a" style="display: block; width: 9px; height: 9px; overflow: hidden">a</a>
<a href="#b" style="display: block; width: 9px; height: 9px; overflow: hidden">b</a></p></main></html>"""


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({}, {"color-contrast", "color-contrast-enhanced", "image-alt", "target-size"}),
        ({"tags": AA}, {"color-contrast", "image-alt", "target-size"}),
        ({"only": COLOURS}, {"color-contrast", "color-contrast-enhanced"}),
        ({"only": BOXES}, {"target-size"}),
    ],
)
def test_faults_are_found(page, chosen, expected):
    page.set_content(PAGE)
    assert {each.partition(":")[0] for each in violations(page, **chosen)} >= expected
