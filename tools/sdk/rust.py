"""progenitor: a crate for Rust, from version 3.0 of the document."""

from tools.openapi import DOCUMENT_3_0
from tools.sdk.workshop import Command, fresh, run


def progenitor() -> Command:
    """Build the generator, a program of ours around progenitor's library; then its client.

    Each is compiled in a minute the first time.
    """
    folder = fresh("progenitor", keep="target")
    programs = folder / "target" / "debug"
    build = ["cargo", "build", "-q"]
    run(folder, *build, "-p", "generate")
    with (folder / "src" / "hns.rs").open("w") as client:
        run(folder, programs / "generate", DOCUMENT_3_0, output=client)
    run(folder, *build)
    return [programs / "smoke"]
