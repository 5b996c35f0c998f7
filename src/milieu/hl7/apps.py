from django.apps import AppConfig


class Hl7Config(AppConfig):
    name = "milieu.hl7"
