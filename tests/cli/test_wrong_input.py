"""What a new user types wrongly is said in a sentence, and changes nothing."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from hnsemu.cli.app import cli
from hnsemu.cli.client import read_members

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


@pytest.mark.parametrize("command", ["networks create", "hosts create a", "verify", "faults add"])
@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Name: 2026-01-02", "Object of type date is not JSON serializable; put dates in quotes"),
        ("2026-01-02: a", "put dates in quotes, as JSON has none"),
        ("a: !!set {b}", "Object of type set is not JSON serializable"),
        (f"a: {'9' * 5000}", "Exceeds the limit"),
        ("[" * 5000 + "]" * 5000, "it is nested too deep"),
        ("a: [", "cannot read - as JSON or YAML"),
    ],
)
def test_a_file_that_no_document_can_be_is_refused(command: str, text: str, sentence: str) -> None:
    result = CliRunner().invoke(cli, [*command.split(), "-f", "-"], input=text)
    assert (result.exit_code, sentence in result.stderr) == (2, True), result.stderr


@pytest.mark.parametrize("command", ["hosts create a", "verify", "faults add"])
@pytest.mark.parametrize(("text", "kind"), [("[1]", "a list"), ("5", "a value")])
def test_a_file_without_an_object_is_refused(command: str, text: str, kind: str) -> None:
    result = CliRunner().invoke(cli, [*command.split(), "-f", "-"], input=text)
    assert result.exit_code == 2
    assert result.stderr == f"hnsemu: - has {kind} where an object is needed\n"


@pytest.mark.parametrize(
    ("text", "members"),
    [
        ("", {}),
        ('{"a": 1e3}', {"a": 1000.0}),
        ("{a: 1, b: [c]}", {"a": 1, "b": ["c"]}),
        ("a: &x 1\nb: *x", {"a": 1, "b": 1}),
    ],
)
def test_a_file_has_json_or_yaml(text: str, members: dict[str, object], tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(text)
    assert read_members(str(file)) == members
