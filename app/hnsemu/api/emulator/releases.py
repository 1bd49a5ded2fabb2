"""/emulator/releases: the Windows releases that a host can have."""

from fastapi import Request, Response

from hnsemu.api import answers
from hnsemu.api.router import ControlRouter
from hnsemu.schema.host.releases import ReleaseProfile, release_profiles

router = ControlRouter()


@router.operation("GET", "/releases", gives=ReleaseProfile, many=True)
async def list_releases(_request: Request) -> Response:
    """Versions and features of each release, oldest first."""
    return answers.texts(profile.model_dump_json() for profile in release_profiles())
