from django.contrib import admin

from apps.profiles.models import Member


@admin.register(Member)
class MemberAdmin(admin.ModelAdmin):
    list_display = ["name", "email", "town", "joined_at", "is_active", "is_staff"]
    list_filter = ["is_active", "is_staff"]
    list_select_related = ["town"]
    search_fields = ["name", "email"]
    autocomplete_fields = ["town"]
    fields = ["name", "email", "pronouns", "town", "time_zone", "language", "is_active", "is_staff"]
