from django.apps import AppConfig

from milieu.config import logs


class ConfigConfig(AppConfig):
    name = "milieu.config"
    label = "milieu_config"

    def ready(self) -> None:
        """Set logging up, once for each process."""
        logs.set_up()
