"""A small keep-alive HTTP load generator, fast enough to measure the server and not itself."""

import asyncio
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import uvloop


@dataclass(frozen=True)
class Result:
    """The figures of one run of requests; latencies in milliseconds."""

    requests: int
    seconds: float
    median: float
    p99: float
    last_body: bytes

    @property
    def rate(self) -> float:
        """Return requests per second."""
        return self.requests / self.seconds


def request(method: str, path: str, body: bytes = b"") -> bytes:
    """Return the bytes of one HTTP/1.1 request on a connection that stays open."""
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def run(port: int, requests: Iterable[bytes], connections: int) -> Result:
    """Send `requests` over `connections` connections, each waiting for its answer.

    Raises: RuntimeError on any answer that is not 2xx; a benchmark of refusals measures nothing.
    """
    return uvloop.run(_run(port, iter(requests), connections))


async def _run(port: int, requests: Iterator[bytes], connections: int) -> Result:
    latencies: list[float] = []
    bodies: list[bytes] = [b""]
    started = time.perf_counter()
    await asyncio.gather(*(_drive(port, requests, latencies, bodies) for _ in range(connections)))
    seconds = time.perf_counter() - started
    latencies.sort()
    return Result(
        requests=len(latencies),
        seconds=seconds,
        median=1000 * latencies[len(latencies) // 2],
        p99=1000 * latencies[len(latencies) * 99 // 100],
        last_body=bodies[0],
    )


async def _drive(
    port: int, requests: Iterator[bytes], latencies: list[float], bodies: list[bytes]
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 27)
    for message in requests:
        before = time.perf_counter()
        writer.write(message)
        head = await reader.readuntil(b"\r\n\r\n")
        body = await reader.readexactly(_content_length(head))
        latencies.append(time.perf_counter() - before)
        if head[9:10] != b"2":
            raise RuntimeError(f"{head.decode()}{body.decode()}")
        bodies[0] = body
    writer.close()


def _content_length(head: bytes) -> int:
    _, found, rest = head.lower().partition(b"content-length:")
    return int(rest.partition(b"\r\n")[0]) if found else 0
