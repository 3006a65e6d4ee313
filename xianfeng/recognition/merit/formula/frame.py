"""The tables put into one frame: ids as positions, orders sorted by pioneer and rater, couples numbered."""

from dataclasses import dataclass

import numpy as np

from xianfeng.recognition.merit.formula.independence import Links
from xianfeng.recognition.merit.formula.tables import Activities, Floats, Honours, Ids, Ints, Ratings, summed


@dataclass(frozen=True, slots=True)
class Frame:
    """Orders up to `today`, sorted; `rows` tells where each stood in the ratings given, `kinds` names categories."""

    today: float
    ids: Ids
    raters: Ids
    rows: Ints
    pioneer: Ints
    created: Floats
    finished: Floats
    stars: Ints
    yuan: Floats
    verified: np.ndarray[tuple[int], np.dtype[np.bool_]]
    category: Ints
    kinds: Ids
    since: Floats
    checked: Floats
    links: Links
    link: Ints
    by_link_count: Ints

    def by_pioneer(self, values: Floats) -> Floats:
        """Sum a value of the orders over each pioneer."""
        return summed(self.pioneer, values, len(self.ids))

    def by_link(self, values: Floats) -> Floats:
        """Sum a value of the orders over each couple of rater and pioneer."""
        return summed(self.link, values, len(self.by_link_count))


def all_ids(ratings: Ratings, activities: Activities, honours: Honours) -> Ids:
    """Every pioneer named in any table, sorted."""
    named = [ids for ids in (ratings.pioneer, activities.pioneer, honours.pioneer) if len(ids)]
    return np.unique(np.concatenate(named)) if named else np.asarray(ratings.pioneer)


def frame_of(ratings: Ratings, ids: Ids, today: float) -> Frame:
    """Sort and number the orders finished up to today; later ones are not known yet."""
    rows = np.flatnonzero(ratings.finished <= today)
    raters, rater = np.unique(ratings.rater[rows], return_inverse=True)
    pioneer = np.searchsorted(ids, ratings.pioneer[rows])
    couple = pioneer * len(raters) + rater
    order = np.argsort(couple, kind="stable")
    kept = ratings.taken(rows[order])
    kinds, category = np.unique(kept.category, return_inverse=True)
    couples, link, count = np.unique(couple[order], return_inverse=True, return_counts=True)
    width = max(len(raters), 1)
    links = Links(couples // width, couples % width, len(ids), len(raters))
    return Frame(
        today=today,
        ids=ids,
        raters=raters,
        rows=rows[order],
        pioneer=pioneer[order],
        created=kept.created,
        finished=kept.finished,
        stars=kept.stars,
        yuan=kept.benefit_yuan,
        verified=kept.verified,
        category=category,
        kinds=kinds,
        since=kept.rater_since,
        checked=kept.rater_checked,
        links=links,
        link=link,
        by_link_count=count,
    )
