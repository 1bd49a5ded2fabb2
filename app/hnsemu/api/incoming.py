"""A request as handlers get it."""

from starlette.requests import ClientDisconnect, Request


class IncomingRequest(Request):
    """Starlette's request; its body comes without two generators around each message of it."""

    async def body(self) -> bytes:
        """Return the whole body, received once.

        Raises: ClientDisconnect, and what receiving raises: HTTPException 413.
        """
        if not hasattr(self, "_body"):
            parts, is_more = [], True
            while is_more:
                message = await self._receive()
                if message["type"] != "http.request":
                    self._is_disconnected = True
                    raise ClientDisconnect
                parts.append(message.get("body", b""))
                is_more = message.get("more_body", False)
            self._body = parts[0] if len(parts) == 1 else b"".join(parts)
        return self._body
