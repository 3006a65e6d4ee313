"""Addresses of what pioneers show: achievements, broadcasts, feedback, figures."""

from django.urls import URLPattern, path

from xianfeng.doors.portal.views import achievements, adoption, feedback, figures, films, lives

urlpatterns: list[URLPattern] = [
    path("achievements", achievements.show_all, name="achievements"),
    path("achievement/new", achievements.new, name="achievement-new"),
    path("achievement/<int:pk>", achievements.show, name="achievement"),
    path("achievement/<int:pk>/change", achievements.change, name="achievement-change"),
    path("achievement/<int:pk>/submit", achievements.submit, name="achievement-submit"),
    path("achievement/<int:pk>/withdraw", achievements.withdraw, name="achievement-withdraw"),
    path("achievement/<int:pk>/video", films.upload, name="achievement-video"),
    path("achievement/<int:pk>/film", films.play, name="achievement-film"),
    path("achievement/<int:pk>/card.png", films.card, name="achievement-card"),
    path("achievement/<int:pk>/use", adoption.use, name="achievement-use"),
    path("achievement/<int:pk>/benefit", adoption.benefit, name="achievement-benefit"),
    path("benefit/<int:pk>/judge", adoption.judge, name="benefit-judge"),
    path("achievement-photos", films.photos, name="achievement-photos"),
    path("achievement-photo/<str:key>/<str:size>", films.photo, name="achievement-photo"),
    path("lives", lives.show_all, name="lives"),
    path("live/new", lives.new, name="live-new"),
    path("live/<int:pk>", lives.show, name="live"),
    path("live/<int:pk>/<str:name>", lives.move, name="live-move"),
    path("live/<int:pk>/seen/dot.gif", lives.seen, name="live-seen"),
    path("comment/<int:pk>/judge", lives.judge_comment, name="comment-judge"),
    path("feedback/<str:kind>/<int:pk>", feedback.send, name="feedback-send"),
    path("me/feedback", feedback.mine, name="my-feedback"),
    path("me/feedback/<int:pk>/answer", feedback.answer, name="feedback-answer"),
    path("figures", figures.show, name="figures"),
    path("figures/<str:name>", figures.rows, name="figure-rows"),
]
