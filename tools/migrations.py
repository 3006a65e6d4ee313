"""Checks migrations against the models and against what a running city could not bear (django-migration-linter)."""

import os
import sys

import tests.server

# Looked at, and safe while the city runs, though the linter cannot tell.
SAFE = [
    "0003_grades_and_achievements",  # honours_item.kind takes longer words than before: no row is rewritten
]


def main() -> int:
    """Return 0 if models and migrations agree and no migration breaks a running city."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xianfeng.config.settings")
    import django
    from django.core.management import call_command
    from django_migration_linter import MigrationLinter

    django.setup()
    call_command("makemigrations", check=True, dry_run=True, verbosity=1)
    linter = MigrationLinter(
        str(tests.server.ROOT),
        no_cache=True,
        quiet=["ignore", "ok"],
        exclude_apps=["procrastinate"],
        ignore_name=SAFE,
    )
    linter.lint_all_migrations()
    linter.print_summary()
    return int(linter.has_errors)


if __name__ == "__main__":
    sys.exit(main())
