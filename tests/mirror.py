"""How a folder of tests mirrors a package of decisions, and what it may import."""

import ast
from collections.abc import Sequence
from pathlib import Path


def deciding_modules(package: Path) -> list[Path]:
    """Return the modules of a package that hold more than shapes, relative to it."""
    return sorted(
        module.relative_to(package) for module in package.rglob("*.py") if _decides(module)
    )


def other_imports(file: Path, allowed: Sequence[str]) -> list[str]:
    """Return what a file imports of ours beside the packages and modules that it may."""
    imported = [
        node.module or ""
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.ImportFrom)
    ]
    of_ours = [name for name in imported if name.startswith(("hnsemu.", "tests"))]
    return [name for name in of_ours if not name.startswith(tuple(allowed))]


def _decides(module: Path) -> bool:
    """Tell whether a module holds more than shapes: a function with a body."""
    functions = [
        node
        for node in ast.walk(ast.parse(module.read_text()))
        if isinstance(node, ast.FunctionDef)
    ]
    return any(
        len(function.body) > 1 or ast.get_docstring(function) is None for function in functions
    )
