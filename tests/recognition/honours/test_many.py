"""Ten thousand candidates in a round: read in one statement, closed and ranked in a fixed number of them."""

import time
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tests.recognition.honours.playing import CLOSE, START, opened
from xianfeng.recognition.honours import eligibility
from xianfeng.recognition.honours.models import Round
from xianfeng.recognition.honours.operations import deciding, reviewing
from xianfeng.recognition.honours.planning import CriterionGiven, QuotaGiven, RuleGiven

MANY = 10_000
RULES = [
    RuleGiven("services", n=1, months=12), RuleGiven("stars", n=4), RuleGiven("index", n=10),
    RuleGiven("no-complaint", months=12), RuleGiven("not-honoured", years=3), RuleGiven("years", n=0),
]  # fmt: skip
_PEOPLE = """
INSERT INTO people_person (name, mobile_sealed, mobile_hash, joined_at, language, mode, record_head, record_length)
SELECT '候选' || n, '', convert_to('h' || n, 'UTF8'), %s, '', '', '', 0 FROM generate_series(1, %s) n RETURNING id"""
_PIONEERS = """
INSERT INTO people_pioneer (kind, name, spokesperson_id, organisation_id, area_id, skills, motto, deed, avatar, lat,
    lon, cell, held, kin, search, helped, index, index_without_honours, index_parts, index_version, since, record_head,
    record_length)
SELECT 'individual', p.name, p.id, %s, %s, '{}', '', '', '', 30.8, 120.1, 1, 0, ARRAY[p.id], '{}', 0, 50,
    (p.id %% 100), '{}', 'v1', %s, '', 0 FROM people_person p WHERE p.name LIKE '候选%%'"""
_CANDIDACIES = """
WITH f AS (INSERT INTO honours_dossier (person_id, pioneer_id, organisation_id, area_id, kind, name, profile,
        specialities, opened_at, changed_at, record_head, record_length)
    SELECT spokesperson_id, id, organisation_id, area_id, 'individual', name, '', '{}', %(at)s, %(at)s, '', 0
    FROM people_pioneer WHERE name LIKE '候选%%' RETURNING id, pioneer_id, person_id)
INSERT INTO honours_candidacy (round_id, dossier_id, pioneer_id, how, declared_by_id, declared_at, state, statement,
    facts, points, record_head, record_length)
SELECT %(round)s, id, pioneer_id, 'self', person_id, %(at)s, 'declared', '', '{}', '{}', '', 0 FROM f"""


def crowd(cast: Cast, about: Round) -> None:
    """Enter the candidates and their declarations with three statements."""
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE, [START - timedelta(days=400), MANY])
        cursor.execute(_PIONEERS, [cast.organisation.pk, cast.here.pk, START - timedelta(days=400)])
        cursor.execute(_CANDIDACIES, {"at": START, "round": about.pk})


@pytest.mark.slow
def test_ten_thousand_are_looked_at_in_one_statement_and_closed_ranked_and_chosen_in_a_fixed_number(
    moment: time_machine.Traveller, cast: Cast
) -> None:
    index_only = [CriterionGiven("index", "先锋指数", 100)]
    quotas = [QuotaGiven(300)]
    rules = [one for one in RULES if one.kind not in {"services", "stars"}]
    about = opened(cast, rules=rules, criteria=index_only, quotas=quotas)
    crowd(cast, about)
    moment.move_to(CLOSE)
    began = time.perf_counter()
    with CaptureQueriesContext(connection) as asked:
        found = eligibility.read(about, list(about.rules.all()), CLOSE)
    assert len(asked) == 3  # its rules, its organisation, everybody
    assert len(found) >= MANY
    with CaptureQueriesContext(connection) as asked:
        reviewing.close(about.pk, by=cast.staff)
        reviewing.rank(about.pk, by=cast.staff)
        deciding.announce(about.pk, by=cast.staff)
    assert len(asked) <= 60
    about.refresh_from_db()
    assert about.candidacies.filter(state="selected").count() == 300
    assert about.candidacies.filter(state="ineligible").count() == MANY // 10
    assert reviewing.reproduce(about) == []
    assert time.perf_counter() - began < 60


def test_the_statement_of_the_whole_field_is_one_however_many_rules(
    moment: time_machine.Traveller, cast: Cast
) -> None:
    about = opened(cast, rules=RULES)
    rules = list(about.rules.all())
    with CaptureQueriesContext(connection) as asked:
        eligibility.read(about, rules, CLOSE)
    assert len(asked) == 2  # its organisation, everybody
