"""What the rules of axe-core find wrong with a page."""

from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
EVERYTHING = [*AA, "wcag2aaa", "wcag21aaa", "best-practice"]
# Rules whose answer depends on colours, or on boxes; all others read the document, which no window changes.
COLOURS = {"color-contrast", "color-contrast-enhanced", "link-in-text-block"}
BOXES = {"target-size", "scrollable-region-focusable", "skip-link"}
RUN = """async rules => (await axe.run(document, {runOnly: rules, resultTypes: ['violations'], preload: false}))
    .violations.flatMap(rule => rule.nodes.map(node => `${rule.id}: ${node.html.slice(0, 200)}`))"""


def violations(page: Page, tags: list[str] = EVERYTHING, only: set[str] | None = None) -> list[str]:
    """By the rules of these tags; `only` COLOURS or BOXES where all were asked of the same document before."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    rules = set(page.evaluate("tags => axe.getRules(tags).map(rule => rule.ruleId)", tags))
    found: list[str] = page.evaluate(RUN, sorted(rules if only is None else rules & only))
    return found
