from django.apps import AppConfig


class CommunityConfig(AppConfig):
    name = "apps.community"

    def ready(self) -> None:
        from apps.community import joining

        joining.listen()
