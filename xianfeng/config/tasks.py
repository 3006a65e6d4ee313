"""What the worker does in a rhythm. Each runs alone: a round is left out while the one before still runs."""

import logging
from collections.abc import Callable
from importlib import import_module

from procrastinate.contrib.django import app

log = logging.getLogger(__name__)
EVERY_10_SECONDS = "* * * * * */10"
EVERY_MINUTE = "* * * * * 30"
EVERY_HOUR = "7 * * * * 15"


def _call(path: str) -> None:
    """Call `module:function`; a fault is logged, and the next round tries again."""
    module, _, name = path.partition(":")
    function: Callable[[], object] = getattr(import_module(module), name)
    try:
        function()
    except Exception:
        log.exception("%s failed", path)


@app.periodic(cron=EVERY_10_SECONDS)
@app.task(queueing_lock="limits", lock="limits", pass_context=False)
def limits(timestamp: int) -> None:  # noqa: ARG001 - procrastinate names it
    """What happens when a limit of a matter has passed."""
    _call("xianfeng.matters.tasks:enforce_limits")


@app.periodic(cron=EVERY_10_SECONDS)
@app.task(queueing_lock="showcase", lock="showcase", pass_context=False)
def showcase(timestamp: int) -> None:  # noqa: ARG001 - procrastinate names it
    """Remind subscribers of what begins soon, and do what follows when a limit of the showcase has passed."""
    _call("xianfeng.recognition.showcase.tasks:run")


@app.periodic(cron=EVERY_10_SECONDS)
@app.task(queueing_lock="meetings", lock="meetings", pass_context=False)
def meetings(timestamp: int) -> None:  # noqa: ARG001 - procrastinate names it
    """Do what follows when a limit of a meeting or a proposal has passed."""
    _call("xianfeng.services.meetings.tasks:run")


@app.periodic(cron=EVERY_10_SECONDS)
@app.task(queueing_lock="studios", lock="studios", pass_context=False)
def studios(timestamp: int) -> None:  # noqa: ARG001 - procrastinate names it
    """Ask askers whether they got an answer, and do what follows when a limit of a studio has passed."""
    _call("xianfeng.services.studios.tasks:run")


@app.periodic(cron=EVERY_10_SECONDS)
@app.task(queueing_lock="mediation", lock="mediation", pass_context=False)
def mediation(timestamp: int) -> None:  # noqa: ARG001 - procrastinate names it
    """Remind of hearings, and do what follows when a limit of a mediation has passed."""
    _call("xianfeng.services.mediation.tasks:run")


@app.periodic(cron=EVERY_HOUR)
@app.task(queueing_lock="showcase-benefits", lock="showcase-benefits", pass_context=False)
def showcase_benefits(timestamp: int) -> None:  # noqa: ARG001 - procrastinate names it
    """Keep the benefits of reports that were made before the showcase listened."""
    _call("xianfeng.recognition.showcase.tasks:catch_up")


@app.periodic(cron=EVERY_MINUTE)
@app.task(queueing_lock="checkpoint", lock="checkpoint", pass_context=False)
def checkpoint(timestamp: int) -> None:  # noqa: ARG001 - procrastinate names it
    """Vouch for all heads of the record in a file outside the database."""
    _call("xianfeng.foundation.record.checkpoints:write")


@app.periodic(cron=EVERY_MINUTE)
@app.task(queueing_lock="merit", lock="merit", pass_context=False)
def merit(timestamp: int) -> None:  # noqa: ARG001 - procrastinate names it
    """Compute the index of the pioneers that moved."""
    _call("xianfeng.recognition.merit.tasks:refresh")


@app.periodic(cron=EVERY_HOUR)
@app.task(queueing_lock="months", lock="months", pass_context=False)
def months(timestamp: int) -> None:  # noqa: ARG001 - procrastinate names it
    """Freeze the ranking of the month that is over; a later correction is a new edition."""
    _call("xianfeng.recognition.merit.tasks:close_months")


@app.periodic(cron=EVERY_10_SECONDS)
@app.task(queueing_lock="exports", lock="exports", pass_context=False)
def exports(timestamp: int) -> None:  # noqa: ARG001 - procrastinate names it
    """Make the long lists that staff asked for as files."""
    _call("xianfeng.doors.desk.tasks:make_exports")


@app.periodic(cron=EVERY_10_SECONDS)
@app.task(queueing_lock="portraits", lock="portraits", pass_context=False)
def portraits(timestamp: int) -> None:  # noqa: ARG001 - procrastinate names it
    """Draw the portraits of rounds that staff asked for as one file."""
    _call("xianfeng.recognition.portraits.tasks:make_batches")


@app.periodic(cron=EVERY_10_SECONDS)
@app.task(queueing_lock="people-lists", lock="people-lists", pass_context=False)
def people_lists(timestamp: int) -> None:  # noqa: ARG001 - procrastinate names it
    """Look at, or take in, the long lists of pioneers that staff sent."""
    _call("xianfeng.doors.desk.tasks:take_lists")


@app.periodic(cron=EVERY_MINUTE)
@app.task(queueing_lock="titles", lock="titles", pass_context=False)
def titles(timestamp: int) -> None:  # noqa: ARG001 - procrastinate names it
    """Give new matters the search keys of their titles, for the desk's list."""
    _call("xianfeng.doors.desk.tasks:index_titles")


@app.periodic(cron=EVERY_MINUTE)
@app.task(queueing_lock="search", lock="search", pass_context=False)
def search(timestamp: int) -> None:  # noqa: ARG001 - procrastinate names it
    """Give needs the search keys that have none: those of a city that was just built."""
    _call("xianfeng.matters.search:index_new")


@app.periodic(cron=EVERY_HOUR)
@app.task(queueing_lock="retention", lock="retention", pass_context=False)
def retention(timestamp: int) -> None:  # noqa: ARG001 - procrastinate names it
    """Take away what is not to be kept any longer."""
    _call("xianfeng.foundation.kernel.retention:sweep_all")


@app.periodic(cron=EVERY_HOUR)
@app.task(queueing_lock="honours", lock="honours", pass_context=False)
def honours(timestamp: int) -> None:  # noqa: ARG001 - procrastinate names it
    """Say of honours whose years are over that they are; review grades once a year."""
    _call("xianfeng.recognition.honours.tasks:hourly")


@app.periodic(cron=EVERY_10_SECONDS)
@app.task(queueing_lock="cockpit", lock="cockpit", pass_context=False)
def cockpit(timestamp: int) -> None:  # noqa: ARG001 - procrastinate names it
    """Count from the beginning where that was never done, and follow areas that moved."""
    _call("xianfeng.doors.cockpit.tasks:keep")


@app.periodic(cron=EVERY_HOUR)
@app.task(queueing_lock="cockpit-briefs", lock="cockpit-briefs", pass_context=False)
def cockpit_briefs(timestamp: int) -> None:  # noqa: ARG001 - procrastinate names it
    """Tell leaders of the brief of a week or a month that is over."""
    _call("xianfeng.doors.cockpit.briefs.operations:write_due")
