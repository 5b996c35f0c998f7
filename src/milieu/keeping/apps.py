from django.apps import AppConfig


class KeepingConfig(AppConfig):
    name = "milieu.keeping"
