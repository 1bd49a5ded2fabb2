"""Draw the pictures of docs/pages.md: pages of a seeded service in Chromium.

.venv/bin/python -m tools.screenshots
"""

import json
import shutil
import tempfile
from pathlib import Path

import httpx
from playwright.sync_api import ViewportSize, sync_playwright

from tests.browser.world import fill, spread
from tests.e2e.servers import serving
from tests.waiting import PATIENCE

_PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
_HOST = "/hosts/node-1/ui"
_PAGES = {
    "hosts": "/",
    "topology": f"{_HOST}/topology",
    "tunnels": "/hosts/node-2/ui/topology?hosts=node-3",
    "endpoints": f"{_HOST}/endpoints",
    "trace": f"{_HOST}/trace?from=client&to=web%3A80",
    "matrix": f"{_HOST}/matrix",
    "policy": f"{_HOST}/policy",
    "requests": f"{_HOST}/requests",
    "ports": f"{_HOST}/ports",
}
_TRIED = {
    "Type": "ACL",
    "Settings": {"Action": "Block", "Direction": "In", "Protocols": "6", "LocalPorts": "80",
                 "Priority": 200},
}  # fmt: skip
_SIZE = ViewportSize(width=1280, height=760)


def main() -> None:
    """Draw every picture again."""
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))))
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(f"sqlite:///{Path(folder) / 'hnsemu.db'}", HNSEMU_SEED="1") as server,
        sync_playwright() as play,
    ):
        with httpx.Client(base_url=server.url, timeout=PATIENCE) as http:
            http.put("/emulator/hosts/node-1", json={"journal": True}).raise_for_status()
            fill(http, harm=False)
            spread(http, named_long=False)
        options = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        browser = play.chromium.launch(executable_path=program, args=options)
        page = browser.new_page(base_url=server.url, viewport=_SIZE)
        for name, path in _PAGES.items():
            page.goto(path)
            if name == "policy":
                page.get_by_label("What would this do?").fill(json.dumps(_TRIED, indent=2))
                page.get_by_label("Endpoint that gets it").fill("db")
                page.get_by_role("button", name="Try it").click()
                page.get_by_text("In words").wait_for()
            page.screenshot(path=_PICTURES / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main()
