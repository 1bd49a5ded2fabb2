"""serve, migrate, healthcheck, version: the service itself."""

from typing import Annotated, Any

import typer
from pydantic import ValidationError
from sqlalchemy.engine import make_url

from hnsemu import __version__
from hnsemu.config import (
    Settings,
    config_file,
    origins,
    read_file,
    unknown_members,
    unknown_variables,
)

cli = typer.Typer()
config = typer.Typer(no_args_is_help=True, help="The settings of the service.")

Host = Annotated[str | None, typer.Option(help="address to listen on (HNSEMU_HOST)")]
Port = Annotated[int | None, typer.Option(min=0, max=65535, help="port, 0 for any (HNSEMU_PORT)")]
DatabaseUrl = Annotated[
    str | None,
    typer.Option(help="SQLAlchemy URL (HNSEMU_DATABASE_URL); default sqlite:///hnsemu.db"),
]


@cli.command()
def serve(
    *,
    host: Host = None,
    port: Port = None,
    database_url: DatabaseUrl = None,
    ephemeral: Annotated[
        bool | None,
        typer.Option("--ephemeral", help="use a temporary SQLite file, gone at the end"),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, max=64, help="processes, PostgreSQL only (HNSEMU_WORKERS)")
    ] = None,
    release: Annotated[
        str | None, typer.Option(help="release of the host `default` (HNSEMU_RELEASE)")
    ] = None,
    token: Annotated[
        str | None, typer.Option(help="clients must send it (HNSEMU_TOKEN, which `ps` hides)")
    ] = None,
    tls_certificate: Annotated[
        str | None, typer.Option(help="PEM file: serve https (HNSEMU_TLS_CERTIFICATE)")
    ] = None,
    tls_key: Annotated[
        str | None, typer.Option(help="PEM file of its key (HNSEMU_TLS_KEY)")
    ] = None,
) -> None:
    """Serve until SIGTERM or Ctrl-C; print one line when ready."""
    settings = _settings(
        host=host,
        port=port,
        database_url=database_url,
        ephemeral=ephemeral,
        workers=workers,
        release=release,
        token=token,
        tls_certificate=tls_certificate,
        tls_key=tls_key,
    )
    for name in (*unknown_variables(), *unknown_members(_file())):
        typer.echo(f"hnsemu: no setting is called {name}; it is ignored", err=True)
    from hnsemu import serving  # noqa: PLC0415 (the other commands start without a server)

    try:
        serving.serve(settings)
    except serving.StartError as error:
        raise _failure(str(error)) from error


@cli.command()
def migrate(*, database_url: DatabaseUrl = None) -> None:
    """Bring the database to this version's schema."""
    from hnsemu import serving  # noqa: PLC0415 (as above)

    try:
        revision = serving.migrate(_settings(database_url=database_url).database_url)
    except serving.StartError as error:
        raise _failure(str(error)) from error
    typer.echo(f"the database is at {revision}")


@cli.command()
def healthcheck(*, host: Host = None, port: Port = None) -> None:
    """Exit with 0 when the service on this machine is ready."""
    settings = _settings(host=host, port=port)
    from hnsemu import serving  # noqa: PLC0415 (as above)

    if not serving.is_ready(settings.host, settings.port, settings.tls_certificate):
        raise _failure(f"nothing is ready on {settings.host} port {settings.port}")


@cli.command()
def version() -> None:
    """Print the version."""
    typer.echo(__version__)


@config.command("show")
def show_config() -> None:
    """Print every setting, its value, and whether file, variable or default gave it."""
    from hnsemu.cli.output import table  # noqa: PLC0415 (as above)

    settings, where = _settings(), origins(_file())
    rows = []
    for name, field in Settings.model_fields.items():
        value = getattr(settings, name)
        shown = "***" if value and not field.repr else _without_password(name, value)
        rows.append((name, shown, where[name]))
    table(["setting", "value", "from"], rows)


def _without_password(name: str, value: object) -> object:
    return make_url(str(value)).render_as_string() if name == "database_url" else value


def _file() -> dict[str, Any]:
    try:
        return read_file(config_file())
    except ValueError as error:
        raise _failure(str(error)) from error


def _settings(**given: object) -> Settings:
    """Return the settings of file and environment, overridden by the options that were given."""
    _file()
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]  # checked by pydantic
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        raise _failure(f"HNSEMU_{name}: {first['msg']}") from error


def _failure(sentence: str) -> typer.Exit:
    typer.echo(f"hnsemu: {sentence}", err=True)
    return typer.Exit(1)
