from django.apps import AppConfig
from django.utils.translation import gettext

from milieu.config import logs
from milieu.kernel.errors import Refusal


class ConfigConfig(AppConfig):
    name = "milieu.config"
    label = "milieu_config"

    def ready(self) -> None:
        """Set logging up, and say what puts refusals into the reader's language."""
        logs.set_up()
        Refusal.translated = gettext
