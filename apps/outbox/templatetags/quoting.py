from django import template

register = template.Library()


@register.filter
def quoted(words: str) -> str:
    """For the text of a mail: each line marked, so that none can pass for one of ours."""
    return "\n".join(f"> {line}".rstrip() for line in words.splitlines())
