"""`hnsemu …`: serve, migrate, and ask whether it is well."""

import sys
from collections.abc import Callable
from typing import Annotated

import typer

from app.config import Settings

cli = typer.Typer(
    name="hnsemu",
    help="The Windows Host Networking Service (HNS and HCN) as a REST microservice.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)

DatabaseUrl = Annotated[
    str | None,
    typer.Option(help="SQLAlchemy URL (HNSEMU_DATABASE_URL); default sqlite:///hnsemu.db"),
]


@cli.command()
def serve(
    host: Annotated[str | None, typer.Option(help="address to listen on (HNSEMU_HOST)")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="port, 0 = any (HNSEMU_PORT)")
    ] = None,
    database_url: DatabaseUrl = None,
    ephemeral: Annotated[
        bool, typer.Option("--ephemeral", help="use a temporary SQLite file, gone at the end")
    ] = False,
    workers: Annotated[
        int | None, typer.Option(min=1, help="processes, PostgreSQL only (HNSEMU_WORKERS)")
    ] = None,
    release: Annotated[
        str | None, typer.Option(help="release of the host `default` (HNSEMU_RELEASE)")
    ] = None,
) -> None:
    """Serve until SIGTERM or Ctrl-C; print one line when ready."""
    from app import serving  # noqa: PLC0415 (the other commands start without a server)

    given = {
        "host": host,
        "port": port,
        "database_url": database_url,
        "workers": workers,
        "release": release,
    }
    asked = {name: value for name, value in given.items() if value is not None}
    _run(lambda: serving.serve(Settings(**asked), ephemeral=ephemeral))


@cli.command()
def migrate(database_url: DatabaseUrl = None) -> None:
    """Bring the database to this version's schema."""
    from app.storage.migrate import head, upgrade  # noqa: PLC0415 (Alembic is slow to load)

    url = database_url or Settings().database_url
    _run(lambda: upgrade(url))
    typer.echo(f"database is at {head()}")


@cli.command()
def healthcheck(
    port: Annotated[int | None, typer.Option(help="port to ask (HNSEMU_PORT)")] = None,
) -> None:
    """Exit 0 when the service on this machine is ready."""
    from app import serving  # noqa: PLC0415 (as above)

    raise SystemExit(0 if serving.is_ready(port or Settings().port) else 1)


@cli.command()
def version() -> None:
    """Print the version."""
    from app.main import VERSION  # noqa: PLC0415 (as above)

    typer.echo(VERSION)


def _run(work: Callable[[], None]) -> None:
    """Run `work`; a plain sentence and exit code 1 when it cannot be done."""
    from app.serving import StartError  # noqa: PLC0415 (as above)

    try:
        work()
    except StartError as error:
        typer.echo(f"hnsemu: {error}", err=True)
        raise SystemExit(1) from error


def main() -> None:
    """Run the command line."""
    cli()


if __name__ == "__main__":
    sys.exit(main())
