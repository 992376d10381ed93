"""Bring the database up to date: tables, towns and, with `--demo`, a demo town for an empty community.

One process for all of it, since starting Django three times takes longer than the work.
"""

import os
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent


def main(arguments: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    sys.path.insert(0, str(CHECKOUT))
    import django

    django.setup()
    from django.conf import settings

    Path(settings.VAR).mkdir(parents=True, exist_ok=True)
    migrate()
    load_towns()
    if "--demo" in arguments:
        build_demo_town()


def migrate() -> None:
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        print("Preparing the database ...", flush=True)
        call_command("migrate", interactive=False, verbosity=0)


def load_towns() -> None:
    from django.core.management import call_command

    from apps.places.models import Town

    if not Town.objects.exists():
        call_command("load_towns")


def build_demo_town() -> None:
    """Never into a community that has members: those may be real."""
    from django.contrib.auth import get_user_model
    from django.core.management import call_command

    if not get_user_model().objects.exists():
        call_command("demo_town")


if __name__ == "__main__":
    main(sys.argv[1:])
