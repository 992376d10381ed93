from django.core import signing
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from apps.outbox import links
from apps.profiles.models import Member
from apps.profiles.requests import Request


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mail_link(request: Request, token: str) -> HttpResponse:
    try:
        link = links.opened(token)
        return links.answer_to(link)(request, link)
    except (signing.BadSignature, Member.DoesNotExist):
        return render(request, "outbox/link_ended.html", status=404)
