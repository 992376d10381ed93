"""A little Markdown in what people write: emphasis, lists and links. Whatever else it is stays text, to the letter."""

import re

import nh3
from django import template
from django.template.defaultfilters import linebreaks_filter
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

LONGEST = 4000  # characters; no form takes as many, and reading what was made to be read slowly takes time
ABROAD = re.compile(r"(https?://[^/?#]|mailto:[^?#]+@)", re.IGNORECASE)  # no path of ours: a link is no button


class Markdown(MarkdownIt):
    """No HTML, no pictures, no headings, no tables; a line that ends is a line that ends."""

    def __init__(self) -> None:
        super().__init__("zero", {"breaks": True})
        self.enable(["emphasis", "escape", "link", "list", "newline"])

    def validateLink(self, url: str) -> bool:  # as the library calls it
        return bool(ABROAD.match(url))


MARKDOWN = Markdown()
register = template.Library()


@register.filter
def markup(words: str) -> SafeString:
    """As HTML that nothing can hide in: even if the reader of Markdown were wrong, only this is let through."""
    if len(words) > LONGEST:
        return linebreaks_filter(words)
    clean = nh3.clean(
        MARKDOWN.render(words),
        tags={"p", "br", "em", "strong", "ul", "ol", "li", "a"},
        attributes={"*": set(), "a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"},
        url_relative="deny",
        link_rel="nofollow noopener noreferrer ugc",
    )
    return mark_safe(clean)  # cleaned by nh3
