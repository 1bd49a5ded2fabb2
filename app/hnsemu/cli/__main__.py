"""python -m hnsemu.cli."""

from hnsemu.cli import main

main()
