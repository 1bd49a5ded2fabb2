"""What a new user types wrongly is said in a sentence, and changes nothing."""

import pytest
from typer.testing import CliRunner

from hnsemu.cli.app import cli

REFUSED = [
    ("networks list -o xml", "'xml' is not one of 'table', 'json', 'yaml'"),
    ("networks list --where =x", "--where '=x' is not of the form NAME=VALUE"),
    ("networks create -f /missing", "cannot read /missing: No such file or directory"),
    ("networks create -f /", "cannot read /: Is a directory"),
    ("state import /missing", "cannot read /missing: No such file or directory"),
    ("fleet create --hosts 0", "'0' must be greater than or equal to 1"),
    ("fleet create --hosts x", "'x' must be a valid integer"),
    ("serve --port 99999", "'99999' must be less than or equal to 65535"),
    ("faults add slow --probability 2", "'2' must be less than or equal to 1"),
    ("faults add", "give a preset (`hnsemu faults presets` lists them), --hresult or --file"),
    (
        "trace 10.0.0.1 --from external",
        "needs the address of the machine: --source 203.0.113.7, for example",
    ),
    ("parity plan --risk all", "'all' is not one of 'read', 'own', 'host'"),
    ("netwerks list", "No such command 'netwerks'. Did you mean 'networks'?"),
]


@pytest.mark.parametrize(("line", "sentence"), REFUSED)
def test_a_mistake_is_a_usage_error_in_plain_words(line: str, sentence: str) -> None:
    result = CliRunner().invoke(cli, line.split())
    assert result.exit_code == 2
    assert result.stderr.splitlines()[-1].rstrip(".").endswith(sentence)
