from django.apps import AppConfig


class BenchConfig(AppConfig):
    name = "milieu.bench"
    label = "milieu_bench"
