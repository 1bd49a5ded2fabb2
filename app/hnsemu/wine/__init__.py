"""`hnsemu-wine`: Windows programs on Linux, whose HNS calls reach hnsemu."""

from hnsemu.wine.launch import main

__all__ = ["main"]
