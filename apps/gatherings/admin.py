from django.contrib import admin
from django.http import HttpRequest

from apps.gatherings.models import Gathering, GatheringQuerySet


@admin.register(Gathering)
class GatheringAdmin(admin.ModelAdmin):
    """For the keeper: what takes place and when. No address of a home, and nobody's RSVP."""

    list_display = ["title", "kind", "state", "day", "starts", "town", "seats_taken", "seats"]
    list_filter = ["state", "kind"]
    list_select_related = ["town"]
    search_fields = ["title", "key"]
    fields = [
        "title",
        "kind",
        "state",
        "visibility",
        "day",
        "starts",
        "ends",
        "time_zone",
        "town",
        "area",
        "seats",
    ]

    def get_queryset(self, request: HttpRequest) -> GatheringQuerySet:
        return Gathering.objects.exclude(state=Gathering.State.DRAFT)  # a draft is its host's alone

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Gathering | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Gathering | None = None) -> bool:
        return False
