#!/usr/bin/env bash
# testcontainers-go asks a Windows daemon for a network of driver bridge before it makes the one it was asked for
#
# Package:  github.com/testcontainers/testcontainers-go v0.45.0 (network.New; containers go the same way).
# Expected: with OSType windows, WithDriver("nat") makes one nat network, beside the daemon's own `nat`.
# Seen:     it first looks for a network named `bridge`, which no Windows daemon has, then creates
#           `reaper_default` with driver bridge. dockerd on Windows has no such driver and answers 404; the
#           network that was asked for is never tried, and no container can start. The reaper is off here,
#           so the name misleads. A nat network named `reaper_default`, made by hand, leads past it.
# Matters:  somebody who tests with Windows containers reads "could not find plugin bridge" though the test names
#           nat, and looks for a missing plugin.
# In docs:  docs/docker.md, "From a test".
set -euo pipefail
work=$(mktemp -d)
daemon=
trap '[ -z "$daemon" ] || kill "$daemon"; rm -rf "$work"' EXIT
cd "$work"
export GOMODCACHE=$work/mod GOFLAGS="-modcacherw -p=1" GOWORK=off

cat >daemon.py <<'EOF'
"""Stands in for dockerd on Windows: it has nat and none, and knows the drivers nat and transparent."""

import json
import re
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

networks = {"nat": "nat", "none": "null"}


class Daemon(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, document):
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Api-Version", "1.51")
        self.send_header("Ostype", "windows")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_GET(self):
        path = re.sub(r"^/v1\.\d+", "", self.path).partition("?")[0]
        if path == "/networks":
            return self.answer(200, [{"Name": n, "Id": n, "Driver": d} for n, d in networks.items()])
        about = {"OSType": "windows", "ServerVersion": "28.5.2", "ApiVersion": "1.51", "Os": "windows"}
        known = path in ("/_ping", "/info", "/version")
        return self.answer(200, about) if known else self.answer(404, {"message": "page not found"})

    do_HEAD = do_GET

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        name, driver = asked["Name"], asked["Driver"]
        print("asked to create", "reaper_default" if name == "reaper_default" else "mine", driver, flush=True)
        if driver not in ("nat", "transparent"):
            what = f"could not find plugin {driver} in v1 plugin registry: plugin not found"
            return self.answer(404, {"message": what})
        networks[name] = driver
        return self.answer(201, {"Id": name, "Warning": ""})

    def log_message(self, *words):
        pass


server = HTTPServer(("127.0.0.1", 0), Daemon)
open("port", "w").write(str(server.server_port))
networks.update(argument.split("=") for argument in sys.argv[1:])
server.serve_forever()
EOF
cat >go.mod <<'EOF'
module finding

go 1.25.0
EOF
cat >main.go <<'EOF'
package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/testcontainers/testcontainers-go/network"
)

func main() {
	_, err := network.New(context.Background(), network.WithDriver("nat"))
	if err != nil {
		words := strings.Split(err.Error(), "could not find")
		fmt.Println("refused: could not find" + words[len(words)-1])
		return
	}
	fmt.Println("created")
}
EOF
export TESTCONTAINERS_RYUK_DISABLED=true HOME=$work
go get github.com/testcontainers/testcontainers-go/network@v0.45.0 >log 2>&1 &&
    go build -o program . >>log 2>&1 || { cat log; exit 2; }

ask() { # the networks that are there beside nat and none
    rm -f port
    python3 daemon.py "$@" >asked &
    daemon=$!
    until [ -s port ]; do sleep 0.1; done
    DOCKER_HOST=tcp://127.0.0.1:$(cat port) ./program 2>log || cat log
    kill $daemon
    wait $daemon 2>/dev/null || true
    daemon=
    cat asked
}

seen="as Windows has it
$(ask)
with reaper_default of driver nat
$(ask reaper_default=nat)"
expected='as Windows has it
refused: could not find plugin bridge in v1 plugin registry: plugin not found: failed to create network
asked to create reaper_default bridge
with reaper_default of driver nat
created
asked to create mine nat'
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected"; exit 1; }
