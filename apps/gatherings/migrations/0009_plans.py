import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("gatherings", "0008_companions"),
    ]

    operations = [
        migrations.CreateModel(
            name="Plan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sets_off", models.TimeField(blank=True, null=True, verbose_name="I set off at")),
                ("sets_off_from", models.CharField(blank=True, max_length=60, verbose_name="from")),
                ("sets_off_by", models.CharField(blank=True, max_length=60, verbose_name="by")),
                ("if_nervous", models.CharField(blank=True, max_length=200, verbose_name="if I get nervous, I")),
            ],
            options={
                "verbose_name": "plan",
                "verbose_name_plural": "plans",
            },
        ),
        migrations.AddField(
            model_name="plan",
            name="rsvp",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="plan", to="gatherings.rsvp"
            ),
        ),
    ]
