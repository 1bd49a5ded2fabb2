"""`python -m hnsemu.cli`: the command line without the installed script."""

from hnsemu.cli import main

main()
