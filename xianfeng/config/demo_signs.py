"""What the demo prints for whoever started it: addresses, a code for phones, and who can be signed in."""

import json
import socket
import sys
from collections.abc import Iterator
from contextlib import suppress
from time import monotonic, sleep
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import segno
from django.core.management.base import CommandError

from xianfeng.config.supervisor import Group

UP_SECONDS = 60
SHOWN = 6


def wait_until_up(group: Group, web: int, stream: int) -> None:
    """Wait until pages and stream answer. Raises CommandError with one line if they do not."""
    until = monotonic() + UP_SECONDS
    for url in (f"http://127.0.0.1:{web}/", f"http://127.0.0.1:{stream}/health"):
        while not _answers(url):
            group.watch_once()
            if monotonic() > until:
                raise CommandError(f"{url} does not answer; see {group.logs}")
            sleep(0.1)


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=5):  # noqa: S310 - our own address
            return True
    except HTTPError as error:
        return error.code < 500
    except (URLError, OSError):
        return False


def local_address() -> str | None:
    """Return this machine's address in the local network, or None; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, suppress(OSError):
        probe.connect(("192.0.2.1", 9))  # a documentation address: only the route is asked for
        address = str(probe.getsockname()[0])
        return None if address.startswith("127.") else address
    return None


def show(port: int, seconds: float) -> None:
    """Print where the city is and how to enter it."""
    here = f"http://localhost:{port}"
    there = (address := local_address()) and f"http://{address}:{port}"
    lines = ["", f"  先锋 Xianfeng  ({seconds:.1f} s)", "", f"  本机 this machine    {here}"]
    if there:
        lines.append(f"  手机 local network   {there}")
    lines += [f"  登录 sign in         {here}/demo   一键成为任何人 as anybody, one tap", *_cast(port), ""]
    sys.stdout.write("\n".join(lines) + "\n")
    if there:
        segno.make(there, error="l").terminal(sys.stdout, border=2, compact=True)
    sys.stdout.write("\n  Ctrl-C 停止 stops\n")
    sys.stdout.flush()


def _cast(port: int) -> Iterator[str]:
    """Yield one line for the first of each role; without the list, nothing."""
    seen: set[str] = set()
    with suppress(URLError, OSError, ValueError, KeyError, TypeError):
        for one in _people(port):
            role = str(one["role"]).split("-")[0].split(":")[0].split(" ")[0]
            if role not in seen and len(seen) < SHOWN:
                seen.add(role)
                yield f"    {one['role']:<22} {one['mobile']}  {one['name']}"


def _people(port: int) -> list[dict[str, Any]]:
    with urlopen(f"http://127.0.0.1:{port}/api/v1/demo/cast", timeout=10) as answer:
        told = json.load(answer)
    people: list[dict[str, Any]] = told["items"] if isinstance(told, dict) else told
    return people
