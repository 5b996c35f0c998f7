"""The addresses that monitors and new phones ask."""

from django.urls import path

from milieu.keeping import views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("trust/", views.trust, name="trust"),
    path("trust/authority.crt", views.authority, name="trust-authority"),
]
