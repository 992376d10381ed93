from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class OutboxConfig(AppConfig):
    name = "apps.outbox"

    def ready(self) -> None:
        from apps.outbox import webhooks  # noqa: F401  it listens to what the mail service tells

        autodiscover_modules("emails", "mail_links")
