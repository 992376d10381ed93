from django import template
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from apps.gatherings.models import Gathering

register = template.Library()


@register.simple_tag
def co_host_names(gathering: Gathering) -> str:
    """ "Ada, Ben and Cleo": those who have said yes; one query."""
    return get_text_list([member.name for member in gathering.named_co_hosts], _("and"))
