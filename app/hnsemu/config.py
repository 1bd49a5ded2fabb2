"""Every setting, once: an option of `hnsemu serve`, a variable `HNSEMU_…`, a line of hnsemu.yaml.

Options override variables, variables override the file. HNSEMU_CONFIG gives another file name.
"""

import os
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import Field
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    YamlConfigSettingsSource,
)

from hnsemu.domain.near import nearest
from hnsemu.domain.releases import NEWEST
from hnsemu.domain.visible import one_line

_PREFIX = "HNSEMU_"
_TEST_PREFIX = "HNSEMU_TEST_"
_CONFIG = "HNSEMU_CONFIG"
_OTHER_VARIABLES = {  # of clients, and of this module
    "HNSEMU_URL",
    "HNSEMU_EMULATOR",
    "HNSEMU_CA",
    "HNSEMU_ON",
    "HNSEMU_DEBUG",
    "HNSEMU_TIMEOUT",
    "HNSEMU_WINE_ADAPTERS",
    "HNSEMU_WINE_IDLE",
    _CONFIG,
}


with warnings.catch_warnings():  # BaseModel has an old method of this name
    warnings.simplefilter("ignore", UserWarning)

    class _Placed(BaseSettings):
        schema: str = Field(  # type: ignore[assignment]  # that method
            default="",
            pattern="^([a-z_][a-z0-9_]{0,39})?$",  # with it, the name of a channel still fits
            description="schema of PostgreSQL with the tables of this service; none for the usual",
        )


class Settings(_Placed):
    """The settings of the service, from options, environment and file."""

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
        """Return the sources, strongest first: options, variables, file."""
        del dotenv_settings, file_secret_settings
        file = YamlConfigSettingsSource(settings_cls, yaml_file=config_file())
        return init_settings, env_settings, file

    database_url: str = Field(
        default="sqlite:///hnsemu.db",
        description="SQLAlchemy URL of a SQLite file or of a PostgreSQL database",
    )
    ephemeral: bool = Field(
        default=False, description="use a temporary SQLite file and delete it at exit"
    )
    host: str = Field(default="127.0.0.1", description="address to listen on")
    port: int = Field(
        default=8420, ge=0, le=65535, description="port to listen on; 0 for any free port"
    )
    docker_port: int | None = Field(
        default=None,
        ge=1,
        le=65535,
        description="port with Docker's API of the host `default` at /",
    )
    workers: int = Field(
        default=1, ge=1, le=64, description="number of processes; more than one needs PostgreSQL"
    )
    threads: int = Field(
        default=20,
        ge=1,
        le=500,
        description="threads and database connections per worker on PostgreSQL",
    )
    release: str = Field(
        default=NEWEST.name, description="Windows release of the host `default` when it is created"
    )
    hns_version: str = Field(
        default="",
        description="HNS version of the host `default` in place of its release's, such as 15.5",
    )
    strict: bool = Field(default=False, description="refuse documents with unknown members")
    guid_case: Literal["friendly", "release"] = Field(
        default="friendly",
        description="case of GUIDs in HNS 1 documents: upper case, or as the release prints them",
    )
    seed: int | None = Field(
        default=None,
        description="seed that makes GUIDs, MACs, addresses and times the same on every run",
    )
    seed_dir: str = Field(
        default="",
        description="folder of state documents, requests and scripts that are loaded at the start",
    )
    allowed_hosts: str = Field(
        default="",
        description="accepted Host headers besides loopback names, comma-separated; * for any",
    )
    token: str = Field(
        default="",
        repr=False,
        description="bearer token that clients must send; none if empty",
    )
    ui: Literal["off", "read", "write"] = Field(
        default="write",
        description="pages for a browser: none, to look at only, or to change things, too",
    )
    tls_certificate: str = Field(
        default="", description="PEM file with the certificate for HTTPS; needs tls_key"
    )
    tls_key: str = Field(default="", description="PEM file with the private key of the certificate")
    body_limit: int = Field(
        default=16 * 1024 * 1024, ge=1024, description="largest accepted request body in bytes"
    )
    request_timeout: float = Field(
        default=60,
        ge=0.1,
        le=86400,
        description="seconds in which a client must have sent a request, headers and body",
    )
    notifications_kept: int = Field(
        default=10_000,
        ge=1,
        le=10_000_000,
        description="minimum number of notifications per host that streams can resume from",
    )
    keep_alive: float = Field(
        default=15,
        ge=0.1,
        le=3600,
        description="seconds of silence after which an event stream sends a comment",
    )
    log_format: Literal["plain", "json"] = Field(default="plain", description="format of log lines")
    log_level: Literal["critical", "error", "warning", "info", "debug"] = Field(
        default="warning",
        description="least severe level that is logged to stderr; requests are logged at info",
    )


def config_file(environment: Mapping[str, str] = os.environ) -> Path:
    """Return the file that settings are read from; it may not exist."""
    return Path(environment.get(_CONFIG, "hnsemu.yaml"))


def read_file(file: Path) -> dict[str, Any]:
    """Return the settings in a file, none if it does not exist.

    Raises: ValueError if it is not a YAML mapping, or has a member that is no setting.
    """
    if not file.exists():
        return {}
    import yaml  # noqa: PLC0415 (a service without a file starts faster)

    try:
        members = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ValueError(f"cannot read {file}: {one_line(str(error))}") from error
    if members is not None and not isinstance(members, dict):
        raise ValueError(f"{file} is not a mapping; write lines like `port: 8420`")
    members = members or {}
    for name in map(str, members):
        if name not in Settings.model_fields:
            raise ValueError(f"{file}: {unknown_setting(name)}")
    return members


def origins(file: Mapping[str, Any], environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return where the value of each setting comes from: variable, file or default."""
    variables = {name.upper() for name in environment}
    return {
        name: "variable"
        if f"{_PREFIX}{name}".upper() in variables
        else ("file" if name in file else "default")
        for name in Settings.model_fields
    }


def unknown_setting(name: str) -> str:
    """Return the message about a member or a variable that is no setting, with what is near it."""
    word = name.lower().replace("-", "_").removeprefix(_PREFIX.lower())
    near = nearest(word, Settings.model_fields)
    if near is None:
        return f"unknown setting {name!r}; `hnsemu config show` lists the settings"
    meant = f"{_PREFIX}{near}".upper() if name.upper().startswith(_PREFIX) else near
    return f"unknown setting {name!r}; did you mean {meant!r}?"


def unknown_variables(environment: Mapping[str, str] = os.environ) -> list[str]:
    """Return the variables `HNSEMU_…` that are not settings, probably typing errors."""
    known = {f"{_PREFIX}{name}".upper() for name in Settings.model_fields} | _OTHER_VARIABLES
    ours = (name for name in environment if name.upper().startswith(_PREFIX))
    return sorted(
        name for name in ours if name.upper() not in known and not name.startswith(_TEST_PREFIX)
    )
