from django.urls import path, re_path

from milieu.people import me, phones, views

# What allauth would offer and we do not: nobody signs up, and no password is reset by email, which
# is no better than the mailbox. Who comes by the hospital's sign-in gives themselves no password,
# which would still open when the hospital has let them go: a manager makes their first one.
# Listed before allauth, so that these addresses are not there.
NOT_OFFERED = r"^accounts/(?:signup|email|confirm-email|password/(?:re)?set|login/code)/"

urlpatterns = [
    re_path(NOT_OFFERED, views.not_offered, name="closed"),
    path("people/", views.people, name="people"),
    path("people/add/", views.add, name="people-add"),
    path("people/phones/", phones.phones, name="phones"),
    path("people/phones/<uuid:unit_id>/enrol/", phones.enrol, name="phones-enrol"),
    path("people/phones/<uuid:device_id>/retire/", phones.retire, name="phones-retire"),
    path("people/phones/<uuid:unit_id>/screen/", phones.hang, name="screens-enrol"),
    path("people/screens/<uuid:screen_id>/retire/", phones.take_down, name="screens-retire"),
    path("people/<uuid:person_id>/", views.account, name="account"),
    path("people/<uuid:person_id>/role/", views.give, name="account-role"),
    path("people/<uuid:person_id>/role/<uuid:grant_id>/end/", views.end, name="account-role-end"),
    path("people/<uuid:person_id>/sign-in/", views.sign_in, name="account-sign-in"),
    path("people/<uuid:person_id>/password/", views.password, name="account-password"),
    path("people/<uuid:person_id>/pin/", views.forget_pin, name="account-pin"),
    path("people/<uuid:person_id>/badge/", views.badge, name="account-badge"),
    path("me/", me.me, name="me"),
    path("me/pin/", me.pin, name="my-pin"),
]
