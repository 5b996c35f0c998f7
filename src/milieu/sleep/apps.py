from django.apps import AppConfig


class SleepConfig(AppConfig):
    name = "milieu.sleep"
