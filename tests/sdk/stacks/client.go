// The scenario of ../test_stacks.py with net/http.
//
//	go run client.go URL
package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path"
	"strings"
	"time"
)

var url = os.Args[1]

var client = &http.Client{Transport: &http.Transport{ExpectContinueTimeout: time.Minute}}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func document(name, network string) io.Reader {
	text := string(must(os.ReadFile("documents/" + name)))
	return strings.NewReader(strings.ReplaceAll(text, "@NETWORK@", network))
}

// send returns the last part of the answer's Location.
func send(step, method, target string, body io.Reader, headers ...string) string {
	request := must(http.NewRequest(method, url+target, body))
	request.Header.Set("Content-Type", "application/json")
	for index := 0; index < len(headers); index += 2 {
		request.Header.Set(headers[index], headers[index+1])
	}
	answer := must(client.Do(request))
	defer answer.Body.Close()
	text := must(io.ReadAll(answer.Body))
	fmt.Printf("%s\t%d\t%s\n", step, answer.StatusCode, text)
	return path.Base(answer.Header.Get("Location"))
}

func main() {
	network := send("create", "POST", "/v2/networks", document("network.json", ""))
	// a reader whose length net/http cannot know is sent in chunks
	stream := io.MultiReader(document("endpoint.json", network))
	pod := send("chunked", "POST", "/v2/endpoints", stream)
	send("modify", "PATCH", "/v2/endpoints/"+pod, document("modify.json", ""))
	query := strings.TrimSpace(string(must(io.ReadAll(document("query.txt", "")))))
	send("list", "GET", "/v2/endpoints?query="+query, nil)
	send("named", "GET", "/host/vfp/ports/pod%20%C3%BC%2B%26%25%2F1", nil)
	send("head", "HEAD", "/v2/endpoints", nil)
	send("refused", "POST", "/v2/endpoints", document("refused.json", network))
	send("invalid", "POST", "/v2/networks", document("invalid.txt", ""))
	send("expect", "POST", "/v2/namespaces", document("namespace.json", ""), "Expect", "100-continue")
	send("empty", "POST", "/v1/endpoints/"+pod+"/refresh", nil)
	send("delete", "DELETE", "/v2/endpoints/"+pod, nil)
	send("missing", "GET", "/v2/endpoints/"+pod, nil)
}
