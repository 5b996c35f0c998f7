"""The shell as Django knows it. Listed before allauth, so that its templates win."""

from django.apps import AppConfig


class ShellConfig(AppConfig):
    name = "milieu.shell"
    label = "shell"
