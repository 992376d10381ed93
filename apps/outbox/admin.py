from django.contrib import admin
from django.http import HttpRequest

from apps.outbox.models import Message, Suppression


@admin.register(Message)
class MessageAdmin(admin.ModelAdmin):
    """What was sent and what could not be: kinds and states, no contents."""

    list_display = ["kind", "state", "due_at", "done_at", "attempts", "last_error"]
    list_filter = ["state", "kind"]
    fields = ["kind", "state", "due_at", "expires_at", "done_at", "attempts", "last_error"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Message | None = None) -> bool:
        return False


@admin.register(Suppression)
class SuppressionAdmin(admin.ModelAdmin):
    """Addresses that get nothing but codes. Deleting one lets mail go there again."""

    list_display = ["address", "reason", "at"]
    list_filter = ["reason"]
    search_fields = ["address"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Suppression | None = None) -> bool:
        return False
