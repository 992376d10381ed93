"""What is measured on a page: what it asked for, what it complained of, and whether it can be seen, hit and read."""

from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import ConsoleMessage, Page, Request

# A violation is reported to the console as well, but not with the line that caused it.
REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`${event.violatedDirective} forbids ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));
"""

TOO_WIDE = """() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  const isOut = (box) => box.width && (box.right > room + 1 || box.left < -1);
  return [...document.querySelectorAll("body *")]
    .filter((node) => isOut(node.getBoundingClientRect()))
    .map((node) => node.outerHTML.slice(0, 120));
}"""

# A target is as large as the area that answers for it, its label included: so that is probed, not the box.
TOO_SMALL = """([part, most]) => {
  const seen = (node) => node.checkVisibility({ visibilityProperty: true }) && node.getClientRects().length;
  const inSentence = (node) =>
    node.matches("a") && getComputedStyle(node).display === "inline" &&
    [...node.parentElement.childNodes].some((next) => next.nodeType === Node.TEXT_NODE && next.data.trim());
  const answers = (node, x, y) => {
    const hit = document.elementFromPoint(x, y);
    return hit && (node.contains(hit) || hit.closest("label")?.control === node);
  };
  const isSmall = (node) => {
    node.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
    const box = (node.labels?.[0]?.contains(node) ? node.labels[0] : node).getBoundingClientRect();
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    const far = most / 2 - 0.6;
    return ![[x - far, y], [x + far, y], [x, y - far], [x, y + far]].every(([at, on]) => answers(node, at, on));
  };
  const targets = [...document.querySelectorAll(part)].filter((node) => seen(node) && !inSentence(node));
  const small = targets.filter(isSmall).map((node) => node.outerHTML.slice(0, 160));
  window.scrollTo({ top: 0, behavior: "instant" });
  return small;
}"""
REPEATED_IDS = """() => {
  const ids = [...document.querySelectorAll("[id]")].map((node) => node.id);
  return ids.filter((id, place) => ids.indexOf(id) !== place);
}"""
TARGETS = "main :is(a[href], button, summary, select, textarea, input:not([type=hidden]))"
MAIN_BUTTONS = "main :is(button, .button-main)"


class Watch:
    """Everything a page asked for and complained of, from now on."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.requests: list[Request] = []
        self.complaints: list[str] = []
        page.add_init_script(REPORT_VIOLATIONS)
        page.on("request", lambda request: self.requests.append(request))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self.hear)

    def hear(self, message: ConsoleMessage) -> None:
        """The browser also notes each page that comes with a 404 or a 422, which some are meant to."""
        is_the_page = message.location["url"] == self.page.url and message.text.startswith("Failed to load resource")
        if message.type in ("error", "warning") and not is_the_page:
            self.complaints.append(f"{message.text} ({message.location['url']})")

    def to_others(self, base_url: str) -> list[str]:
        """Requests to any host but the app's own; a picture within the page is none."""
        own = urlsplit(base_url).netloc
        asked = [request.url for request in self.requests if not request.url.startswith("data:")]
        return [url for url in asked if urlsplit(url).netloc != own]


def too_wide(page: Page) -> list[Any]:
    """What makes the page scroll sideways; nothing if it does not."""
    return list(page.evaluate(TOO_WIDE))


def smaller_than(page: Page, part: str, pixels: int) -> list[Any]:
    """Targets that do not answer over a cross of so many pixels; links within a sentence are free to be small."""
    return list(page.evaluate(TOO_SMALL, [part, pixels]))


def repeated_ids(page: Page) -> list[Any]:
    """What more than one element is called: labels and links then lead to the first of them only."""
    return list(page.evaluate(REPEATED_IDS))


def violations(page: Page, rules: list[str] | None = None) -> str:
    """What axe finds, by all its rules or by those named; empty if nothing."""
    only = {"runOnly": {"type": "rule", "values": rules}} if rules else {}
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = AxeResults(page.evaluate("(options) => axe.run(options)", {"resultTypes": ["violations"], **only}))
    return str(found.generate_report()) if found.violations_count else ""
