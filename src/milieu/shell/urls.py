"""The first page, and the switches at the foot of every page."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.i18n import set_language

from milieu.shell import views

urlpatterns = [
    path("", views.home, name="home"),
    path("look/theme/", views.set_theme, name="set-theme"),
    path("look/language/", login_not_required(set_language), name="set-language"),
]
