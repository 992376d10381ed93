from django.contrib import admin
from django.http import HttpRequest

from apps.outbox.models import Message


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
