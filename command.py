"""The `yingshang` command. Each part is imported only when it is called, so that each is quick."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from typing import Any

import rich_click as click

from evaluation.platform import i18n

PARTS = {
    "serve": ("evaluation.platform.serve_command", "serve"),
    "demo": ("reports.demo_command", "demo"),
    "db": ("evaluation.migrations.command", "db"),
    "user": ("evaluation.accounts.command", "user"),
    "framework": ("evaluation.framework.command", "framework"),
    "form": ("surveys.forms.command", "form"),
    "values": ("surveys.observations.command", "values"),
    "score": ("reports.score_command", "score"),
    "raters": ("reports.raters_command", "raters"),
    "ranking": ("reports.command", "ranking"),
    "package": ("scoring.sealing.command", "package"),
    "audit": ("reports.audit_command", "audit"),
    "whatif": ("reports.whatif_command", "whatif"),
    "compare": ("reports.compare_command", "compare"),
}


class Parts(click.RichGroup):
    """A group whose commands live in the slice they belong to."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of the story."""
        return list(PARTS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the part that was asked for."""
        if cmd_name not in PARTS:
            return None
        module, attribute = PARTS[cmd_name]
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command


@click.group(cls=Parts, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="yingshang", prog_name="yingshang")
@click.pass_context
def main(context: click.Context) -> None:
    """营商 yingshang：营商环境评价与整改 · evaluate cities' business environment."""
    i18n.set_locale(i18n.system_locale())
    context.obj = framework_checks


def framework_checks() -> tuple[Callable[..., Any], ...]:
    """What later steps of the story ask of a framework that is brought in."""
    checks: tuple[Callable[..., Any], ...] = importlib.import_module(
        "scoring.interface"
    ).FRAMEWORK_CHECKS
    return checks


if __name__ == "__main__":
    sys.exit(main())
