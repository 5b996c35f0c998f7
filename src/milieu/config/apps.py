from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "milieu.config"
    label = "milieu_config"
