"""Addresses of the desk."""

from django.urls import URLPattern, path

from xianfeng.doors.desk.views import (
    bulk,
    exports,
    firms,
    matter,
    matters,
    moves,
    people_lists,
    photos,
    pioneers,
    queue,
    reports,
    transfer,
    undelivered,
)

app_name = "desk"
urlpatterns: list[URLPattern] = [
    path("desk", queue.waiting, name="queue"),
    path("desk/bulk", bulk.bulk, name="bulk"),
    path("desk/matters", matters.matters, name="matters"),
    path("desk/filters", matters.save_filter, name="save-filter"),
    path("desk/filters/<int:pk>/drop", matters.drop_filter, name="drop-filter"),
    path("desk/matters/<str:number>", matter.matter, name="matter"),
    path("desk/matters/<str:number>/number", matter.number, name="number"),
    path("desk/matters/<str:number>/transfer", transfer.transfer, name="transfer"),
    path("desk/matters/<str:number>/<str:name>", moves.move, name="move"),
    path("desk/photo/<str:key>/<str:size>", photos.photo, name="photo"),
    path("desk/pioneers", pioneers.pioneers, name="pioneers"),
    path("desk/pioneers/recognise", pioneers.recognise, name="recognise"),
    path("desk/people", people_lists.people_lists, name="people-lists"),
    path("desk/people/<int:pk>", people_lists.people_list, name="people-list"),
    path("desk/people/<int:pk>/columns", people_lists.columns, name="list-columns"),
    path("desk/people/<int:pk>/take", people_lists.take, name="list-take"),
    path("desk/people/<int:pk>/drop", people_lists.drop, name="list-drop"),
    path("desk/people/<int:pk>/rejects.csv", people_lists.rejects, name="list-rejects"),
    path("desk/pioneers/<int:pk>", pioneers.pioneer, name="pioneer"),
    path("desk/pioneers/<int:pk>/suspend", pioneers.suspend, name="suspend"),
    path("desk/pioneers/<int:pk>/reinstate", pioneers.reinstate, name="reinstate"),
    path("desk/firms", firms.firms, name="firms"),
    path("desk/firms/verify", firms.verify, name="verify-firm"),
    path("desk/reports", reports.reports, name="reports"),
    path("desk/reports/<int:pk>/judge", reports.judge, name="judge"),
    path("desk/undelivered", undelivered.undelivered, name="undelivered"),
    path("desk/undelivered/retry", undelivered.retry, name="retry"),
    path("desk/exports", exports.exports, name="exports"),
    path("desk/exports/<int:pk>", exports.fetch, name="fetch"),
    path("desk/export/<str:kind>", exports.export, name="export"),
    path("report/<str:kind>/<str:key>", reports.report, name="report"),
]
