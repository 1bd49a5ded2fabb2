"""/emulator/releases: the profiles hosts can have."""

from fastapi import APIRouter, Request, Response

from hnsemu.api import answers
from hnsemu.api.openapi import operation
from hnsemu.schema.host.releases import ReleaseProfile, release_profiles

router = APIRouter()


@router.get("/releases", **operation(gives=ReleaseProfile, many=True))
async def list_releases(_request: Request) -> Response:
    """Versions and features of every release, oldest first."""
    return answers.texts(profile.model_dump_json() for profile in release_profiles())
