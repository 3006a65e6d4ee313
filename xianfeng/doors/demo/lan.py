"""Where phones of the local network find this demo, as an address and as a code to scan."""

import socket
from contextlib import suppress

import segno
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

_LOCAL = {"localhost", "127.0.0.1", "[::1]"}


def origin(request: HttpRequest) -> str:
    """Return scheme, host and port for phones; as asked, where no other address of this machine is known."""
    host = request.get_host()
    name, port = host.removesuffix(f":{request.get_port()}"), request.get_port()
    if name in _LOCAL and (address := _address()):
        host = f"{address}:{port}"
    return f"{request.scheme}://{host}"


def _address() -> str | None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, suppress(OSError):
        probe.connect(
            ("192.0.2.1", 9)
        )  # a documentation address: only the route is asked for, nothing is sent
        return str(probe.getsockname()[0])
    return None


def code(url: str) -> SafeString:
    """Return a QR code of `url` as inline SVG."""
    drawn = segno.make(url, error="m").svg_inline(border=3, omitsize=True, dark="#14201c", light="#ffffff")
    return mark_safe(drawn)  # noqa: S308 - drawn by segno from our own address
