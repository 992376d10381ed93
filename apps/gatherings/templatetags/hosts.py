from django import template
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from apps.gatherings.models import Gathering
from apps.profiles.models import Member

register = template.Library()


@register.simple_tag
def name_of(member: Member) -> SafeString:
    """Their name: for whoever has met them (`faces.recognise`) the way to their page."""
    if not member.is_met:
        return escape(member.name)
    url = reverse("gatherings:person", args=[member.key])
    return format_html('<a class="person-link" href="{}">{}</a>', url, member.name)


@register.simple_tag
def co_host_names(gathering: Gathering) -> SafeString:
    """ "Ada, Ben and Cleo": those who have said yes; one query."""
    names: list[str] = [name_of(member) for member in gathering.named_co_hosts]
    return mark_safe(get_text_list(names, escape(_("and"))))  # of names that are escaped, each
