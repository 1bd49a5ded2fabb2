"""Every setting, once: an option of `hnsemu serve`, a variable `HNSEMU_…`, a line of hnsemu.yaml.

Options win over variables, variables over the file. HNSEMU_CONFIG names another file.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import Field
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    YamlConfigSettingsSource,
)

from hnsemu.domain.releases import NEWEST

_PREFIX = "HNSEMU_"
_OF_TESTS = "HNSEMU_TEST_"
_OF_OTHERS = {
    "HNSEMU_URL",
    "HNSEMU_ON",
    "HNSEMU_DEBUG",
    "HNSEMU_TIMEOUT",
    "HNSEMU_CONFIG",
}  # where clients find the service


class Settings(BaseSettings):
    """What the service runs with; read from the environment, overridden by the command line."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, frozen=True, extra="ignore")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read options first, then variables, then the file."""
        del dotenv_settings, file_secret_settings
        file = YamlConfigSettingsSource(settings_cls, yaml_file=config_file())
        return init_settings, env_settings, file

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
        default=NEWEST.name, description="release of the host `default` when it is first made"
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
    token: str = Field(
        default="",
        repr=False,
        description="what clients send as Authorization: Bearer …; nobody needs one without",
    )
    tls_certificate: str = Field(default="", description="PEM file; serves https with tls_key")
    tls_key: str = Field(default="", description="PEM file of the certificate's private key")
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
    log_format: Literal["plain", "json"] = Field(
        default="plain", description="form of a line of the log; requests are logged at info"
    )
    log_level: Literal["critical", "error", "warning", "info", "debug"] = Field(
        default="warning", description="what is logged on stderr"
    )


def config_file(environment: Mapping[str, str] = os.environ) -> Path:
    """Return the file that settings are read from; it need not exist."""
    return Path(environment.get(f"{_PREFIX}CONFIG", "hnsemu.yaml"))


def read_file(file: Path) -> dict[str, Any]:
    """Return the members of a file of settings, none when it is not there.

    Raises: ValueError when it is no mapping in YAML.
    """
    if not file.exists():
        return {}
    try:
        found = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ValueError(f"{file} cannot be read: {error}") from error
    if found is not None and not isinstance(found, dict):
        raise ValueError(f"{file} must hold lines like `port: 8420`")
    return found or {}


def origins(file: Mapping[str, Any], environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return where each setting's value comes from: variable, file or default."""
    variables = {name.upper() for name in environment}
    return {
        name: "variable"
        if f"{_PREFIX}{name}".upper() in variables
        else ("file" if name in file else "default")
        for name in Settings.model_fields
    }


def unknown_members(file: Mapping[str, Any]) -> list[str]:
    """Return the members of a file that no setting reads: typing errors, most likely."""
    return sorted(str(name) for name in file if name not in Settings.model_fields)


def unknown_variables(environment: Mapping[str, str] = os.environ) -> list[str]:
    """Return the variables named like ours that no setting reads: typing errors, most likely."""
    known = {f"{_PREFIX}{name}".upper() for name in Settings.model_fields} | _OF_OTHERS
    ours = (name for name in environment if name.upper().startswith(_PREFIX))
    return sorted(
        name for name in ours if name.upper() not in known and not name.startswith(_OF_TESTS)
    )
