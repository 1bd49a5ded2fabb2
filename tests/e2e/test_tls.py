"""https, a token and `config show`, as an operator uses them."""

import os
import ssl
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
import trustme

from tests.e2e.servers import COMMAND, serving


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
        assert httpx.get(f"{server.url}/readyz", verify=trusting).status_code == 200
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{server.url}/readyz")  # nobody has signed it


def test_a_certificate_without_its_key_is_refused(files: tuple[str, str]) -> None:
    refused = subprocess.run(
        [*COMMAND, "--ephemeral", "--tls-certificate", files[0]],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert refused.returncode == 1
    assert "HNSEMU_TLS_KEY" in refused.stderr


def test_config_show_says_where_each_value_came_from(tmp_path: Path) -> None:
    (tmp_path / "hnsemu.yaml").write_text("port: 9000\nprot: 1\n")
    variables = {"HNSEMU_TOKEN": "s3cret", "HNSEMU_DATABASE_URL": "postgresql://u:pw@h/d"}
    shown = subprocess.run(
        [sys.executable, "-m", "hnsemu.cli", "config", "show"],
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
        cwd=tmp_path,
        env={**os.environ, **variables, "PYTHONPATH": str(Path(__file__).parents[2])},
    ).stdout
    rows = {line.split()[0]: line.split()[1:] for line in shown.splitlines()[1:]}
    assert rows["port"] == ["9000", "file"]
    assert rows["token"] == ["***", "variable"]
    assert rows["strict"] == ["False", "default"]
    assert "pw" not in shown
    assert "s3cret" not in shown
