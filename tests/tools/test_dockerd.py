"""What the tools make for dockerd: a daemon of one recipe, images that `docker load` reads."""

import hashlib
import json
import tarfile
from pathlib import Path

from tools import dockerd_build
from tools.dockerd import write_image


def test_an_archive_names_its_layer_and_configuration_by_hash(tmp_path: Path) -> None:
    file = tmp_path / "image.tar"
    write_image(file, ["web:latest", "windows/nanoserver:ltsc2025"], ["80/tcp"])
    with tarfile.open(file) as archive:
        read = {entry.name: (archive.extractfile(entry) or entry) for entry in archive}
        parts = {name: part.read() for name, part in read.items() if hasattr(part, "read")}
    images = json.loads(parts["manifest.json"])
    assert [image["RepoTags"] for image in images] == [
        ["web:latest"],
        ["windows/nanoserver:ltsc2025"],
    ]
    for image in images:
        config = parts[image["Config"]]
        assert image["Config"] == f"{hashlib.sha256(config).hexdigest()}.json"
        (layer,) = image["Layers"]
        document = json.loads(config)
        digest = hashlib.sha256(parts[layer]).hexdigest()
        assert document["rootfs"]["diff_ids"] == [f"sha256:{digest}"]
        assert document["config"]["ExposedPorts"] == {"80/tcp": {}}
        assert document["os"] == "windows"


def test_a_layer_has_the_folder_that_makes_it_a_base_layer(tmp_path: Path) -> None:
    file = tmp_path / "image.tar"
    write_image(file, ["web"], [])
    with tarfile.open(file) as archive:
        layer = archive.extractfile("layer.tar")
        assert layer is not None
        with tarfile.open(fileobj=layer) as files:
            (folder,) = files
    assert (folder.name, folder.isdir()) == ("Files", True)


def test_a_daemon_that_was_built_in_another_way_is_not_taken_for_this_one(tmp_path: Path) -> None:
    recipe = Path(dockerd_build.__file__)
    other = tmp_path / "recipe.py"
    other.write_text(recipe.read_text().replace('_GO = "', '_GO = "9'))
    assert dockerd_build.built(other) != dockerd_build.built()
    other.write_bytes(recipe.read_bytes())
    assert dockerd_build.built(other) == dockerd_build.built()
