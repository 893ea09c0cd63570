"""``yingshang user add``: the first account, and any other, from the command line."""

from __future__ import annotations

import os
import sys

import rich_click as click

from evaluation.accounts import roles
from evaluation.platform.audit import System
from evaluation.platform.i18n import _
from evaluation.platform.terminal import opened


@click.group()
def user() -> None:
    """账号 · People who may sign in."""


@user.command()
@click.argument("username")
@click.option("--role", type=click.Choice(roles.ROLES), required=True)
@click.option("--name", default="", help="Display name.")
@click.option("--city", "cities", multiple=True, help="City code; may be repeated.")
@click.option("--round", "rounds", multiple=True, help="Limit to a round; may be repeated.")
@click.option("--department", default="")
@click.option("--password-stdin", is_flag=True, help="Read the first password from standard input.")
def add(
    username: str,
    role: str,
    name: str,
    cities: tuple[str, ...],
    rounds: tuple[str, ...],
    department: str,
    *,
    password_stdin: bool,
) -> None:
    """添加账号 · Add an account; its first password must be changed at sign-in."""
    from evaluation.accounts import passwords, service

    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = passwords.first_password(username)
    with opened() as (_settings, database), database.writing() as session:
        service.add_user(
            session,
            System(os.environ.get("USER", "system")),
            username=username,
            role=role,
            display_name=name,
            cities=cities,
            rounds=rounds,
            department=department,
            password=password,
        )
    click.echo(_("已添加“{username}”。", username=username))
    if not password_stdin:
        click.echo(_("初始密码（只显示这一次）：{password}", password=password))
