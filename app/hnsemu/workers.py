"""Worker processes on PostgreSQL: however slow they are, only a dead one is replaced.

uvicorn kills a worker that does not answer within five seconds. On a busy machine that is every
worker, again and again.
"""

import logging
import time
from dataclasses import dataclass
from socket import socket

from uvicorn.config import STARTUP_FAILURE, Config
from uvicorn.supervisors.multiprocess import Multiprocess, Process

_log = logging.getLogger("hnsemu.workers")

_SILENT = 30
"""Seconds without a word of a worker after which that is logged."""


@dataclass(slots=True)
class _Question:
    """A question to a worker that it has not answered yet."""

    asked: float
    is_logged: bool = False


class Workers(Multiprocess):
    """Worker processes that serve the same sockets."""

    def __init__(self, config: Config, sockets: list[socket]) -> None:
        """Prepare to run `config.workers` processes."""
        super().__init__(config, sockets)
        self.failed_to_start = False
        self._questions: dict[int | None, _Question] = {}

    def keep_subprocess_alive(self) -> None:
        """Replace the workers that have ended, and log those that have been silent for long."""
        for place, worker in enumerate(self.processes):
            if self.should_exit.is_set():
                return
            if worker.process.is_alive():
                self._listen_to(worker)
                continue
            worker.join()
            self._questions.pop(worker.pid, None)
            if worker.exitcode == STARTUP_FAILURE:
                self.failed_to_start = True
                self.should_exit.set()
                return
            _log.error("worker %s %s; another one starts", worker.pid, _end(worker.exitcode))
            self.processes[place] = Process(self.config, self.sockets)
            self.processes[place].start()

    def _listen_to(self, worker: Process) -> None:
        """Ask a worker for a word, and log once that it has none; wait for nothing."""
        question = self._questions.get(worker.pid)
        try:
            if question is None:
                self._questions[worker.pid] = _Question(time.monotonic())
                worker.parent_conn.send(b"ping")
            elif worker.parent_conn.poll(0):
                worker.parent_conn.recv()
                del self._questions[worker.pid]
                if question.is_logged:
                    _log.warning("worker %s answers again", worker.pid)
            elif not question.is_logged and time.monotonic() - question.asked > _SILENT:
                question.is_logged = True
                _log.warning("worker %s has not answered for %s s", worker.pid, _SILENT)
        except (OSError, EOFError):
            return  # it is about to end


def _end(exit_code: int | None) -> str:
    if exit_code is not None and exit_code < 0:
        return f"was ended by signal {-exit_code}"
    return f"ended with exit code {exit_code}"
