"""Write openapi/openapi.json, or check that it is the document the service serves.

python -m tools.openapi [--check]
"""

import json
import sys
from pathlib import Path

from hnsemu.config import Settings
from hnsemu.main import create_app

DOCUMENT = Path(__file__).resolve().parents[1] / "openapi" / "openapi.json"


def served() -> str:
    """Return the document that the service serves, as text."""
    app = create_app(Settings(database_url="sqlite://"))
    return json.dumps(app.openapi(), indent=2, ensure_ascii=False) + "\n"


def main() -> int:
    """Write or compare; return 1 when they differ."""
    if "--check" not in sys.argv:
        DOCUMENT.parent.mkdir(exist_ok=True)
        DOCUMENT.write_text(served())
        return 0
    if DOCUMENT.exists() and DOCUMENT.read_text() == served():
        return 0
    print(f"{DOCUMENT.name} is not what the service serves; run make openapi")
    return 1


if __name__ == "__main__":
    sys.exit(main())
