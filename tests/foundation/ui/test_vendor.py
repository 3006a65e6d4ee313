"""What others wrote stands in the house as the lock says: name, version, licence, and every byte."""

import base64
import hashlib
import json
from pathlib import Path

from xianfeng.foundation import ui

VENDOR = Path(next(iter(ui.__path__))) / "static/ui/vendor"
LOCK = json.loads((VENDOR / "vendor.lock.json").read_text())


def _integrity(path: Path) -> str:
    return "sha384-" + base64.b64encode(hashlib.sha384(path.read_bytes()).digest()).decode()


def test_every_vendored_file_is_the_one_that_was_locked() -> None:
    locked = {name: integrity for package in LOCK for name, integrity in package["files"].items()}
    standing = {
        str(path.relative_to(VENDOR)): _integrity(path)
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "vendor.lock.json"
    }
    assert standing == locked


def test_every_package_names_its_version_licence_and_source() -> None:
    for package in LOCK:
        assert package["licence"] in {"0BSD", "BSD-2-Clause", "MIT", "ISC", "BSD-3-Clause", "Apache-2.0"}
        assert package["version"] in package["source"]
        folder = f"{package['name'].removesuffix('.org')}-{package['version']}/"
        assert all(name.startswith(folder) for name in package["files"])
