"""progenitor: a crate for Rust, from version 3.0 of the document."""

from tools.openapi import DOCUMENT_3_0
from tools.sdk.workshop import BUILD, Command, fresh, run

GENERATOR = ("cargo-progenitor", "0.15.1")


def progenitor() -> Command:
    """Build the generator the first time, which takes minutes; then the crate."""
    folder = fresh("progenitor", keep="target")
    tool = BUILD / "cargo-progenitor"
    generator = tool / "bin" / "cargo-progenitor"
    if not generator.exists():
        name, version = GENERATOR
        run(BUILD, "cargo", "install", "-q", name, "--version", version, "--locked", "--root", tool)
    crate = ["-o", "hns", "-n", "hns", "-v", "0.1.0"]
    with (folder / "types.log").open("w") as log:  # it lists every type
        run(folder, generator, "progenitor", "-i", DOCUMENT_3_0, *crate, output=log)
    run(folder, "cargo", "build", "-q")
    return [folder / "target" / "debug" / "smoke"]
