"""hnsemu: the Windows Host Networking Service as a REST microservice."""

__version__ = "0.1.0"

DEFAULT_URL = "http://127.0.0.1:8420"
"""Where the service listens, and where commands look for it, unless settings say otherwise."""
