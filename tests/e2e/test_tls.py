"""https, a token and `config show`, as an operator uses them."""

import ssl
from pathlib import Path

import httpx
import pytest
import trustme
from typer.testing import CliRunner

from hnsemu.cli.app import cli
from tests.e2e.servers import serving
from tests.waiting import PATIENCE


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    """Return a certificate for loopback and its key, as files."""
    issued = trustme.CA().issue_cert("localhost", "127.0.0.1")
    certificate, key = tmp_path / "server.pem", tmp_path / "server.key"
    for blob in issued.cert_chain_pems:
        blob.write_to_path(certificate, append=True)
    issued.private_key_pem.write_to_path(key)
    return str(certificate), str(key)


def test_https_is_served_with_a_certificate(database_url: str, files: tuple[str, str]) -> None:
    certificate, key = files
    options = ("--tls-certificate", certificate, "--tls-key", key)
    with serving(database_url, *options) as server:
        assert server.url.startswith("https://")
        trusting = ssl.create_default_context()
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        ready = httpx.get(f"{server.url}/readyz", verify=trusting, timeout=PATIENCE)
        assert ready.status_code == 200
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            server.get("/readyz")


def test_config_show_says_where_each_value_comes_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "hnsemu.yaml").write_text("port: 9000\n")
    variables = {"HNSEMU_TOKEN": "s3cret", "HNSEMU_DATABASE_URL": "postgresql://u:pw@h/d"}
    shown = CliRunner().invoke(cli, ["config", "show"], env=variables, catch_exceptions=False)
    rows = {line.split()[0]: line.split()[1:] for line in shown.stdout.splitlines()[1:]}
    assert rows["port"] == ["9000", "file"]
    assert rows["token"] == ["***", "variable"]
    assert rows["strict"] == ["False", "default"]
    assert "pw" not in shown.output
    assert "s3cret" not in shown.output


@pytest.mark.parametrize("words", [["serve"], ["migrate"], ["healthcheck"], ["config", "show"]])
def test_a_typing_error_in_the_file_stops_the_command(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "hnsemu.yaml").write_text("prot: 9000\n")
    refused = CliRunner().invoke(cli, words, catch_exceptions=False)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr == "hnsemu: hnsemu.yaml: unknown setting 'prot'; did you mean 'port'?\n"
