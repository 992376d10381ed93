from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from apps.places.models import Town


@admin.register(Town)
class TownAdmin(admin.ModelAdmin):
    """For looking up only: the gazetteer comes from its file."""

    list_display = ["name", "admin", "country", "population", "time_zone", "slug"]
    list_filter = ["country"]
    search_fields = ["name", "slug"]
    search_help_text = "As in the app: without accents, with a country or region after a comma."
    ordering = ["-population", "pk"]
    show_full_result_count = False

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Town], search_term: str
    ) -> tuple[QuerySet[Town], bool]:
        if not search_term:
            return queryset, False
        return queryset.filter(pk__in=[town.pk for town in Town.objects.matching(search_term, 100)]), False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
