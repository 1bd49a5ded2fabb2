"""openapi-python-client: Python with httpx and attrs."""

from tools.openapi import DOCUMENT
from tools.sdk.workshop import Command, environment, fresh, run

_CONFIG = """\
post_hooks: []
content_type_overrides: # the generator knows JSON and text/plain
  application/x-ndjson: text/plain
  application/yaml: text/plain
"""


def openapi_python_client() -> Command:
    """Fail on what the generator warns of; return the command that runs the program."""
    folder = fresh("openapi-python-client", keep="environment")
    programs = environment(folder)
    # the hooks only format with ruff, and would warn when it is missing
    (folder / "config.yaml").write_text(_CONFIG)
    where = ["--output-path", "hns", "--meta", "none", "--config", "config.yaml"]
    generator = programs / "openapi-python-client"
    run(folder, generator, "generate", "--path", DOCUMENT, *where, "--fail-on-warning")
    run(folder, programs / "python", "-m", "compileall", "-q", "hns")
    return [programs / "python", folder / "smoke.py"]
