"""Write the documents in openapi/, or check that they are what the service serves.

python -m tools.openapi [--check]
"""

import json
import sys
from pathlib import Path

from hnsemu.api.openapi_3_0 import as_3_0
from hnsemu.config import Settings
from hnsemu.main import create_app

FOLDER = Path(__file__).resolve().parents[1] / "openapi"
DOCUMENT = FOLDER / "openapi.json"
DOCUMENT_3_0 = FOLDER / "openapi-3.0.json"


def served() -> dict[Path, str]:
    """Return the documents that the service serves, as texts, by the files that hold them."""
    document = create_app(Settings(database_url="sqlite://")).openapi()
    return {DOCUMENT: _text(document), DOCUMENT_3_0: _text(as_3_0(document))}


def _text(document: object) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def main() -> int:
    """Write or compare; return 1 when they differ."""
    if "--check" not in sys.argv:
        FOLDER.mkdir(exist_ok=True)
        for path, text in served().items():
            path.write_text(text)
        return 0
    old = [
        path.name
        for path, text in served().items()
        if not path.exists() or path.read_text() != text
    ]
    for name in old:
        print(f"{name} is not what the service serves; run make openapi")
    return int(bool(old))


if __name__ == "__main__":
    sys.exit(main())
