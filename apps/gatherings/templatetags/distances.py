from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext

register = template.Library()


@register.filter
def distance(metres: float) -> str:
    """Metres in words: points are snapped to squares of about a kilometre, so nothing finer would be true."""
    if metres < 1000:
        return gettext("within a kilometre")
    km = round(metres / 1000, 1 if metres < 10_000 else 0)
    return gettext("%s km") % number_format(km, 1 if metres < 10_000 else 0)
