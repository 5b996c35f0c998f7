"""Every address of the house. ``tests/test_routes.py`` holds who may call each one."""

from django.urls import include, path

from milieu.phone import help_called

urlpatterns = [  # looked through from above: what is asked for most stands first
    path("phone/", include("milieu.phone.urls")),
    path("live/phone/", help_called.live, name="phone-live"),
    path("", include("milieu.board.urls")),
    path("", include("milieu.shell.urls")),
    path("", include("milieu.keeping.urls")),
    path("", include("milieu.people.urls")),
    path("", include("milieu.rounds.urls")),
    path("", include("milieu.sleep.urls")),
    path("", include("milieu.watch.urls")),
    path("", include("milieu.vitals.urls")),
    path("", include("milieu.intake.urls")),
    path("", include("milieu.behavior.urls")),
    path("", include("milieu.calm.urls")),
    path("", include("milieu.instruments.urls")),
    path("", include("milieu.crisis.urls")),
    path("", include("milieu.admissions.urls")),
    path("", include("milieu.alerts.urls")),
    path("", include("milieu.help.urls")),
    path("", include("milieu.incident.urls")),
    path("", include("milieu.wellbeing.urls")),
    path("", include("milieu.evidence.urls")),
    path("", include("milieu.presence.urls")),
    path("accounts/", include("allauth.urls")),
]

handler500 = "milieu.shell.views.cannot_answer"
