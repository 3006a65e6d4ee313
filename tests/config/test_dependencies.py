"""Every dependency has its reason in docs/adr/0002, and every reason its dependency."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def _wanted(name: str) -> set[str]:
    lines = (ROOT / "requirements" / name).read_text(encoding="utf-8").splitlines()
    names = (re.match(r"[A-Za-z0-9_-]+", line) for line in lines if not line.startswith(("#", "-")))
    return {found.group().lower() for found in names if found}


def _reasoned() -> set[str]:
    page = (ROOT / "docs" / "adr" / "0002-dependencies.md").read_text(encoding="utf-8")
    cells = [line.split("|")[1] for line in page.splitlines() if line.startswith("| `")]
    return {name.lower() for cell in cells for name in re.findall(r"`([^`]+)`", cell)}


def test_every_dependency_has_its_reason_and_every_reason_its_dependency() -> None:
    assert _wanted("base.in") | _wanted("dev.in") == _reasoned()


def test_the_locks_name_a_hash_for_every_package() -> None:
    for name in ("base.txt", "dev.txt"):
        text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
        packages = re.findall(r"^[a-z0-9][^\n=]*==", text, re.MULTILINE)
        blocks = re.split(r"^(?=[a-z0-9][^\n=]*==)", text, flags=re.MULTILINE)[1:]
        assert len(packages) == len(blocks)
        assert all("--hash=sha256:" in block for block in blocks)
