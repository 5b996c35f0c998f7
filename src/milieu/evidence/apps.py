from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "milieu.evidence"
