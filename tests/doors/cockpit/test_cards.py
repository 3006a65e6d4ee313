"""The catalogue of cards: each can be drawn from what a board holds."""

from xianfeng.doors.cockpit.cards import DIMENSIONS, FORMS, all_cards
from xianfeng.doors.cockpit.measures import all_measures
from xianfeng.doors.cockpit.queries.board import BESIDE, FIGURES, NOW


def test_every_card_names_measures_a_dimension_and_a_form_that_a_board_holds() -> None:
    for card in all_cards().values():
        held = {"month": set(FIGURES), "": {*FIGURES, *NOW}}.get(card.by, {*BESIDE, *NOW})
        assert set(card.measures) <= held, card.code
        assert card.by in DIMENSIONS
        assert card.form in FORMS
        assert (card.form == "number") == (card.by == "")


def test_measures_of_one_chart_share_their_unit() -> None:
    for card in all_cards().values():
        assert len({all_measures()[code].unit for code in card.measures}) == 1, card.code
