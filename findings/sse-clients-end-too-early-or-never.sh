#!/usr/bin/env bash
# One SSE client ends with success when the stream ends, another one asks on after 410 Gone
#
# Packages: github.com/r3labs/sse/v2 v2.10.0, github.com/launchdarkly/eventsource v1.11.0,
#           github.com/tmaxmax/go-sse v0.12.0.
# Expected: the standard for server-sent events: when a stream ends the client connects again with the
#           last id; an answer that is not 200 ends it for good.
# Seen:     only go-sse does both. r3labs, which has a back-off for reconnecting, returns nil after the
#           first stream: the end of the response counts as success. launchdarkly treats 410 as one
#           more lost connection and goes on asking, every 100 ms where the server said retry: 100.
# Matters:  streams of HNS notifications end with every restart of HNS, and a reader that comes too
#           late gets 410. The first client is deaf from then on without an error, the second one
#           never learns that it has to list the objects again; its errors must be looked at.
# In docs:  docs/notifications.md says when streams end and when the answer is 410.
set -euo pipefail
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"
export GOMODCACHE=$work/mod GOFLAGS="-modcacherw -p=1" GOWORK=off

cat >server.py <<'EOF'
import collections
import http.server

ASKED = collections.Counter()


class Handler(http.server.BaseHTTPRequestHandler):
    """Streams one event to the first request of each client, and answers 410 to its others."""

    def do_GET(self):
        if self.path == "/count":
            self.send_response(200)
            self.end_headers()
            self.wfile.write("".join(f"{name} {ASKED[name]}\n" for name in ASKED).encode())
            return
        ASKED[self.path] += 1
        self.send_response(200 if ASKED[self.path] == 1 else 410)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        if ASKED[self.path] == 1:
            self.wfile.write(b"retry: 100\nid: 7\ndata: {}\n\n")

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
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
	"time"

	launchdarkly "github.com/launchdarkly/eventsource"
	r3labs "github.com/r3labs/sse/v2"
	tmaxmax "github.com/tmaxmax/go-sse"
)

func main() {
	url := os.Args[1]
	ctx, stop := context.WithTimeout(context.Background(), 20*time.Second)
	defer stop()

	err := r3labs.NewClient(url+"r3labs").SubscribeRawWithContext(ctx, func(*r3labs.Event) {})
	fmt.Println("r3labs ended with", err)

	request, _ := http.NewRequestWithContext(ctx, http.MethodGet, url+"tmaxmax", nil)
	connection := tmaxmax.DefaultClient.NewConnection(request)
	fmt.Println("tmaxmax ended with", connection.Connect())

	stream, err := launchdarkly.Subscribe(url+"launchdarkly", "")
	if err != nil {
		panic(err)
	}
	refused := 0
	for refused < 5 {
		select {
		case <-stream.Events:
		case failure, open := <-stream.Errors:
			if !open {
				fmt.Println("launchdarkly ended")
				return
			}
			if gone, ok := failure.(launchdarkly.SubscriptionError); ok && gone.Code == http.StatusGone {
				refused++
			}
		case <-ctx.Done():
			panic("nothing happened")
		}
	}
	stream.Close()
	fmt.Println("launchdarkly met 410 five times and went on")
}
EOF
go get github.com/r3labs/sse/v2@v2.10.0 github.com/launchdarkly/eventsource@v1.11.0 \
    github.com/tmaxmax/go-sse@v0.12.0 2>log || { cat log; exit 2; }
go build -o clients . 2>log || { cat log; exit 2; }

python3 server.py >port &
server=$!
for _ in $(seq 100); do [ -s port ] && break; sleep 0.1; done
url=http://127.0.0.1:$(cat port)/
seen=$(timeout 60 ./clients "$url"
    python3 -c 'import sys, urllib.request as u; print(u.urlopen(sys.argv[1]).read().decode(), end="")' "${url}count" |
        sed -n 's,^/\(r3labs\|tmaxmax\) ,requests of \1: ,p')
expected='r3labs ended with <nil>
tmaxmax ended with request failed: response validation failed: expected status code 200 OK, received 410 Gone
launchdarkly met 410 five times and went on
requests of r3labs: 1
requests of tmaxmax: 2'
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected"; exit 1; }
