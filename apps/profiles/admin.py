from typing import Any

import allauth.account.admin  # these three bring pages of their own, which are taken away below
import allauth.mfa.admin  # noqa: F401
import django.contrib.auth.admin  # noqa: F401
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.models import Group
from django.http import HttpRequest

from apps.profiles.models import Member

# Who could write another's address or passkey could be them, and read what is not a keeper's. Groups open nothing.
for model in (EmailAddress, Authenticator, Group):
    admin.site.unregister(model)


@admin.register(Authenticator)
class PasskeyAdmin(admin.ModelAdmin):
    """For a keeper who has lost the device with theirs: another takes the old one away."""

    list_display = ["user", "created_at", "last_used_at"]
    list_select_related = ["user"]
    fields = ["user", "created_at", "last_used_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


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
