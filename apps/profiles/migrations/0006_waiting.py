from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("profiles", "0005_house_rules")]

    operations = [
        migrations.AddField(
            model_name="member",
            name="is_waiting",
            field=models.BooleanField(db_default=False, default=False, verbose_name="waits for a keeper to say yes"),
        ),
    ]
