from django.apps import AppConfig


class HelpConfig(AppConfig):
    name = "milieu.help"
