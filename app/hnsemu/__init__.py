"""hnsemu: the Windows Host Networking Service as a REST microservice."""

__version__ = "0.1.0"
