from django.apps import AppConfig


class ProfilesConfig(AppConfig):
    name = "apps.profiles"

    def ready(self) -> None:
        from apps.profiles import security_log, sessions

        security_log.listen()
        sessions.listen()
