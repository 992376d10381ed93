from django import template
from django.contrib.auth.models import AnonymousUser

from apps.outbox.models import Suppression
from apps.profiles.models import Member

register = template.Library()


@register.simple_tag
def mail_trouble(member: Member | AnonymousUser) -> Suppression | None:
    """Why no mail reaches this reader; one query."""
    return Suppression.objects.of(member.email).first() if isinstance(member, Member) else None
