#!/usr/bin/env bash
# Four of five SSE clients make an event of a block that only moves the id
#
# Packages: github.com/r3labs/sse/v2 v2.10.0, github.com/launchdarkly/eventsource v1.11.0,
#           github.com/tmaxmax/go-sse v0.12.0, httpx-sse 0.4.3 and sseclient-py 1.9.0 (PyPI).
# Expected: the standard for server-sent events sets the last event id and dispatches nothing when a
#           block has no data; `id: 8` alone is the usual way to move a reader of a filtered stream on.
# Seen:     only sseclient-py does. The other four hand out an event with empty data.
# Matters:  a client that decodes the data of each event as JSON fails on a server that does what the
#           standard says, and a server cannot move readers of one network's notifications on.
# In docs:  docs/notifications.md says which blocks of our streams are no events, and to skip them.
set -euo pipefail
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"
export GOMODCACHE=$work/mod GOFLAGS="-modcacherw -p=1" GOWORK=off

python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check \
    httpx==0.28.1 httpx-sse==0.4.3 requests==2.34.2 sseclient-py==1.9.0
cat >server.py <<'EOF'
import http.server


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        self.wfile.write(b'id: 7\ndata: {"ID":"a"}\n\nid: 8\n\nid: 9\ndata: {"ID":"b"}\n\n')

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
EOF
cat >clients.py <<'EOF'
import sys

import httpx
import httpx_sse
import requests
import sseclient

url = sys.argv[1]
with httpx.Client() as client, httpx_sse.connect_sse(client, "GET", url) as source:
    print("httpx-sse:", *(f"{event.id}={event.data!r}" for event in source.iter_sse()))
events = sseclient.SSEClient(requests.get(url, stream=True)).events()
print("sseclient-py:", *(f"{event.id}={event.data!r}" for event in events))
EOF
cat >go.mod <<'EOF'
module finding
EOF
cat >main.go <<'EOF'
package main

import (
	"context"
	"fmt"
	"net/http"
	"os"

	launchdarkly "github.com/launchdarkly/eventsource"
	r3labs "github.com/r3labs/sse/v2"
	tmaxmax "github.com/tmaxmax/go-sse"
)

func main() {
	url := os.Args[1]
	ctx, stop := context.WithCancel(context.Background())
	fmt.Print("r3labs:")
	r3labs.NewClient(url).SubscribeRawWithContext(ctx, func(event *r3labs.Event) {
		fmt.Printf(" %s='%s'", event.ID, event.Data)
	})
	fmt.Print("\nlaunchdarkly:")
	stream, err := launchdarkly.Subscribe(url, "")
	if err != nil {
		panic(err)
	}
	for event := range stream.Events {
		fmt.Printf(" %s='%s'", event.Id(), event.Data())
		if event.Id() == "9" {
			stream.Close()
			break
		}
	}
	fmt.Print("\ntmaxmax:")
	request, _ := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	connection := tmaxmax.DefaultClient.NewConnection(request)
	connection.SubscribeToAll(func(event tmaxmax.Event) {
		fmt.Printf(" %s='%s'", event.LastEventID, event.Data)
		if event.LastEventID == "9" {
			stop()
		}
	})
	connection.Connect()
	fmt.Println()
}
EOF
go get github.com/r3labs/sse/v2@v2.10.0 github.com/launchdarkly/eventsource@v1.11.0 \
    github.com/tmaxmax/go-sse@v0.12.0 2>log || { cat log; exit 2; }
go build -o clients . 2>log || { cat log; exit 2; }

python3 server.py >port &
server=$!
for _ in $(seq 100); do [ -s port ] && break; sleep 0.1; done
url=http://127.0.0.1:$(cat port)/
seen=$(timeout 60 ./clients "$url"; timeout 60 venv/bin/python clients.py "$url")
expected="r3labs: 7='{\"ID\":\"a\"}' 8='' 9='{\"ID\":\"b\"}'
launchdarkly: 7='{\"ID\":\"a\"}' 8='' 9='{\"ID\":\"b\"}'
tmaxmax: 7='{\"ID\":\"a\"}' 8='' 9='{\"ID\":\"b\"}'
httpx-sse: 7='{\"ID\":\"a\"}' 8='' 9='{\"ID\":\"b\"}'
sseclient-py: 7='{\"ID\":\"a\"}' 9='{\"ID\":\"b\"}'"
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected"; exit 1; }
