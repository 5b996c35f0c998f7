from django.apps import AppConfig


class BehaviorConfig(AppConfig):
    name = "milieu.behavior"
