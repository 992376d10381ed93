import django.utils.timezone
from django.db import migrations, models

TABLE = "safety_logentry"
SQLITE = [
    f"CREATE TRIGGER {TABLE}_{act} BEFORE {act} ON {TABLE} BEGIN SELECT RAISE(ABORT, 'the log is only added to'); END"
    for act in ("UPDATE", "DELETE")
]
POSTGRES = [
    f"""
    CREATE FUNCTION {TABLE}_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'the log is only added to' USING ERRCODE = 'integrity_constraint_violation'; END $$
    """,
    f"""
    CREATE TRIGGER {TABLE}_is_kept BEFORE UPDATE OR DELETE ON {TABLE}
    FOR EACH ROW EXECUTE FUNCTION {TABLE}_is_kept()
    """,
]
UNDO = {
    "sqlite": [f"DROP TRIGGER {TABLE}_{act}" for act in ("UPDATE", "DELETE")],
    "postgresql": [f"DROP TRIGGER {TABLE}_is_kept ON {TABLE}", f"DROP FUNCTION {TABLE}_is_kept()"],
}


def keep(_apps, editor):
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRES}[editor.connection.vendor]:
        editor.execute(statement)


def undo(_apps, editor):
    for statement in UNDO[editor.connection.vendor]:
        editor.execute(statement)


class Migration(migrations.Migration):
    """The log of what moderators do, and the triggers that let nothing but additions be made to it.

    On SQLite a later change of this table makes it anew, without them: such a migration has to bring them back. The
    tests of the log fail if it does not.
    """

    dependencies = [
        ("safety", "0002_keep_apart"),
    ]

    operations = [
        migrations.CreateModel(
            name="LogEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("by", models.CharField(editable=False, max_length=10, verbose_name="who")),
                ("act", models.CharField(editable=False, max_length=40, verbose_name="did what")),
                ("about", models.CharField(editable=False, max_length=60, verbose_name="about whom or what")),
                ("reason", models.TextField(blank=True, editable=False, verbose_name="why")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="when")),
            ],
            options={
                "verbose_name": "entry in the log",
                "verbose_name_plural": "the log",
                "indexes": [models.Index(fields=["at"], name="log_entry_by_time")],
            },
        ),
        migrations.RunPython(keep, undo),
    ]
