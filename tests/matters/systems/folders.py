"""A small system as a folder, for tests to spoil."""

from pathlib import Path

FILES = {
    "system.toml": (
        'code = "{name}"\nzh = "借东西"\nen = "Lending"\nzh_what = "借了还"\nen_what = "Borrow and return"\n'
    ),
    "limits.toml": (
        "[limits_minutes]\nraised = 60\noffered = 60\nopen = 60\ntaken = 60\ndone = 60\n\n[numbers]\n"
        "return_free_minutes = 2\nreopen_days = 30\nreopen_times = 1\nrating_days = 7\nextend_times = 1\n"
        "extend_minutes = 60\nphotos = 6\n\n[retention_days]\naddress = 90\nmessages = 365\nphotos = 365\n"
    ),
    "services/lend-ladder.toml": (
        'code = "lend-ladder"\nzh = "借梯子"\nen = "Borrow a ladder"\nzh_what = "借一把梯子"\n'
        'en_what = "Borrow a ladder"\n'
        'handover = "grab"\nfiling = false\nraisers = ["person"]\nrated = ["skill"]\ncategory = "tools"\n'
    ),
    "forms/lend-ladder.yaml": (
        "questions:\n"
        "  - {code: high, kind: number, zh: 多高, en: How high, zh_unit: 米, en_unit: m, "
        "least: 1, most: 9, required: true}\n"
        "  - code: kind\n    kind: choice\n    zh: 哪种\n    en: Which kind\n    options:\n"
        "      - {code: step, zh: 人字梯, en: Step ladder}\n      - {code: long, zh: 长梯, en: Long ladder}\n"
    ),
    "categories.toml": '[tools]\nzh = "工具"\nen = "Tools"\nicon = "wrench"\nwords = ["梯子"]\n',
    "roles.toml": (
        '[ladder-keeper]\nzh = "管梯子的"\nen = "Keeper of ladders"\nlevels = ["village"]\nmay = ["handle"]\n'
    ),
    "texts.toml": '[ask]\nzh = "想借什么"\nen = "What would you borrow"\n',
    "demo.toml": '[[needs]]\nservice = "lend-ladder"\ntitle = "借三米的梯子"\n',
}


def write(root: Path, name: str = "lending", /, **changed: str | None) -> Path:
    """Write the folder `name` below `root`; `changed` replaces whole files (None: leave out), 'a__b' stands for a/b."""
    files = {**FILES, **{_path(key): text for key, text in changed.items()}}
    for path, text in files.items():
        if text is not None:
            file = root / name / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text.replace("{name}", name), encoding="utf-8")
    return root / name


def _path(key: str) -> str:
    folder, _, rest = key.rpartition("__")
    ending = ".yaml" if folder == "forms" else ".toml"
    return f"{folder}/{rest.replace('_', '-')}{ending}" if folder else f"{rest}{ending}"
