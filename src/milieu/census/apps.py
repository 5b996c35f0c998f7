from django.apps import AppConfig


class CensusConfig(AppConfig):
    name = "milieu.census"
