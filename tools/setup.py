"""Makes var/venv from the lock files, with nothing but Python's standard library.

    python3 tools/setup.py [--dev]

Later runs find the stamp and take a tenth of a second. pip is called plainly, so an index or proxy that is
configured for pip is honoured. The syntax stays old on purpose: an old Python must be able to say it is too old.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time

OLDEST = (3, 11)
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, "var", "venv")
PYTHON = os.path.join(VENV, "bin", "python")


def say(text):
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def stop(text):
    sys.stderr.write("xianfeng: " + text + "\n")
    sys.exit(1)


def find_newer_python():
    """Start again under a Python that is new enough, if the machine has one; otherwise say so in one line."""
    for minor in range(20, OLDEST[1] - 1, -1):
        found = shutil.which("python3.%d" % minor)
        if found and subprocess.call([found, "-c", ""], stderr=subprocess.DEVNULL) == 0:
            os.execv(found, [found, os.path.abspath(__file__)] + sys.argv[1:])
    stop(
        "needs Python %d.%d or newer; this is %d.%d (%s)."
        % (OLDEST + sys.version_info[:2] + (sys.executable or "python3",))
    )


def lock_files(dev):
    names = ["base.txt", "dev.txt"] if dev else ["base.txt"]
    return [os.path.join(ROOT, "requirements", name) for name in names]


def fingerprint(files):
    """One line that changes when the lock, the Python or the place of the tree changes."""
    digest = hashlib.sha256((sys.version + ROOT).encode())
    for name in files:
        with open(name, "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()


def stamps():
    try:
        with open(os.path.join(VENV, "stamp")) as file:
            return file.read().split()
    except OSError:
        return []


def write(path, text, mode=0o644):
    with open(path, "w") as file:
        file.write(text)
    os.chmod(path, mode)


def make_venv():
    """Make the virtual environment; without ensurepip (Debian), borrow this Python's own pip."""
    if os.path.exists(PYTHON):
        same = (
            subprocess.call(
                [
                    PYTHON,
                    "-c",
                    "import sys; sys.exit(sys.version_info[:2] != %r)" % (tuple(sys.version_info[:2]),),
                ],
                stderr=subprocess.DEVNULL,
            )
            == 0
        )
        if same:
            return
        say("  the environment was made by another Python; making it anew")
        shutil.rmtree(VENV)
    without = [] if has("ensurepip") else ["--without-pip"]
    if without and not has("pip"):
        stop(
            "this Python can make no virtual environment; install its venv package first "
            "(Debian, Ubuntu: apt install python%d.%d-venv)." % sys.version_info[:2]
        )
    subprocess.check_call([sys.executable, "-m", "venv"] + without + [VENV])


def has(module):
    code = subprocess.call([sys.executable, "-c", "import " + module], stderr=subprocess.DEVNULL)
    return code == 0


def pip():
    own = subprocess.call([PYTHON, "-c", "import pip"], stderr=subprocess.DEVNULL) == 0
    return [PYTHON, "-m", "pip"] if own else [sys.executable, "-m", "pip", "--python", PYTHON]


def wanted(files):
    """How many packages the lock files name."""
    names = set()
    for name in files:
        with open(name) as file:
            names |= set(
                line.split("==")[0] for line in file if "==" in line and not line.startswith((" ", "#"))
            )
    return len(names)


def install(files):
    """Run pip with hashes required and show how far it is; on failure show what it said last."""
    command = pip() + [
        "install",
        "--disable-pip-version-check",
        "--no-input",
        "--progress-bar",
        "off",
        "--require-hashes",
    ]
    for name in files:
        command += ["-r", name]
    total, seen, lines, started = wanted(files), 0, [], time.time()
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True
    )
    for line in process.stdout:
        lines.append(line)
        if line.startswith(("Collecting ", "Requirement already satisfied: ")):
            seen += 1
            progress("%d of about %d packages" % (seen, total))
        elif line.startswith("Installing collected"):
            progress("unpacking", end=True)
    if process.wait() != 0:
        explain(lines)
    say("  installed in %.0f s" % (time.time() - started))


def progress(text, end=False):
    if sys.stdout.isatty():
        sys.stdout.write("\r  %-40s%s" % (text, "\n" if end else ""))
        sys.stdout.flush()
    elif end:
        say("  " + text)


def explain(lines):
    text = "".join(lines)
    if "No space left on device" in text:
        stop("the disk is full: the environment needs about 600 MB in " + os.path.join(ROOT, "var"))
    sys.stderr.write("".join(lines[-12:]))
    stop("pip could not install the packages named above (is there a network, or an index set for pip?).")


def link(folder):
    """Let the environment find the tree (a .pth) and give it its program, so that nothing is written beside var/."""
    packages = os.path.join(VENV, "lib", "python%d.%d" % sys.version_info[:2], "site-packages")
    write(os.path.join(packages, "xianfeng.pth"), folder + "\n")
    program = os.path.join(VENV, "bin", "xianfeng")
    body = '#!/bin/sh\nexec "%s" -m xianfeng "$@"\n' % PYTHON
    write(program, body, 0o755)


def main():
    if sys.version_info < OLDEST:
        find_newer_python()
    files = lock_files("--dev" in sys.argv)
    mark = fingerprint(files)
    if mark in stamps() and os.path.exists(PYTHON):
        return
    say("Setting up var/venv (Python %d.%d, %d packages)" % (sys.version_info[:2] + (wanted(files),)))
    os.makedirs(os.path.dirname(VENV), exist_ok=True)
    make_venv()
    install(files)
    link(ROOT)
    keep = [fingerprint(lock_files(False))] if "--dev" in sys.argv else []
    write(os.path.join(VENV, "stamp"), "\n".join([mark] + keep) + "\n")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        stop("stopped; the next start goes on from here.")
    except OSError as error:
        stop("the disk is full." if error.errno == 28 else str(error))
