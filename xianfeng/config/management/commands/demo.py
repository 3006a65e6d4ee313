"""xianfeng demo: a living city on this machine. What comes before Django stands in config/demo_start.py."""

import os
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from xianfeng.config import city, demo_signs
from xianfeng.config.demo_start import add_arguments, say
from xianfeng.config.supervisor import Group


class Command(BaseCommand):
    help = (
        "Start a living city: database, pages, worker, stream, and people who act by themselves. State stands in "
        "var/ (XIANFENG_VAR), a database per seed; DATABASE_URL names another server. Ends cleanly on Ctrl-C."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        add_arguments(parser)

    def handle(self, *_: Any, **options: Any) -> None:
        start = monotonic()
        self._prepare(options["seed"])
        connections.close_all()
        group = Group(settings.VAR / "log", say)
        try:
            self._start(group, options)
            demo_signs.show(options["port"], monotonic() - start)
            group.watch()
        except KeyboardInterrupt:
            say("停止 stopping")
        finally:
            group.stop()

    def _prepare(self, seed: int) -> None:
        start = monotonic()
        if not os.environ.get("XIANFENG_SECRET"):
            settings.VAR.mkdir(parents=True, exist_ok=True)
        say("数据表 tables " + ("built" if self._tables(seed) else "up to date"), start)
        start = monotonic()
        city.load_catalogue()
        say("目录 catalogue", start)
        start = monotonic()
        if city.collect_static():
            say("静态文件 static files", start)
        if city.built_seed() is None and city.exists("demo_city"):
            start = monotonic()
            say(f"城市 building the city of seed {seed}, once")
            city.build(seed)
            say("城市 city built", start)

    def _tables(self, seed: int) -> bool:
        """Migrate; a city left half built in our own server is taken away first."""
        built = city.built_seed()
        if built not in {None, seed}:
            raise CommandError(
                f"this database holds the city of seed {built}: give another DATABASE_URL, or SEED={built}"
            )
        changed = city.migrate()
        if built is None and not city.is_empty():
            if settings.DATABASES["default"]["NAME"] != f"demo_{seed}":
                raise CommandError(
                    "this database is in use and holds no demo city: give an empty one in DATABASE_URL"
                )
            say("一个未完成的城市 a city left half built is removed")
            city.empty_database()
            connections.close_all()
            city.migrate()
        return changed

    def _start(self, group: Group, options: dict[str, Any]) -> None:
        """Start the four in the order in which they stop: pages, worker, stream; who lives there comes first."""
        port, start = options["port"], monotonic()
        group.add("web", "serve", "--host", "0.0.0.0", "--port", str(port))  # noqa: S104 - phones reach it
        group.add("worker", "worker")
        group.add("stream", "stream", "--host", "0.0.0.0", "--port", str(settings.STREAM_PORT))  # noqa: S104
        demo_signs.wait_until_up(group, port, settings.STREAM_PORT)
        if not options["no_life"] and city.exists("demo_life"):
            life = group.add("life", "demo_life", "--url", f"http://127.0.0.1:{port}")
            group.children.remove(life)
            group.children.insert(0, life)
        say("网页、后台、推送 pages, worker, stream", start)
