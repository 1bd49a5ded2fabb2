"""/emulator/seeds: the files that the service loads at its start."""

from fastapi import Request, Response

from hnsemu.api import answers, seeds
from hnsemu.api.router import ControlRouter
from hnsemu.schema.host.seed_record import SeedRecord

router = ControlRouter()


@router.operation("GET", "/seeds", gives=SeedRecord, many=True)
async def list_seeds(_request: Request) -> Response:
    """The seeds by name, and how each stands. /readyz waits for them."""
    return answers.texts(record.model_dump_json() for record in seeds.read())
