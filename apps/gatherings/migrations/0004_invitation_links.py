from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("gatherings", "0003_arriving"),
    ]

    operations = [
        migrations.AddField(
            model_name="gathering",
            name="link",
            field=models.CharField(blank=True, editable=False, max_length=22),
        ),
        migrations.AlterField(
            model_name="gathering",
            name="visibility",
            field=models.CharField(
                choices=[
                    ("everyone", "Everyone"),
                    ("members", "Members only"),
                    ("link", "Only those who have its link"),
                ],
                default="everyone",
                max_length=10,
                verbose_name="who may see it",
            ),
        ),
    ]
