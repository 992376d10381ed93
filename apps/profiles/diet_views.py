from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from apps.profiles.diet_forms import CONSENT, DietForm
from apps.profiles.models import Diet
from apps.profiles.requests import MemberRequest, posted


@login_required
@never_cache
def own_diet(request: MemberRequest) -> HttpResponse:
    """What one eats, for oneself; nobody else reads it here."""
    diet = Diet.objects.of(request.user)
    kept = {name: getattr(diet, name) for name in ("diets", "allergens", "words")}
    form = DietForm(posted(request), initial={**kept, "is_agreed": not diet.is_empty})
    if request.method == "POST" and form.is_valid():
        Diet.objects.keep(request.user, str(CONSENT), **form.eats)
        messages.success(request, _("Kept, for you alone. At each table you choose whom to tell."))
        return redirect("profiles:diet")
    return render(request, "profiles/diet.html", {"form": form, "diet": diet}, status=422 if form.errors else 200)
