from django.apps import AppConfig


class WatchConfig(AppConfig):
    name = "milieu.watch"
