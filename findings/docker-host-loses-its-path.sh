#!/usr/bin/env bash
# dockerode and bollard leave the path of DOCKER_HOST out, and talk to another daemon or none
#
# Packages: docker 7.2.0 and aiodocker 0.27.0 (PyPI), dockerode 5.0.1 (npm) and bollard 0.21.1 (crates.io).
# Expected: DOCKER_HOST=tcp://gateway:2375/lab means the daemon below /lab, as it does for the docker command line;
#           a client that cannot do that says so.
# Seen:     the two Python clients ask for /lab/v1.51/version. dockerode asks for /version, with its own variable
#           DOCKER_PATH_PREFIX=/lab, too: it puts the prefix into the address and then resolves an absolute path
#           against it. bollard loses the path in the same way.
# Matters:  one address with many daemons, by path, is how gateways to remote Windows hosts are reached. A program in
#           Node, testcontainers among them, or in Rust lists, stops and deletes on the daemon at the root, if there
#           is one, else it reads 404.
# In docs:  docs/docker.md, "From a test", gives Docker a port without a path.
set -euo pipefail
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"
export CARGO_HOME=$work/cargo CARGO_PROFILE_DEV_DEBUG=0 CARGO_INCREMENTAL=0 npm_config_loglevel=error

cat >server.py <<'EOF'
import http.server
import json


class Daemon(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        with open("asked", "a") as asked:
            print("  asks for", self.path, file=asked)
        about = {"Version": "28.5.2", "ApiVersion": "1.51", "MinAPIVersion": "1.24", "Os": "windows", "Arch": "amd64"}
        body = json.dumps(about).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Daemon)
print(server.server_port, flush=True)
server.serve_forever()
EOF
cat >sync.py <<'EOF'
import docker

docker.from_env(version="1.51").version()
EOF
cat >async.py <<'EOF'
import asyncio

import aiodocker


async def main():
    async with aiodocker.Docker(api_version="v1.51") as client:
        await client.version()


asyncio.run(main())
EOF
cat >node.js <<'EOF'
const Docker = require("dockerode");
new Docker().version().catch((error) => console.log(error.message));
EOF
mkdir src
cat >Cargo.toml <<'EOF'
[package]
name = "finding"
version = "0.0.0"
edition = "2021"

[dependencies]
bollard = { version = "=0.21.1", default-features = false, features = ["http"] }
tokio = { version = "1", features = ["rt", "macros"] }
EOF
cat >src/main.rs <<'EOF'
#[tokio::main(flavor = "current_thread")]
async fn main() {
    let docker = bollard::Docker::connect_with_defaults().unwrap();
    docker.version().await.unwrap();
}
EOF
# ssh2, which dockerode can also use, would build its native parts: --ignore-scripts.
{
    npm install --silent --no-audit --no-fund --ignore-scripts dockerode@5.0.1 &
    packages=$!
    python3 -m venv venv
    venv/bin/pip install -q --disable-pip-version-check docker==7.2.0 aiodocker==0.27.0
    wait "$packages"
    cargo build --quiet
} >log 2>&1 || { cat log; exit 2; }

python3 server.py >port &
server=$!
until [ -s port ]; do sleep 0.1; done
DOCKER_HOST=tcp://127.0.0.1:$(cat port)/lab
export DOCKER_HOST
ask() { # name, command …
    echo "$1" >>asked
    timeout 60 "${@:2}" 2>log || { cat log >&2; exit 2; }
}
ask docker-py venv/bin/python sync.py
ask aiodocker venv/bin/python async.py
ask dockerode node node.js
DOCKER_PATH_PREFIX=/lab ask "dockerode, with DOCKER_PATH_PREFIX" node node.js
ask bollard target/debug/finding
seen=$(cat asked)
expected='docker-py
  asks for /lab/v1.51/version
aiodocker
  asks for /lab/v1.51/version
dockerode
  asks for /version
dockerode, with DOCKER_PATH_PREFIX
  asks for /version
bollard
  asks for /version'
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected"; exit 1; }
