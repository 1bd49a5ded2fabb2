"""Every setting, once. An option of `hnsemu serve` is also a variable `HNSEMU_…`."""

import os
from collections.abc import Mapping
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

_PREFIX = "HNSEMU_"
_OF_TESTS = "HNSEMU_TEST_"
_OF_PROGRAMS = {"HNSEMU_URL", "HNSEMU_TOKEN", "HNSEMU_TIMEOUT"}  # where clients find the service


class Settings(BaseSettings):
    """What the service runs with; read from the environment, overridden by the command line."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, frozen=True, extra="ignore")

    database_url: str = Field(
        default="sqlite:///hnsemu.db",
        description="SQLAlchemy URL: a SQLite file, or postgresql://… for many workers",
    )
    ephemeral: bool = Field(
        default=False, description="use a temporary SQLite file and remove it at the end"
    )
    host: str = Field(default="127.0.0.1", description="address to listen on")
    port: int = Field(default=8420, ge=0, le=65535, description="port to listen on; 0 for any")
    workers: int = Field(default=1, ge=1, le=64, description="processes; PostgreSQL only")
    threads: int = Field(
        default=20,
        ge=1,
        le=500,
        description="threads, and database connections, of one worker on PostgreSQL",
    )
    release: str = Field(
        default="ws2025", description="release of the host `default` when it is first made"
    )
    strict: bool = Field(
        default=False, description="refuse unknown members of documents and name them"
    )
    guid_case: Literal["friendly", "release"] = Field(
        default="friendly",
        description="GUID case in HNS 1 documents: one throughout, or each release's own quirks",
    )
    seed: int | None = Field(
        default=None, description="makes GUIDs, MACs, addresses and times the same on every run"
    )
    allowed_hosts: str = Field(
        default="",
        description="Host headers to answer besides loopback names, comma-separated; * for any",
    )
    body_limit: int = Field(
        default=16 * 1024 * 1024, ge=1024, description="largest request body, bytes"
    )
    notifications_kept: int = Field(
        default=10_000,
        ge=1,
        le=10_000_000,
        description="notifications of one host that stay to be resumed from, at least",
    )
    keep_alive: float = Field(
        default=15,
        ge=0.1,
        le=3600,
        description="seconds of silence after which a stream of notifications shows a comment",
    )
    log_level: Literal["critical", "error", "warning", "info", "debug"] = Field(
        default="warning", description="what is logged on stderr"
    )


def unknown_variables(environment: Mapping[str, str] = os.environ) -> list[str]:
    """Return the variables named like ours that no setting reads: typing errors, most likely."""
    known = {f"{_PREFIX}{name}".upper() for name in Settings.model_fields} | _OF_PROGRAMS
    ours = (name for name in environment if name.upper().startswith(_PREFIX))
    return sorted(
        name for name in ours if name.upper() not in known and not name.startswith(_OF_TESTS)
    )
