"""Installs the Open311 clients that other people wrote, for tests alone: `python -m tools.open311_clients`.

PyPI `three` 0.8.0 and `georeport` 0.3.1, npm `open311` 0.0.12 go into `var/open311`, outside the product's environment:
none of them is alive enough to be a dependency. Two libraries that the npm client needs for XML cannot be had from the
registry any more; what stands in for them fails loudly, so JSON alone is driven through it.
"""

import json
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "var" / "open311"
PYTHON, NODE = FOLDER / "python", FOLDER / "node"
_PACKAGES = ("three==0.8.0", "georeport==0.3.1")
_GONE = ("sparkxml", "xml2json")
_STAND_IN = """const no = () => { throw new Error("only JSON is driven"); };
module.exports = { parseXml: no, toJson: no };
"""


def main() -> int:
    """Install what is missing; return 0 if every client is there."""
    return _python() or _node()


def _python() -> int:
    PYTHON.mkdir(parents=True, exist_ok=True)
    return subprocess.call(
        [sys.executable, "-m", "pip", "install", "-q", "--target", str(PYTHON), *_PACKAGES]
    )


def _node() -> int:
    NODE.mkdir(parents=True, exist_ok=True)
    for name in _GONE:
        (NODE / name).mkdir(exist_ok=True)
        _write(NODE / name / "package.json", {"name": name, "version": "0.0.0", "main": "index.js"})
        (NODE / name / "index.js").write_text(_STAND_IN)
    overrides = {**{name: f"file:./{name}" for name in _GONE}, "request": "2.88.2", "lodash": "0.10.0"}
    _write(
        NODE / "package.json",
        {"private": True, "dependencies": {"open311": "0.0.12"}, "overrides": overrides},
    )
    return subprocess.call(
        ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--silent"], cwd=NODE
    )


def _write(path: Path, content: object) -> None:
    path.write_text(json.dumps(content))


if __name__ == "__main__":
    sys.exit(main())
