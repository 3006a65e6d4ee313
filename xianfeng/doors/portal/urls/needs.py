"""Addresses of the needs side: home, feed, a need and its moves, asking, photographs."""

from django.urls import URLPattern, path

from xianfeng.doors.portal.views import (
    ask,
    done,
    feed,
    home,
    moves,
    need,
    outlines,
    photos,
    search,
    services,
    talk,
)

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("unread", feed.unread, name="unread"),
    path("needs", feed.needs, name="needs"),
    path("services", services.services, name="services"),
    path("search", search.search, name="search"),
    path("ask", ask.ask, name="ask"),
    path("ask/suggest", ask.suggest, name="ask-suggest"),
    path("map/counties.json", outlines.counties, name="map-counties"),
    path("map/area.json", outlines.area, name="map-area"),
    path("photos", photos.upload, name="photos"),
    path("photo/<str:key>/<str:size>", photos.photo, name="photo"),
    path("need/<str:number>", need.need, name="need"),
    path("need/<str:number>/claim", moves.claim, name="claim"),
    path("need/<str:number>/got", need.got, name="got"),
    path("need/<str:number>/late", need.late, name="late"),
    path("need/<str:number>/release", moves.release, name="release"),
    path("need/<str:number>/accept", moves.accept, name="accept"),
    path("need/<str:number>/turn-down", moves.turn_down, name="turn-down"),
    path("need/<str:number>/withdraw", moves.withdraw, name="withdraw"),
    path("need/<str:number>/report", done.report, name="report"),
    path("need/<str:number>/rate", done.rate, name="rate"),
    path("need/<str:number>/change-rating", done.change_rating, name="change-rating"),
    path("need/<str:number>/verify-benefit", done.verify_benefit, name="verify-benefit"),
    path("need/<str:number>/dispute", moves.dispute, name="dispute"),
    path("need/<str:number>/reopen", moves.reopen, name="reopen"),
    path("need/<str:number>/messages", talk.messages, name="messages"),
    path("need/<str:number>/contact", talk.contact, name="contact"),
    path("need/<str:number>/team", talk.team, name="team"),
    path("need/<str:number>/visit", talk.visit, name="visit"),
]
