"""`hnsemu serve` whose idle threads end when another has work, not after 10 seconds."""

from anyio._backends import _asyncio

from hnsemu.cli import main

_asyncio.WorkerThread.MAX_IDLE_TIME = 0

main()
