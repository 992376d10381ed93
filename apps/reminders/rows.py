"""What rows for the outbox are made from, some at a time: however many are due, memory stays flat."""

from collections.abc import Iterable, Iterator

from django.db.models import Prefetch

from apps.gatherings.models import CoHost, Gathering, GatheringQuerySet
from apps.profiles.models import Member

AT_ONCE = 500


def in_parts(keys: list[int]) -> Iterator[list[int]]:
    for begin in range(0, len(keys), AT_ONCE):
        yield keys[begin : begin + AT_ONCE]


def with_hosts(keys: Iterable[int]) -> GatheringQuerySet:
    """These gatherings with everyone whom `hosts_of` needs: two queries, however many they are."""
    accepted = Prefetch("co_hosts", CoHost.objects.accepted().select_related("member"))
    return Gathering.objects.filter(pk__in=keys).select_related("host").prefetch_related(accepted)


def hosts_of(gathering: Gathering) -> list[Member]:
    helping = [row.member for row in gathering.co_hosts.all() if row.member and row.member.is_active]
    return [gathering.host, *helping]
