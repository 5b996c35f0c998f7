from django.apps import AppConfig


class PhoneConfig(AppConfig):
    name = "milieu.phone"
