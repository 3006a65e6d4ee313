"""Deputies, meetings and proposals of the demo: played once through the operations, everybody marked as invented."""

from datetime import timedelta

from tests.cast import Cast
from xianfeng.doors.demo.city import talks
from xianfeng.doors.demo.models import Part
from xianfeng.foundation.kernel import catalogue, clock
from xianfeng.foundation.people.models import Person, Post
from xianfeng.foundation.places import city, locate
from xianfeng.services.meetings import queries as meetings
from xianfeng.services.meetings.models import Meeting
from xianfeng.services.studios import queries as studios
from xianfeng.services.studios.models import Question


def settled(cast: Cast) -> None:
    """Let the resident live in the middle of the city, and have a neighbour."""
    middle = city.served()
    area = locate.locate(middle.lat, middle.lon).area
    Person.objects.filter(pk=cast.resident.pk).update(area=area, lat=middle.lat, lon=middle.lon)
    Post.objects.update(since=clock.now() - timedelta(days=200))
    Part.objects.create(role="resident-neighbour", person=cast.member, position=9, name="某", what="住旁边")


def test_a_built_city_has_deputies_who_answer_a_meeting_and_proposals_once(
    cast: Cast, parts: dict[str, Person]
) -> None:
    settled(cast)
    middle = city.served()
    assert talks.play() == 10
    assert talks.play() == 0
    assert [row.sector for row in studios.serving_point(middle.lat, middle.lon)] == [""]
    assert studios.online("work").count() == 1
    assert sorted(Question.objects.values_list("state", flat=True)) == [
        "answered", "answered", "handed", "settled", "settled",
    ]  # fmt: skip
    assert studios.policies("低保").count() == 1
    assert sorted(Meeting.objects.values_list("state", flat=True)) == ["called", "closed"]
    assert {row.state for row in meetings.public_proposals()} == {"built", "building", "studied"}
    names = catalogue.load("demo/services")["people"].values()
    assert all(name.startswith("示例") for name in names)


def test_a_city_without_a_cast_is_left_alone(cast: Cast) -> None:
    assert talks.play() == 0
    assert not Question.objects.exists()
