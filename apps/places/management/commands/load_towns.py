from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.places import gazetteer


class Command(BaseCommand):
    help = "Loads the shipped gazetteer of towns. Safe to run again: it changes only what differs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--only", default="", metavar="GB", help="the two letters of one country")
        parser.add_argument("--file", type=Path, default=gazetteer.SHIPPED, help="another such file")

    def handle(self, *, only: str, file: Path, **options: Any) -> None:
        try:
            added, changed, unchanged = gazetteer.load(gazetteer.read(file, only.upper()))
        except OSError as error:
            raise CommandError(f"The gazetteer cannot be read: {error}") from error
        if not added + changed + unchanged:
            raise CommandError(f"The gazetteer has no town in “{only}”.")
        if added + changed:
            self.stdout.write(f"Towns: {added:,} added, {changed:,} changed, {unchanged:,} as they were.")
        else:
            self.stdout.write(f"Nothing to do: all {unchanged:,} towns are loaded.")
