"""/emulator: making and steering emulated hosts, for all of them and not for one."""

from fastapi import APIRouter

from hnsemu.api.emulator import hosts, releases

router = APIRouter(prefix="/emulator", tags=["emulator"])
router.include_router(hosts.router)
router.include_router(releases.router)
