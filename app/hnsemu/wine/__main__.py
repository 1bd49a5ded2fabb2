"""python -m hnsemu.wine."""

from hnsemu.wine import main

main()
