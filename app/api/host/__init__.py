"""/host: what Windows would show of the emulated host; read-only."""

from app.api.host.views import router

__all__ = ["router"]
