"""Addresses of the cockpit."""

from django.urls import URLPattern, path

from xianfeng.doors.cockpit.views import board, boards, briefs, charts, ground, register, rows

app_name = "cockpit"
urlpatterns: list[URLPattern] = [
    path("cockpit", board.own, name="own"),
    path("cockpit/boards", boards.boards, name="boards"),
    path("cockpit/boards/new", boards.new, name="board-new"),
    path("cockpit/boards/<int:pk>", boards.show, name="own-board"),
    path("cockpit/boards/<int:pk>/change", boards.change, name="board-change"),
    path("cockpit/boards/<int:pk>/order", boards.order, name="board-order"),
    path("cockpit/boards/<int:pk>/drop", boards.drop, name="board-drop"),
    path("cockpit/brief/<str:period>/<str:first>", briefs.own, name="own-brief"),
    path("cockpit/<str:kind>/<str:code>", board.show, name="board"),
    path("cockpit/<str:kind>/<str:code>/map.json", ground.ground, name="map"),
    path("cockpit/<str:kind>/<str:code>/charts", charts.charts, name="charts"),
    path("cockpit/<str:kind>/<str:code>/cards/<str:card>.csv", charts.as_file, name="card-csv"),
    path("cockpit/<str:kind>/<str:code>/briefs", briefs.briefs, name="briefs"),
    path("cockpit/<str:kind>/<str:code>/brief/<str:period>/<str:first>", briefs.brief, name="brief"),
    path("cockpit/<str:kind>/<str:code>/pioneers", rows.pioneers, name="pioneers"),
    path("cockpit/<str:kind>/<str:code>/rows/<str:measure>", rows.rows, name="rows"),
    path("algorithms", register.register, name="algorithms"),
]
