from django.contrib import admin
from django.http import HttpRequest

from apps.profiles.models import Member


@admin.register(Member)
class MemberAdmin(admin.ModelAdmin):
    list_display = ["name", "email", "town", "joined_at", "is_active", "is_staff", "is_moderator"]
    list_filter = ["is_active", "is_staff", "is_moderator"]
    list_select_related = ["town"]
    search_fields = ["name", "email"]
    autocomplete_fields = ["town"]
    fields = ["name", "email", "pronouns", "town", "time_zone", "language", "is_active", "is_staff", "is_moderator"]
    readonly_fields = ["email", "time_zone"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Members join by themselves; only they can prove their address and give their promise."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Member | None = None) -> bool:
        """Their seats and tables would be torn out of the evenings of others: take away "may sign in" instead."""
        return False
