from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from apps.profiles.models import Member


class Command(BaseCommand):
    help = "Makes the member with this address a keeper. Somebody new joins by it: run it for yourself only."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="", help="what to call them, if they are new")
        parser.add_argument("--no-longer", action="store_true", help="they go on as an ordinary member")

    def handle(self, *, email: str, name: str, no_longer: bool, **options: Any) -> None:
        try:
            validate_email(email)
        except ValidationError:
            raise CommandError(f"“{email[:80]}” is not an e-mail address.") from None
        if not no_longer:
            member = Member.objects.make_keeper(email, name)
            self.stdout.write(f"{member.name} is a keeper. They sign in on the page, like everyone else.")
        elif Member.objects.filter(email=email.lower()).update(is_staff=False, is_superuser=False):
            self.stdout.write("They are an ordinary member now.")
        else:
            raise CommandError(f"No member has the address {email}.")
