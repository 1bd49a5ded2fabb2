"""python -m hnsemu.wine."""

from hnsemu.wine.command import main

main()
