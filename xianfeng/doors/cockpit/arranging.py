"""Boards of one's own: kept, arranged anew, dropped. Each is a line on the record of whose board it is."""

from collections.abc import Sequence

from django.db.models import QuerySet

from xianfeng.doors.cockpit.cards import card
from xianfeng.doors.cockpit.models import OwnBoard
from xianfeng.doors.cockpit.scope import addressed
from xianfeng.foundation.kernel import catalogue, clock, texts
from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.record import steps as record
from xianfeng.foundation.record.subjects import person as actor


def boards_of(person: Person) -> QuerySet[OwnBoard]:
    """Return the boards `person` arranged, by name."""
    return OwnBoard.objects.filter(person=person).order_by("name")


def own_board(pk: int, *, by: Person) -> OwnBoard:
    """Return one of the own boards. Raises Missing for another's and for none alike."""
    found = boards_of(by).filter(pk=pk).first()
    if found is None:
        raise Missing
    return found


def save_board(name: str, kind: str, code: str, cards: Sequence[str], *, by: Person) -> OwnBoard:
    """Keep a board of cards in their order, drawn from the board at kind and code; the same name again is the new one.

    Raises Missing for a board that is not `by`'s to read and for cards there are not; Refused 'text-missing',
    'text-too-long', 'cockpit-cards-none', 'cockpit-cards-many', 'cockpit-boards-full'.
    """
    numbers = catalogue.load("cockpit/own")["boards"]
    plain, chosen = texts.clean_line(name, field="name", limit=numbers["name_length"]), _checked(cards)
    scope, at = addressed(by, kind, code), clock.now()
    given = {"kind": kind, "code": scope.code, "cards": chosen, "saved_at": at}
    with write():
        Person.objects.select_for_update().get(pk=by.pk)  # two tabs at once must not pass the limit together
        kept = boards_of(by)
        if not kept.filter(name=plain).exists() and kept.count() >= numbers["most"]:
            raise Refused("cockpit-boards-full", field="name", limit=numbers["most"])
        row, _ = OwnBoard.objects.update_or_create(person=by, name=plain, defaults=given)
        _note(row, "person.board-arranged", by)
        return row


def arrange(pk: int, cards: Sequence[str], *, by: Person) -> OwnBoard:
    """Put the cards of an own board into another order, or others in their place. Raises as save_board."""
    chosen = _checked(cards)
    with write():
        row = boards_of(by).select_for_update().filter(pk=pk).first()
        if row is None:
            raise Missing
        if row.cards != chosen:
            row.cards, row.saved_at = chosen, clock.now()
            row.save(update_fields=["cards", "saved_at"])
            _note(row, "person.board-arranged", by)
        return row


def drop_board(pk: int, *, by: Person) -> None:
    """Drop an own board. Raises Missing for another's and for none alike."""
    with write():
        row = boards_of(by).select_for_update().filter(pk=pk).first()
        if row is None:
            raise Missing
        _note(row, "person.board-dropped", by)
        row.delete()


def _checked(cards: Sequence[str]) -> list[str]:
    chosen = list(dict.fromkeys(card(code).code for code in cards))
    most = catalogue.load("cockpit/own")["boards"]["cards_most"]
    if not chosen:
        raise Refused("cockpit-cards-none", field="card")
    if len(chosen) > most:
        raise Refused("cockpit-cards-many", field="card", limit=most)
    return chosen


def _note(row: OwnBoard, code: str, by: Person) -> None:
    new = {"board": row.pk, "cards": len(row.cards)}
    record.append("person", by.pk, code, actor=actor(by.pk), at=clock.now(), new=new)
