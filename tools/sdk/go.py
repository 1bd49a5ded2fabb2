"""Generators of Go: oapi-codegen, ogen. Each is a tool of the module that uses its code."""

from tools.openapi import DOCUMENT
from tools.sdk.workshop import Command, built_with_go, fresh, go_program, run


def oapi_codegen() -> Command:
    """Types and client."""
    folder = fresh("oapi-codegen")
    (folder / "hns").mkdir()
    written = ["-generate", "types,client", "-package", "hns", "-o", "hns/hns.go"]
    run(folder, go_program(), "tool", "oapi-codegen", *written, DOCUMENT)
    return built_with_go(folder)


def ogen() -> Command:
    """Client and server."""
    folder = fresh("ogen")
    written = ["--target", "hns", "--package", "hns", "--loglevel", "error"]
    run(folder, go_program(), "tool", "ogen", *written, DOCUMENT)
    return built_with_go(folder)
