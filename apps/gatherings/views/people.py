from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.gatherings.faces import faces_for, met_at, people_for
from apps.profiles.models import ProfileAnswer
from apps.profiles.requests import Request


@require_safe
@never_cache
def person(request: Request, key: str) -> HttpResponse:
    """What a member says of themself. Whoever has not met them, a stranger too, finds what there is of nobody.

    There is nothing on it to be counted: no number, no date, and not when they were last here.
    """
    member = get_object_or_404(people_for(request.user), key=key)
    assert request.user.is_authenticated  # or nobody would have been found
    is_own = member == request.user
    context = {
        "member": member,
        "is_own": is_own,
        "answers": ProfileAnswer.objects.of(member),
        "has_face": faces_for(request.user).filter(member=member).exists(),
        "gathering": None if is_own else met_at(request.user, member),
    }
    return render(request, "gatherings/person.html", context)
