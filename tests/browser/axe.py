"""axe-core's opinion of a page; its source is a development package of the chat page."""

from functools import cache
from typing import Any

from playwright.sync_api import Page

from tools.web_build import CHAT

GRAVE = ("serious", "critical")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@cache
def _source() -> str:
    return (CHAT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


def grave_findings(page: Page) -> list[str]:
    """Serious and critical findings on what the page shows now, one line for each element."""
    page.evaluate(_source())
    # Without preload nothing is fetched; frames are pages of their own and looked at as such.
    report: dict[str, Any] = page.evaluate(
        """(tags) => axe.run(document, {runOnly: tags, resultTypes: ["violations"], preload: false, iframes: false})""",
        TAGS,
    )
    return [
        f"{finding['id']} ({finding['impact']}): {node['target']} {node['html'][:120]} {node['failureSummary']}"
        for finding in report["violations"]
        if finding["impact"] in GRAVE
        for node in finding["nodes"]
    ]
