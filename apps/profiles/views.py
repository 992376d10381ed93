from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.encoding import iri_to_uri
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.places.memory import home_town, remembered_town
from apps.profiles import codes
from apps.profiles.codes import TooManyCodes
from apps.profiles.door import open_to_all
from apps.profiles.forms import ClosedSignInForm, CodeForm, IntroductionForm, SettingsForm, SignInForm
from apps.profiles.house_rules import rules_of
from apps.profiles.requests import MemberRequest, Request, posted
from apps.profiles.sign_in import AccountClosed, NotInvited, SignInProcess

LONGEST_NEXT = 600  # characters; quoted as part of another address it still fits the 2048 that Django redirects to


def next_url(request: Request) -> str:
    """Where to go after signing in: a path of ours, or nothing for all that is odd or of somebody else's site."""
    url = request.POST.get("next") or request.GET.get("next") or ""
    if not url.startswith("/") or len(iri_to_uri(url)) > LONGEST_NEXT:  # `redirect` may read it as a page's name
        return ""
    return url if url_has_allowed_host_and_scheme(url, {request.get_host()}, request.is_secure()) else ""


def with_next(request: Request, name: str) -> str:
    url = next_url(request)
    return reverse(name) + (f"?{urlencode({'next': url})}" if url else "")


@open_to_all
@never_cache
def sign_in(request: Request) -> HttpResponseBase:
    if request.user.is_authenticated:
        return redirect(next_url(request) or settings.LOGIN_REDIRECT_URL)
    form = sign_in_form(request)
    if request.method == "POST" and form.is_valid():
        try:
            if not ratelimit.consume(request, action="request_login_code"):
                raise TooManyCodes
            SignInProcess.begin(request, form.cleaned_data["email"], newcomer_of(request, form))
            return redirect(with_next(request, "account_confirm_login_code"))
        except TooManyCodes:
            form.add_error("email", _("We have sent several codes already. Please wait ten minutes and try again."))
    context = {"form": form, "next": next_url(request), "has_code": SignInProcess.under_way(request) is not None}
    return render(request, "profiles/sign_in.html", context, status=422 if form.errors else 200)


def sign_in_form(request: Request) -> SignInForm:
    return (ClosedSignInForm if rules_of(request).is_closed else SignInForm)(posted(request))


def newcomer_of(request: Request, form: SignInForm) -> dict:
    town = remembered_town(request) or home_town()
    return {
        "name": form.cleaned_data.get("name", ""),
        "promise": rules_of(request).promise_version if form.cleaned_data.get("promise") else 0,
        "town": town.slug if town else "",
        "language": get_language() or settings.LANGUAGE_CODE,
    }


@open_to_all
@never_cache
def enter_code(request: Request) -> HttpResponseBase:
    process = SignInProcess.under_way(request)
    if not process:
        return ask_again(request, _("That code has run out. We can send you a new one."))
    if process.is_proved:
        return redirect(with_next(request, "profiles:introduce"))
    if request.POST.get("action") == "resend":
        return send_again(request, process)
    if not codes.may_guess(request, process.email):
        return ask_again(request, _("There were many wrong codes from here. Please wait ten minutes and try again."))
    form = CodeForm(posted(request), code=process.code)
    if request.method == "POST":
        if form.is_valid():
            process.prove()
            return finish(request, process)
        codes.has_guessed_wrong(request, process.email)
        if not process.record_invalid_attempt():
            return ask_again(request, _("That was not the code, five times. We can send you a new one."))
    context = {
        "form": form,
        "email": process.email,
        "can_resend": process.can_resend,
        "next": next_url(request),
    }
    return render(request, "profiles/enter_code.html", context, status=422 if form.errors else 200)


def finish(request: Request, process: SignInProcess) -> HttpResponseBase:
    """In, or to what is still missing. Only here, behind the code, does it matter whether somebody may join."""
    try:
        if process.needs_introduction:
            return redirect(with_next(request, "profiles:introduce"))
        return process.finish(next_url(request) or resolve_url(settings.LOGIN_REDIRECT_URL))
    except NotInvited:
        process.abort()
        return redirect("profiles:by_invitation")
    except AccountClosed:
        process.abort()
        return redirect("account_inactive")


@open_to_all
@require_safe
def by_invitation(request: Request) -> HttpResponse:
    """Where somebody new is led whom nobody has invited. It names nobody, and is the same for all."""
    if not rules_of(request).is_by_invitation:
        return redirect("account_login")
    return render(request, "profiles/by_invitation.html")


@open_to_all
@login_required
@never_cache
def waiting(request: MemberRequest) -> HttpResponse:
    """All that somebody sees whose joining waits for a keeper's yes. They may take their wish back."""
    if not request.user.is_waiting:
        return redirect(settings.LOGIN_REDIRECT_URL)
    if request.method == "POST":
        request.user.take_wish_back()
        messages.success(request, _("Your wish is taken back, and we keep nothing of it. You may ask again."))
        return redirect("account_login")
    return render(request, "profiles/waiting.html")


def ask_again(request: Request, sentence: str) -> HttpResponse:
    messages.warning(request, sentence)
    return redirect(with_next(request, "account_login"))


def send_again(request: Request, process: SignInProcess) -> HttpResponse:
    try:
        if not process.can_resend:
            raise TooManyCodes
        process.resend()
        messages.success(request, _("The newest code in your inbox is right. The ones before no longer work."))
    except TooManyCodes:
        messages.warning(request, _("We have sent several codes already. The newest one in your inbox is right."))
    return redirect(with_next(request, "account_confirm_login_code"))


@open_to_all
@never_cache
def introduce(request: Request) -> HttpResponseBase:
    """Asked of somebody new who gave only an e-mail: a name and the promise, before their account is made."""
    process = SignInProcess.under_way(request)
    if not process or not process.is_proved:
        return redirect("account_login")
    form = IntroductionForm(posted(request), initial={"name": process.state["newcomer"]["name"]})
    if request.method == "POST" and form.is_valid():
        process.introduce(form.cleaned_data["name"], rules_of(request).promise_version)
        return finish(request, process)
    context = {"form": form, "next": next_url(request), "is_proved": True}
    return render(request, "profiles/introduce.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
def own_settings(request: MemberRequest) -> HttpResponse:
    form = SettingsForm(posted(request), instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("profiles:settings")
    context = {"form": form, "may_invite": rules_of(request).may_invite(request.user)}
    return render(request, "profiles/settings.html", context, status=422 if form.errors else 200)
