"""serve, migrate, backup, healthcheck, version, config: the service itself."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hnsemu import __version__
from hnsemu.cli.client import failed
from hnsemu.cli.output import table
from hnsemu.domain.visible import visible

if TYPE_CHECKING:
    from hnsemu.config import Settings

# Settings, pydantic and SQLAlchemy take longer to load than all client commands together, so the
# commands below import them when they run.

cli = typer.Typer()
config = typer.Typer(no_args_is_help=True, help="Inspect the settings of the service.")
cli.add_typer(config, name="config")

Listen = Annotated[
    str | None, typer.Option(metavar="ADDRESS", help="Address to listen on (HNSEMU_HOST).")
]
OldListen = Annotated[str | None, typer.Option("--host", hidden=True)]
Port = Annotated[
    int | None, typer.Option(min=0, max=65535, help="Port; 0 for any free port (HNSEMU_PORT).")
]
DatabaseUrl = Annotated[
    str | None,
    typer.Option(
        help="SQLAlchemy URL of the database (HNSEMU_DATABASE_URL); sqlite:///hnsemu.db if not "
        "given."
    ),
]

Schema = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="Schema of PostgreSQL with the tables of this service (HNSEMU_SCHEMA).",
    ),
]


def _address(listen: str | None, old_listen: str | None) -> str | None:
    """Return the address to listen on; say that its old option has another meaning elsewhere."""
    if old_listen is not None:
        typer.echo("hnsemu: --host means the emulated host; write --listen ADDRESS here", err=True)
    return listen if listen is not None else old_listen


@cli.command()
def serve(
    *,
    listen: Listen = None,
    old_listen: OldListen = None,
    port: Port = None,
    docker_port: Annotated[
        int | None,
        typer.Option(
            min=1, max=65535, help="Port with Docker's API of `default` at / (HNSEMU_DOCKER_PORT)."
        ),
    ] = None,
    database_url: DatabaseUrl = None,
    schema: Schema = None,
    ephemeral: Annotated[
        bool | None,
        typer.Option("--ephemeral", help="Use a temporary SQLite database, deleted at exit."),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(min=1, max=64, help="Number of processes; PostgreSQL only (HNSEMU_WORKERS)."),
    ] = None,
    release: Annotated[
        str | None, typer.Option(help="Windows release of the host `default` (HNSEMU_RELEASE).")
    ] = None,
    seed_dir: Annotated[
        str | None,
        typer.Option(help="Folder of seeds that are loaded at the start (HNSEMU_SEED_DIR)."),
    ] = None,
    hns_version: Annotated[
        str | None,
        typer.Option(help="HNS version of `default`, such as 15.5 (HNSEMU_HNS_VERSION)."),
    ] = None,
    token: Annotated[
        str | None,
        typer.Option(
            help="Bearer token that clients must send; HNSEMU_TOKEN keeps it out of `ps`."
        ),
    ] = None,
    tls_certificate: Annotated[
        str | None,
        typer.Option(help="PEM file; the service speaks HTTPS (HNSEMU_TLS_CERTIFICATE)."),
    ] = None,
    tls_key: Annotated[
        str | None, typer.Option(help="PEM file with the private key (HNSEMU_TLS_KEY).")
    ] = None,
) -> None:
    """Run the service until SIGTERM or Ctrl-C."""
    settings = _settings(
        host=_address(listen, old_listen),
        port=port,
        docker_port=docker_port,
        database_url=database_url,
        schema=schema,
        ephemeral=ephemeral,
        workers=workers,
        release=release,
        seed_dir=seed_dir,
        hns_version=hns_version,
        token=token,
        tls_certificate=tls_certificate,
        tls_key=tls_key,
    )
    from hnsemu import serving  # noqa: PLC0415 (see above)
    from hnsemu.config import unknown_setting, unknown_variables  # noqa: PLC0415

    # Disabled while the modules were loaded: searching them would take 15 % of the start. Nor does
    # a collection search them later, while requests wait.
    gc.freeze()
    gc.enable()
    for name in unknown_variables():
        typer.echo(f"hnsemu: ignoring {visible(unknown_setting(name))}", err=True)
    try:
        serving.serve(settings)
    except serving.StartError as error:
        raise failed(str(error), 1) from error


@cli.command()
def migrate(*, database_url: DatabaseUrl = None, schema: Schema = None) -> None:
    """Upgrade the tables of the database to this version."""
    from hnsemu import serving  # noqa: PLC0415 (see above)

    try:
        settings = _settings(database_url=database_url, schema=schema)
        revision = serving.migrate(settings.database_url, settings.schema)
    except serving.StartError as error:
        raise failed(str(error), 1) from error
    typer.echo(f"the database is at revision {revision}")


@cli.command()
def backup(
    file: Annotated[str, typer.Argument(metavar="FILE", help="File to create.")],
    *,
    database_url: DatabaseUrl = None,
) -> None:
    """Copy the SQLite database of a service to a new file.

    The service may be running.
    """
    settings = _settings(database_url=database_url)
    from hnsemu import serving  # noqa: PLC0415 (see above)

    try:
        serving.back_up(settings.database_url, Path(file))
    except (serving.BackupError, serving.StartError) as error:
        raise failed(str(error), 1) from error
    typer.echo(file)


@cli.command()
def healthcheck(*, listen: Listen = None, old_listen: OldListen = None, port: Port = None) -> None:
    """Exit with 0 if the service on this machine is ready."""
    settings = _settings(host=_address(listen, old_listen), port=port)
    from hnsemu import serving  # noqa: PLC0415 (see above)

    if not serving.is_ready(settings.host, settings.port, settings.tls_certificate):
        raise failed(f"no service is ready on {settings.host} port {settings.port}", 1)


@cli.command()
def version() -> None:
    """Print the version number."""
    typer.echo(__version__)


@config.callback()
def inspect_settings() -> None:
    """Inspect the settings of the service."""


@config.command("show")
def show_config() -> None:
    """Print every setting, its value, and where the value comes from."""
    from hnsemu.config import origins  # noqa: PLC0415 (see above)

    settings = _settings()
    sources = origins(_file())
    rows = []
    for name, field in type(settings).model_fields.items():
        value = getattr(settings, name)
        shown = "***" if value and not field.repr else _without_password(name, value)
        rows.append((name, shown, sources[name]))
    table(["setting", "value", "from"], rows)


def _without_password(name: str, value: object) -> object:
    from sqlalchemy.engine import make_url  # noqa: PLC0415 (see above)

    return make_url(str(value)).render_as_string() if name == "database_url" else value


def _file() -> dict[str, Any]:
    """Return the settings in the configuration file.

    Raises: typer.Exit if it cannot be read.
    """
    from hnsemu.config import config_file, read_file  # noqa: PLC0415 (see above)

    try:
        return read_file(config_file())
    except ValueError as error:
        raise failed(str(error), 1) from error


def _settings(**options: object) -> Settings:
    """Return the settings; options that were given win over variables and file.

    Raises: typer.Exit if a setting is invalid.
    """
    from pydantic import ValidationError  # noqa: PLC0415 (see above)

    from hnsemu.config import Settings  # noqa: PLC0415 (see above)

    _file()
    given = {name: value for name, value in options.items() if value is not None}
    try:
        return Settings(**given)  # type: ignore[arg-type]  # checked by pydantic
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        raise failed(f"HNSEMU_{name}: {first['msg']}", 1) from error
