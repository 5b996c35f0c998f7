from django.apps import AppConfig


class VitalsConfig(AppConfig):
    name = "milieu.vitals"
