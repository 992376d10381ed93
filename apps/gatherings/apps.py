from django.apps import AppConfig


class GatheringsConfig(AppConfig):
    name = "apps.gatherings"

    def ready(self) -> None:
        from apps.gatherings import wish

        wish.listen()
