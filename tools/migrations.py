"""Checks migrations against the models and against what a running city could not bear (django-migration-linter)."""

import os
import sys

import tests.server


def main() -> int:
    """Return 0 if models and migrations agree and no migration breaks a running city."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xianfeng.config.settings")
    import django
    from django.core.management import call_command
    from django_migration_linter import MigrationLinter

    django.setup()
    call_command("makemigrations", check=True, dry_run=True, verbosity=1)
    linter = MigrationLinter(
        str(tests.server.ROOT), no_cache=True, quiet=["ignore", "ok"], exclude_apps=["procrastinate"]
    )
    linter.lint_all_migrations()
    linter.print_summary()
    return int(linter.has_errors)


if __name__ == "__main__":
    sys.exit(main())
