"""The phone's page and its door. Documented in docs/wire.md."""

from django.urls import path

from milieu.phone import after, app, help_called, pull, push, session, told

urlpatterns = [
    path("", app.app, name="phone"),
    path("sw.js", app.service_worker, name="phone-worker"),
    path("reader.js", app.reader, name="phone-reader"),
    path("pack", app.pack, name="phone-pack"),
    path("enrol", session.enrol_phone, name="phone-enrol"),
    path("session", session.begin, name="phone-session"),
    path("unlock", session.unlock, name="phone-unlock"),
    path("pin", session.pin, name="phone-pin"),
    path("sign-out", session.sign_out, name="phone-sign-out"),
    path("push", push.push, name="phone-push"),
    path("pull", pull.pull, name="phone-pull"),
    path("help", help_called.say_of_call, name="phone-help"),
    path("answer", told.answer_alert, name="phone-answer"),
    path("after", after.after, name="phone-after"),
    path("schema", pull.schema, name="phone-schema"),
]
