from django.apps import AppConfig


class WellbeingConfig(AppConfig):
    name = "milieu.wellbeing"
