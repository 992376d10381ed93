from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from apps.outbox import links
from apps.outbox.switches import answer_switches
from apps.profiles.door import open_to_all
from apps.profiles.models import Member
from apps.profiles.requests import MemberRequest, Request


@open_to_all
@csrf_exempt  # for a mail program's own unsubscribe button; whatever else is posted here needs its token
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mail_link(request: Request, token: str) -> HttpResponseBase:
    return act(request, token) if links.is_one_click(request) else csrf_protect(act)(request, token)


def act(request: Request, token: str) -> HttpResponse:
    try:
        link = links.opened(token)
        response = links.answer_to(link)(request, link)
    except (signing.BadSignature, Member.DoesNotExist):
        return render(request, "outbox/link_ended.html", status=404)
    if request.method == "POST" and link.member_id and not links.is_one_click(request):
        Member.objects.filter(pk=link.member_id).were_here()
    return response


@login_required
@never_cache
def switches(request: MemberRequest) -> HttpResponse:
    return answer_switches(request, request.user)
