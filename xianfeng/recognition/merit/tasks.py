"""What the worker does for the index, once a minute."""

import logging

from xianfeng.recognition.merit import operations

log = logging.getLogger(__name__)


def refresh() -> bool:
    """Score the city if anything moved since the last run; tell whether it did."""
    run = operations.refresh()
    if run is None:
        return False
    log.info("%s pioneers scored over %s orders in %.2f s", run.pioneers, run.orders, run.seconds)
    return True
