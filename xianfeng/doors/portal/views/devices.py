"""What a device calls itself, short enough to be recognised in the list of sessions."""

from django.http import HttpRequest

_SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"),
    ("Windows", "Windows"), ("Macintosh", "Mac"), ("Linux", "Linux"),
)  # fmt: skip
_PROGRAMS = (
    ("MicroMessenger", "WeChat"), ("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip


def device(request: HttpRequest) -> str:
    """Return system and program, as 'Android · Chrome'; '' for what does not say. Versions are not kept."""
    said = request.headers.get("User-Agent", "")
    known = (next((name for mark, name in marks if mark in said), "") for marks in (_SYSTEMS, _PROGRAMS))
    return " · ".join(name for name in known if name)
