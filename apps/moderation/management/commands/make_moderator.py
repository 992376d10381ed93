from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.profiles.models import Member


class Command(BaseCommand):
    help = "Makes a member a moderator: they read reports, none about themself, once they have a passkey."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--no-longer", action="store_true", help="takes it back")

    def handle(self, *, email: str, no_longer: bool, **options: Any) -> None:
        member = Member.objects.with_email(email)
        if member is None:
            raise CommandError(f"There is no member with the address {email}. They join like everybody else, first.")
        member.is_moderator = not no_longer
        member.save(update_fields=["is_moderator"])
        said = "is no longer a moderator" if no_longer else "is a moderator; they need a passkey to read reports"
        self.stdout.write(f"{member.name} {said}.")
