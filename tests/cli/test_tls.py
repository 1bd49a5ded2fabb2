"""Commands of a client over https and over proxies: trusted, not trusted, and not checked."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from tests.cli.conftest import Hnsemu
from tests.e2e.servers import serving


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """Return a certificate authority that no machine knows."""
    return trustme.CA()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, authority: trustme.CA) -> Path:
    """Return a folder with the certificate of the authority and one that it issued."""
    folder = tmp_path_factory.mktemp("tls")
    authority.cert_pem.write_to_path(folder / "ca.pem")
    issued = authority.issue_cert("127.0.0.1")
    issued.cert_chain_pems[0].write_to_path(folder / "server.pem")
    issued.private_key_pem.write_to_path(folder / "server.key")
    return folder


@pytest.fixture(scope="module")
def tls_url(folder: Path, sqlite_template: Path) -> Iterator[str]:
    """Return the address of a server that speaks https."""
    database = folder / "hnsemu.db"
    database.write_bytes(sqlite_template.read_bytes())
    options = ("--tls-certificate", f"{folder}/server.pem", "--tls-key", f"{folder}/server.key")
    with serving(f"sqlite:///{database}", *options) as server:
        yield server.url


def test_a_certificate_is_trusted_by_option_or_variable(
    hnsemu: Hnsemu, tls_url: str, folder: Path
) -> None:
    on, ca = {"HNSEMU_URL": tls_url, "HNSEMU_ON": ""}, str(folder / "ca.pem")
    for words in (("hosts", "list"), ("networks", "list"), ("hnsdiag", "list", "all")):
        by_option = hnsemu(*words, "--ca", ca, **on)
        by_variable = hnsemu(*words, HNSEMU_CA=ca, **on)
        assert by_option.exit_code == 0, by_option.stderr
        assert by_option == by_variable
    assert json.loads(hnsemu("hosts", "list", "-o", "json", "--insecure", **on).stdout)
    events = hnsemu("events", "--ca", ca, **on)
    assert (events.exit_code, events.stderr) == (0, "")
    assert hnsemu("vfpctrl", "/list-vmswitch-port", "--insecure", **on).exit_code == 0


@pytest.mark.parametrize("words", [("hosts", "list"), ("events",), ("events", "--follow")])
def test_a_certificate_that_is_not_accepted_is_not_called_no_service(
    words: tuple[str, ...], hnsemu: Hnsemu, tls_url: str, folder: Path
) -> None:
    refused = hnsemu(*words, HNSEMU_URL=tls_url, HNSEMU_ON="")
    assert refused.exit_code == 3
    assert "its certificate is not accepted" in refused.stderr
    assert "--ca FILE" in refused.stderr
    assert "hnsemu serve" not in refused.stderr
    named = tls_url.replace("127.0.0.1", "localhost")
    wrong = hnsemu(*words, "--ca", f"{folder}/ca.pem", HNSEMU_URL=named, HNSEMU_ON="")
    assert wrong.exit_code == 3
    assert "an address that is named in the certificate" in wrong.stderr


def test_https_to_a_service_without_a_certificate_is_said(hnsemu: Hnsemu, server_url: str) -> None:
    refused = hnsemu("hosts", "list", "--url", server_url.replace("http:", "https:"))
    assert refused.exit_code == 3
    assert "begins with http://" in refused.stderr


def test_a_file_without_certificates_is_a_usage_error(hnsemu: Hnsemu, tmp_path: Path) -> None:
    (tmp_path / "empty.pem").touch()
    for name in ("missing.pem", "empty.pem"):
        refused = hnsemu("hosts", "list", "--ca", str(tmp_path / name), "--url", "https://[::1]:9")
        assert refused.exit_code == 2
        assert name in refused.stderr


def test_requests_go_through_the_proxy_that_the_environment_names(
    hnsemu: Hnsemu, server_url: str
) -> None:
    on = {"HNSEMU_URL": "http://far.invalid", "HTTP_PROXY": server_url, "http_proxy": server_url}
    answered = hnsemu("hosts", "list", **on)  # the service itself plays the proxy
    assert (answered.exit_code, "far.invalid" in answered.stderr) == (4, True)
    assert hnsemu("hosts", "list", **on, NO_PROXY="far.invalid").exit_code == 3
