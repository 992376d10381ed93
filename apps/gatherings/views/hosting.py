from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from apps.gatherings import later
from apps.gatherings.drawing import seating_of
from apps.gatherings.forms import CancelForm, GatheringForm
from apps.gatherings.forms_comfort import FactsForm
from apps.gatherings.forms_series import EditScopeForm, ScopeForm
from apps.gatherings.models import Gathering, GatheringNotOpen, HostsEnough
from apps.gatherings.models.change import SETTLES, told_at
from apps.gatherings.starters import starting_values
from apps.places.memory import home_town, remembered_town
from apps.places.models import Town
from apps.profiles.requests import MemberRequest, Request, posted

LONGEST_SLUG = 120


def own_gathering(request: MemberRequest, key: str) -> Gathering:
    """For what the host alone may do."""
    return get_object_or_404(Gathering.objects.hosted_by(request.user).for_cards(), key=key)


def run_gathering(request: MemberRequest, key: str) -> Gathering:
    """For what the host and co-hosts may do."""
    return get_object_or_404(Gathering.objects.run_by(request.user).for_cards(), key=key)


def town_of_host(request: MemberRequest) -> Town | None:
    """Where they said just now, where they live, before where they happened to look around."""
    return town_asked(request) or request.user.town or remembered_town(request) or home_town()


def town_asked(request: Request) -> Town | None:
    """Around which somebody found nothing, and would be the first to host."""
    slug = request.GET.get("town", "")[:LONGEST_SLUG].replace("\0", "")
    return Town.objects.filter(slug=slug).first() if slug else None


def kind_or_404(kind: str) -> Gathering.Kind:
    if kind not in Gathering.Kind.values:
        raise Http404
    return Gathering.Kind(kind)


@require_safe
def host(request: Request) -> HttpResponse:
    return render(request, "gatherings/host.html", {"kinds": list(Gathering.Kind), "town": town_asked(request)})


@login_required
@never_cache
def host_kind(request: MemberRequest, kind: str) -> HttpResponse:
    gathering = Gathering(host=request.user, kind=kind_or_404(kind))
    form = GatheringForm(
        posted(request), instance=gathering, initial=starting_values(gathering.kind, town_of_host(request))
    )
    if request.method == "POST" and form.is_valid():
        gathering = form.save()
        return after_saving_draft(request, gathering)
    return render_form(request, form, gathering)


def after_saving_draft(request: MemberRequest, gathering: Gathering) -> HttpResponse:
    if request.POST.get("act") == "draft":
        messages.success(request, _("Kept as a draft. You find it on your table; nobody else sees it."))
        return redirect("steps:table")
    return redirect("gatherings:preview", key=gathering.key)


def render_form(
    request: MemberRequest,
    form: GatheringForm,
    gathering: Gathering,
    facts: FactsForm | None = None,
    scope: EditScopeForm | None = None,
) -> HttpResponse:
    context = {
        "form": form,
        "facts": facts,
        "scope": scope,
        "gathering": gathering,
        "kind": gathering.kind,
        "is_new": gathering.pk is None,
    }
    is_refused = any(each.errors for each in (form, facts, scope) if each)
    return render(request, "gatherings/host_form.html", context, status=422 if is_refused else 200)


@require_safe
@login_required
@never_cache
def card(request: MemberRequest, kind: str) -> HttpResponse:
    """The card as others will see it, drawn from the public fields while they are being typed."""
    sketch = Gathering(host=request.user, kind=kind_or_404(kind), town=town_of_host(request))
    form = GatheringForm(request.GET, instance=sketch)
    form.is_valid()
    typed = form.cleaned_data
    sketch.title = typed.get("title") or _("Your title")
    sketch.area = typed.get("area", "")
    sketch.seats = min(typed.get("seats") or 5, 40)
    if {"day", "starts", "ends", "town"} <= typed.keys() and "point" not in form.errors:
        sketch.settle()
    else:
        sketch.time_zone = "UTC"
        sketch.starts_at = sketch.ends_at = timezone.now() + timedelta(days=7)
    context = {"gathering": sketch, "seating": seating_of(sketch)}
    return render(request, "gatherings/host_form.html#card", context)


@login_required
@never_cache
@require_safe
def preview(request: MemberRequest, key: str) -> HttpResponse:
    gathering = run_gathering(request, key)
    if not gathering.is_draft:
        return redirect(gathering)
    return render_preview(request, gathering, FactsForm(instance=gathering))


def render_preview(request: MemberRequest, gathering: Gathering, form: FactsForm) -> HttpResponse:
    context = {"gathering": gathering, "form": form, "seating": seating_of(gathering)}
    return render(request, "gatherings/preview.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_POST
def publish(request: MemberRequest, key: str) -> HttpResponse:
    gathering = run_gathering(request, key)
    if not gathering.is_draft:
        return redirect(gathering)
    form = FactsForm(request.POST, instance=gathering)
    if not form.is_valid():
        return render_preview(request, gathering, form)
    if gathering.has_begun:
        messages.warning(request, _("Its time has passed while it was a draft. Please choose a new day."))
        return redirect("gatherings:edit", key=key)
    gathering.save(update_fields=form.Meta.fields)
    try:
        gathering.publish()
    except HostsEnough as refusal:  # the answers are kept in the draft
        form.add_error(None, refusal.sentence)
        return render_preview(request, gathering, form)
    if gathering.is_by_link:
        return show_link(request, gathering)
    asked = _("Your gathering is on the page. Guests can ask you for a seat now.")
    taken = _("Your gathering is on the page. Guests can take their seats now.")
    messages.success(request, asked if gathering.asks_first else taken)
    return redirect(gathering)


def show_link(request: MemberRequest, gathering: Gathering) -> HttpResponse:
    """What has just become only for those who have its link needs one."""
    if not gathering.link:
        gathering.make_link()
    messages.success(request, _("It is only for those who have its link. Here it is, to pass on."))
    return redirect("gatherings:invite", key=gathering.key)


@login_required
@never_cache
def edit(request: MemberRequest, key: str) -> HttpResponse:
    gathering = run_gathering(request, key)
    if gathering.is_cancelled or (gathering.is_published and gathering.is_over):
        return no_longer(request, gathering)
    was_by_link = gathering.is_by_link
    form = GatheringForm(posted(request), instance=gathering)
    facts = None if gathering.is_draft else FactsForm(posted(request), instance=gathering)
    scope = EditScopeForm.of(gathering, posted(request))
    if request.method == "POST" and all(each.is_valid() for each in (form, facts, scope) if each):
        sequence = gathering.sequence
        try:
            save_edit(gathering, [*form.asked_fields, *(facts.Meta.fields if facts else []), "seats_wanted"], scope)
        except GatheringNotOpen:  # the host has called it off just now, in another window
            return no_longer(request, gathering)
        if gathering.is_draft:
            return after_saving_draft(request, gathering)
        if gathering.is_by_link and not was_by_link:
            return show_link(request, gathering)
        messages.success(request, after_editing(gathering, is_told=gathering.sequence > sequence))
        return redirect(gathering)
    return render_form(request, form, gathering, facts, scope)


def no_longer(request: MemberRequest, gathering: Gathering) -> HttpResponse:
    messages.warning(request, _("This gathering is over or called off, so it can no longer be changed."))
    return redirect(gathering)


def save_edit(gathering: Gathering, fields: list[str], scope: EditScopeForm | None) -> None:
    if scope and scope.is_later:
        later.change(gathering, fields, scope.cleaned_data["rhythm"])
    else:
        gathering.change(fields)


def after_editing(gathering: Gathering, is_told: bool) -> str:
    """What a host should know once an edit of a published gathering is saved."""
    words = [_("Changed. The page shows it now.")]
    if gathering.seats_wanted < gathering.seats_taken:
        words = [_("Changed. Nobody loses their seat; the table becomes smaller as people give theirs back.")]
    if is_told and gathering.rsvps.open().exists():
        words.append(how_guests_hear(gathering))
    return " ".join(words)


def how_guests_hear(gathering: Gathering) -> str:
    at, now = told_at(gathering), timezone.now()
    if gathering.has_begun:
        return _("It has begun, and nobody may read a mail now; please tell them yourself.")
    if at > now + SETTLES:
        return _("Your guests are told by mail in the morning.")
    if at < now + SETTLES / 2:
        return _("Your guests are told by mail in a moment. If it matters, tell them yourself, too.")
    return _("Your guests are told by mail in ten minutes; until then you may still change something.")


@login_required
@never_cache
def cancel(request: MemberRequest, key: str) -> HttpResponse:
    gathering = own_gathering(request, key)
    if not gathering.is_published or gathering.is_over:
        return redirect(gathering)
    form, scope = CancelForm(posted(request)), ScopeForm.of(gathering, posted(request))
    if request.method == "POST" and all(each.is_valid() for each in (form, scope) if each):
        call_off = later.cancel if scope and scope.is_later else Gathering.cancel
        call_off(gathering, form.cleaned_data["words"])
        messages.success(request, _("It is called off, and your guests are being told."))
        return redirect(gathering)
    context = {"gathering": gathering, "form": form, "scope": scope}
    is_refused = any(each.errors for each in (form, scope) if each)
    return render(request, "gatherings/cancel.html", context, status=422 if is_refused else 200)
