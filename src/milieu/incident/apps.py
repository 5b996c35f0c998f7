from django.apps import AppConfig


class IncidentConfig(AppConfig):
    name = "milieu.incident"
