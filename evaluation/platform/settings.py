"""Settings come from the environment (``YINGSHANG_…``), read once, when the application is made."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """Everything a deployment may choose. Times are minutes, hours or days as named."""

    data: Path
    database: str
    secret: str
    host: str = "127.0.0.1"
    port: int = 8026
    demo: bool = False
    secure_cookies: bool = False
    organiser: str = ""
    timezone: str = "Asia/Shanghai"
    idle_minutes: int = 60
    absolute_hours: int = 12
    upload_megabytes: int = 32
    field_days: int = 14
    audit_hash: str = "sha256"
    seal_key: str = ""
    log_format: str = "console"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read ``YINGSHANG_…``; what is absent has a default that works on one machine.

        Raises ValueError naming the variable whose value cannot be used.
        """
        env = os.environ if environment is None else environment
        data = Path(env.get("YINGSHANG_DATA", "data")).absolute()
        return cls(
            data=data,
            database=env.get("YINGSHANG_DATABASE", f"sqlite:///{data / 'yingshang.db'}"),
            secret=env.get("YINGSHANG_SECRET") or stored_secret(data),
            host=env.get("YINGSHANG_HOST", cls.host),
            port=_number(env, "YINGSHANG_PORT", cls.port, 0, 65535),
            demo=_flag(env, "YINGSHANG_DEMO"),
            secure_cookies=_flag(env, "YINGSHANG_SECURE_COOKIES"),
            organiser=env.get("YINGSHANG_ORGANISER", cls.organiser),
            timezone=env.get("YINGSHANG_TIMEZONE", cls.timezone),
            idle_minutes=_number(env, "YINGSHANG_IDLE_MINUTES", cls.idle_minutes, 1, 1440),
            absolute_hours=_number(env, "YINGSHANG_ABSOLUTE_HOURS", cls.absolute_hours, 1, 168),
            upload_megabytes=_number(env, "YINGSHANG_UPLOAD_MB", cls.upload_megabytes, 1, 1024),
            field_days=_number(env, "YINGSHANG_FIELD_DAYS", cls.field_days, 1, 366),
            audit_hash=_choice(env, "YINGSHANG_AUDIT_HASH", cls.audit_hash, ("sha256", "sm3")),
            seal_key=env.get("YINGSHANG_SEAL_KEY", cls.seal_key),
            log_format=_choice(env, "YINGSHANG_LOG", cls.log_format, ("console", "json")),
        )

    def with_demo(self) -> Settings:
        """The same settings in demonstration mode."""
        return replace(self, demo=True)


def stored_secret(data: Path) -> str:
    """The secret kept beside the data, made on first use and readable by its owner only."""
    path = data / "secret.key"
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        data.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32))
        return path.read_text().strip()


def _flag(env: Mapping[str, str], name: str) -> bool:
    value = env.get(name, "").strip().lower()
    if value in ("", "0", "no", "false", "off"):
        return False
    if value in ("1", "yes", "true", "on"):
        return True
    raise ValueError(f"{name}={value!r}: use 1 or 0")


def _number(env: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    value = env.get(name, "").strip()
    if not value:
        return default
    if not value.isascii() or not value.isdigit() or not low <= int(value) <= high:
        raise ValueError(f"{name}={value!r}: use a whole number from {low} to {high}")
    return int(value)


def _choice(env: Mapping[str, str], name: str, default: str, allowed: tuple[str, ...]) -> str:
    value = env.get(name, "").strip() or default
    if value not in allowed:
        raise ValueError(f"{name}={value!r}: use one of {', '.join(allowed)}")
    return value
