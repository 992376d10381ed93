from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from apps.profiles.codes import TooManyCodes
from apps.profiles.forms import AddressForm, CodeForm
from apps.profiles.leaving import clears_browser
from apps.profiles.passkeys import has_passkey
from apps.profiles.proving import AddressTaken, Proof, change_address, proved, proved_lately
from apps.profiles.requests import MemberRequest, posted
from apps.profiles.security_log import tell
from apps.profiles.views import next_url, with_next


@login_required
@never_cache
def prove(request: MemberRequest) -> HttpResponseBase:
    """A code to the account's own address; or, for whoever has one, a passkey."""
    proof = Proof(request, "you")
    if request.POST.get("action") == "send":
        return send_code(request, proof, request.user.email, "profiles:prove")
    form = CodeForm(posted(request), code=proof.code) if proof.is_under_way else None
    if form and request.method == "POST":
        if form.is_valid():
            proof.end()
            proved(request, request.user)
            return redirect(next_url(request) or "profiles:settings")
        proof.was_wrong()
    return page_of_code(request, "profiles/prove.html", form)


def send_code(request: MemberRequest, proof: Proof, email: str, name: str) -> HttpResponse:
    try:
        proof.begin(email)
    except TooManyCodes:
        messages.warning(request, _("We have sent several codes already. Please wait ten minutes and try again."))
    return redirect(with_next(request, name))


def page_of_code(request: MemberRequest, template: str, form: CodeForm | None) -> HttpResponse:
    context = {"form": form, "next": next_url(request), "has_passkey": has_passkey(request.user)}
    return render(request, template, context, status=422 if form and form.errors else 200)


@never_cache
@proved_lately
def own_address(request: MemberRequest) -> HttpResponseBase:
    """The account moves to another address once the code that goes there comes back."""
    form = AddressForm(posted(request))
    if request.method == "POST" and form.is_valid():
        return send_code(request, Proof(request, "address"), form.cleaned_data["email"], "profiles:confirm_address")
    return render(request, "profiles/own_address.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@proved_lately
def confirm_address(request: MemberRequest) -> HttpResponseBase:
    proof = Proof(request, "address")
    if not proof.is_under_way:
        messages.warning(request, _("That code has run out. Your address is as it was; you can ask for a new code."))
        return redirect("profiles:own_address")
    form = CodeForm(posted(request), code=proof.code)
    if request.method == "POST":
        if form.is_valid():
            return move(request, proof)
        proof.was_wrong()
    context = {"form": form, "email": proof.email}
    return render(request, "profiles/confirm_address.html", context, status=422 if form.errors else 200)


def move(request: MemberRequest, proof: Proof) -> HttpResponse:
    proof.end()
    try:
        change_address(request, request.user, proof.email)
        messages.success(request, _("From now on we write to %(email)s.") % {"email": proof.email})
    except AddressTaken:
        words = _("You have another account with %(email)s. Your address here is as it was.")
        messages.warning(request, words % {"email": proof.email})
    return redirect("profiles:settings")


@clears_browser
@login_required
@require_POST
def sign_out_everywhere(request: MemberRequest) -> HttpResponse:
    """Every browser, this one too: nobody has to know which one it was."""
    request.user.sign_out_everywhere()
    tell("signed_out_everywhere", request.user)
    request.session.flush()
    messages.success(request, _("You are signed out everywhere."))
    return redirect("account_login")
