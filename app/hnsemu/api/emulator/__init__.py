"""/emulator: create and control emulated hosts. The paths are not those of one host."""

from fastapi import APIRouter

from hnsemu.api.emulator import clock, faults, hosts, releases, requests, seeds, snapshots, state

router = APIRouter(prefix="/emulator", tags=["emulator"])
router.include_router(hosts.router)
router.include_router(requests.router)
router.include_router(faults.router)
router.include_router(clock.router)
router.include_router(releases.router)
router.include_router(state.router)
router.include_router(seeds.router)
router.include_router(snapshots.router)
