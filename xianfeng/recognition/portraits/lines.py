"""Strengths and gaps in plain sentences with the numbers behind them. The rules are data: catalogue/portraits.toml."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from xianfeng.foundation.kernel import catalogue
from xianfeng.recognition.merit.queries import Standing
from xianfeng.recognition.portraits.queries.portraits import Portrait

STRENGTH, GAP = "strength", "gap"
Numbers = dict[str, float]


def numbers_of(portrait: Portrait) -> Numbers:
    """Return the numbers that sentences may name; what nobody knows is left out, and no sentence rests on it."""
    counted, whole = portrait.counted, [link for chain in portrait.chains for link in chain.links]
    recent = portrait.at.date() - timedelta(days=365)
    found: dict[str, float | None] = {
        "done": counted.done, "year": counted.year, "rated": counted.rated, "stars": counted.stars,
        "idle_days": counted.idle_days, "kinds": sum(1 for one in counted.kinds if one.code),
        "cells": len(counted.spots), "months_active": sum(1 for month in counted.months if month > recent),
        "income_yuan": counted.income_yuan, "cost_yuan": counted.cost_yuan, "jobs": counted.jobs,
        "brought": counted.income_yuan + counted.cost_yuan + counted.jobs,
        "achievements": counted.achievements, "lives": counted.lives,
        "shared": counted.achievements + counted.lives,
        "grown": sum(1 for link in whole if not link.own and link.depth), **_parts(portrait.standing),
    }  # fmt: skip
    return {name: value for name, value in found.items() if value is not None}


def _parts(standing: Standing | None) -> Numbers:
    """Return of each part of the index the share reached, the city's median share, and how far ahead; whole percent."""
    found: Numbers = {}
    for part in standing.parts if standing else ():
        own, median = (
            round(100 * points / part.most) if part.most else 0 for points in (part.points, part.median)
        )
        found |= {part.code: own, f"{part.code}_median": median, f"{part.code}_ahead": own - median}
    return found


def sentences(known: Mapping[str, float], side: str, language: str) -> list[str]:
    """Return the sentences of one side that hold, in the catalogue's order, of each group the first."""
    tail, said, found = ("en" if language.startswith("en") else "zh"), set[str](), list[str]()
    for rule in catalogue.load("portraits")["sentence"]:
        if rule["side"] == side and rule["group"] not in said and _holds(rule, known):
            said.add(rule["group"])
            found.append(rule[tail].format_map(known))
    return found[: catalogue.load("portraits")["limits"]["strengths" if side == STRENGTH else "gaps"]]


def _holds(rule: Mapping[str, Any], known: Mapping[str, float]) -> bool:
    value = known.get(rule["number"])
    if value is None or any(known.get(name, 0) < least for name, least in rule.get("needs", {}).items()):
        return False
    least, most = rule.get("at_least", value), rule.get("at_most", value)
    return bool(least <= value <= most)
