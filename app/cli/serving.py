"""serve, migrate, healthcheck, version: the service itself."""

from typing import Annotated

import typer
from pydantic import ValidationError

from app import __version__
from app.config import Settings, unknown_variables

cli = typer.Typer()

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
) -> None:
    """Serve until SIGTERM or Ctrl-C; print one line when ready."""
    settings = _settings(
        host=host,
        port=port,
        database_url=database_url,
        ephemeral=ephemeral,
        workers=workers,
        release=release,
    )
    for name in unknown_variables():
        typer.echo(f"hnsemu: no setting is called {name}; it is ignored", err=True)
    from app import serving  # noqa: PLC0415 (the other commands start without a server)

    try:
        serving.serve(settings)
    except serving.StartError as error:
        raise _failure(str(error)) from error


@cli.command()
def migrate(*, database_url: DatabaseUrl = None) -> None:
    """Bring the database to this version's schema."""
    from app import serving  # noqa: PLC0415 (as above)

    try:
        revision = serving.migrate(_settings(database_url=database_url).database_url)
    except serving.StartError as error:
        raise _failure(str(error)) from error
    typer.echo(f"the database is at {revision}")


@cli.command()
def healthcheck(*, host: Host = None, port: Port = None) -> None:
    """Exit with 0 when the service on this machine is ready."""
    settings = _settings(host=host, port=port)
    from app import serving  # noqa: PLC0415 (as above)

    if not serving.is_ready(settings.host, settings.port):
        raise _failure(f"nothing is ready on {settings.host} port {settings.port}")


@cli.command()
def version() -> None:
    """Print the version."""
    typer.echo(__version__)


def _settings(**given: object) -> Settings:
    """Return the environment's settings, overridden by the options that were given."""
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]  # checked by pydantic
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        raise _failure(f"HNSEMU_{name}: {first['msg']}") from error


def _failure(sentence: str) -> typer.Exit:
    typer.echo(f"hnsemu: {sentence}", err=True)
    return typer.Exit(1)
