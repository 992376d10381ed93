from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from apps.profiles.picture_forms import PictureForm
from apps.profiles.pictures import Picture
from apps.profiles.requests import MemberRequest
from apps.profiles.uploads import takes_file


def may_send(request: MemberRequest) -> bool:
    """Whether this is not one picture too many; if it is, they are told. Asked before it is looked at."""
    if ratelimit.consume(request, action="picture", key=f"picture {request.user.pk}"):
        return True
    messages.warning(request, _("That were many pictures in one hour. Please try again a little later."))
    return False


@takes_file
@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own_picture(request: MemberRequest) -> HttpResponse:
    is_sent = request.method == "POST"
    form = PictureForm(request.POST, request.FILES) if is_sent else PictureForm()
    if is_sent and not may_send(request):
        return redirect("profiles:picture")
    if is_sent and form.is_valid():
        Picture.objects.send(request.user, form.cleaned_data["picture"].chunks())
        messages.success(request, _("Thank you. It is being made smaller, which takes a moment."))
        return redirect("profiles:picture")
    context = {"form": form, "picture": Picture.objects.of(request.user).first()}
    return render(request, "profiles/picture.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def take_away(request: MemberRequest) -> HttpResponse:
    for picture in Picture.objects.of(request.user):
        picture.take_away()
        messages.success(request, _("Your picture is gone, from here and from every page."))
    return redirect("profiles:picture")
