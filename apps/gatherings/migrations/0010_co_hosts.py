import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("gatherings", "0009_plans"),
    ]

    operations = [
        migrations.CreateModel(
            name="CoHost",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail")),
                ("invited_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "co-host",
                "verbose_name_plural": "co-hosts",
            },
        ),
        migrations.AddField(
            model_name="cohost",
            name="gathering",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="co_hosts", to="gatherings.gathering"
            ),
        ),
        migrations.AddField(
            model_name="cohost",
            name="member",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="co_hosting",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="cohost",
            constraint=models.UniqueConstraint(
                fields=("gathering", "email"), name="co_host_once_per_gathering_and_email"
            ),
        ),
        migrations.AddConstraint(
            model_name="cohost",
            constraint=models.UniqueConstraint(
                fields=("gathering", "member"), name="co_host_once_per_gathering_and_member"
            ),
        ),
        migrations.AddConstraint(
            model_name="cohost",
            constraint=models.CheckConstraint(
                condition=models.Q(("email", django.db.models.functions.text.Lower("email"))),
                name="co_host_email_is_lower_case",
            ),
        ),
        migrations.AddConstraint(
            model_name="cohost",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("accepted_at__isnull", True), ("member__isnull", True)),
                    models.Q(("accepted_at__isnull", False), ("member__isnull", False)),
                    _connector="OR",
                ),
                name="co_host_has_said_yes",
            ),
        ),
    ]
