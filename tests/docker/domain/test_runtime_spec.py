"""What a container cannot be started with. Source: moby v28.5.2 daemon/oci_windows.go [C]."""

from typing import Any

import pytest

from hnsemu.docker.domain.runtime_spec import check_spec
from hnsemu.docker.errors import DockerError
from tests.docker.domain.containers import host_config

_PREFIXES = (
    "invalid credential spec security option - value must be prefixed by 'file://', "
    "'registry://', or 'raw://' followed by a non-empty value"
)
_PATH = "invalid device assignment path: "


@pytest.mark.parametrize(
    ("members", "text"),
    [
        (
            {"SecurityOpt": ["no-new-privileges"]},
            "invalid security option: no equals sign in supplied value no-new-privileges",
        ),
        ({"SecurityOpt": ["label=disable"]}, "security option not supported: label"),
        ({"SecurityOpt": ["credentialspec=web.json"]}, _PREFIXES),
        ({"SecurityOpt": ["credentialspec=file://"]}, _PREFIXES),
        (
            {"Devices": [{"PathOnHost": "/dev/x"}]},
            f"{_PATH}'/dev/x', must be 'class/ID' or 'IDType://ID'",
        ),
        ({"Devices": [{"PathOnHost": "://x"}]}, f"{_PATH}'://x', IDType cannot be empty"),
    ],
)
def test_what_windows_does_not_know_is_refused(members: dict[str, Any], text: str) -> None:
    with pytest.raises(DockerError) as refusal:
        check_spec(host_config(**members))
    assert (refusal.value.status, refusal.value.message) == (500, text)


def test_credential_specs_and_devices_are_taken_as_they_are() -> None:
    options = [f"CredentialSpec={scheme}://web.json" for scheme in ("file", "Registry", "raw")]
    devices = [{"PathOnHost": path} for path in ("class/5B45", "vpci-instance://x")]
    check_spec(host_config(SecurityOpt=options, Devices=devices))
