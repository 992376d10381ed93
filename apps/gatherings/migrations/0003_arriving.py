from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("gatherings", "0002_terms_of_seats"),
    ]

    operations = [
        migrations.AddField(
            model_name="gathering",
            name="contact",
            field=models.CharField(blank=True, max_length=100, verbose_name="on the day, reach me at"),
        ),
        migrations.AddField(
            model_name="gathering",
            name="met_by",
            field=models.CharField(blank=True, max_length=60, verbose_name="who that is"),
        ),
        migrations.AddField(
            model_name="gathering",
            name="met_from",
            field=models.TimeField(blank=True, null=True, verbose_name="somebody meets you outside from"),
        ),
    ]
