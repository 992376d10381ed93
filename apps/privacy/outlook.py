"""What leaving would bring about, told beforehand."""

from typing import Any

from django.db.models import Prefetch

from apps.gatherings.models import CoHost, Gathering
from apps.privacy.leaving import hosted_ahead, seats_ahead
from apps.profiles.models import Member


def outlook(member: Member) -> dict[str, Any]:
    """Three queries, however much there is."""
    active = CoHost.objects.accepted().filter(member__is_active=True).select_related("member")
    hosted = hosted_ahead(member).select_related("town").prefetch_related(Prefetch("co_hosts", active, "heirs"))
    return {
        "seats": len(list(seats_ahead(member))),
        "hosted": [(gathering, heir_of(gathering)) for gathering in hosted],
    }


def heir_of(gathering: Gathering) -> str:
    """The name of whoever would host it; empty where it would be called off."""
    heirs: list[CoHost] = gathering.heirs  # type: ignore[attr-defined]  # prefetched above
    return heirs[0].member.name if heirs and heirs[0].member else ""
