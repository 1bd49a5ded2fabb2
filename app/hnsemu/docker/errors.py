"""The refusals of Docker's daemon: an HTTP status and the text that clients print."""

from hnsemu.errors import Refusal

BAD_REQUEST, FORBIDDEN, NOT_FOUND, CONFLICT, FAILED = 400, 403, 404, 409, 500
NOT_IMPLEMENTED, UNAVAILABLE = 501, 503
"""The statuses of refusals."""


class DockerError(Refusal):
    """A refusal as Docker's clients see it: its status, and the message of `{"message": …}`.

    keeps: whether what the use case did until then is kept: a container says why its start
           failed.
    """

    def __init__(self, status: int, message: str, *, keeps: bool = False) -> None:
        """Refuse with `message`."""
        super().__init__(message)
        self.status = status
        self.message = message
        self.keeps = keeps
