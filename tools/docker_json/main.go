// Prints what Go's decoder says to documents of the wrong shape at dockerd's doors: a line of JSON
// for each member of each request. The lines are tests/facts/docker_json.jsonl, made with the Go and
// the modules of dockerd 28.5.2: GOTOOLCHAIN=go1.24.9 go run . > ../../tests/facts/docker_json.jsonl
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"strings"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/network"
	"github.com/docker/docker/api/types/registry"
	"github.com/docker/docker/api/types/volume"
)

// line has what Go says of each value at the end of a path, without the words that all errors begin
// with; "" where it says nothing.
type line struct {
	Request string   `json:"request"`
	Path    []string `json:"path"`
	Says    []string `json:"says"`
}

const begin = "json: cannot unmarshal "

var requests = []struct {
	name string
	new  func() any
}{
	{"container", func() any { return &container.CreateRequest{} }},
	{"update", func() any { return &container.UpdateConfig{} }},
	{"exec", func() any { return &container.ExecOptions{} }},
	{"start", func() any { return &container.ExecStartOptions{} }},
	{"network", func() any { return &network.CreateRequest{} }},
	{"connect", func() any { return &network.ConnectOptions{} }},
	{"disconnect", func() any { return &network.DisconnectOptions{} }},
	{"volume", func() any { return &volume.CreateOptions{} }},
	{"credentials", func() any { return &registry.AuthConfig{} }},
}

var values = []string{
	"null", "true", "1", "-1", "1.5", "1e3", "9223372036854775808", `"text"`, "[1]", `["text"]`,
	`{"text": 1}`,
}

func main() {
	out := json.NewEncoder(os.Stdout)
	if err := out.Encode(map[string][]string{"values": values}); err != nil {
		panic(err)
	}
	for _, request := range requests {
		walk(reflect.TypeOf(request.new()).Elem(), nil, func(path []string) {
			said := line{request.name, path, nil}
			for _, value := range values {
				text := ""
				if err := json.Unmarshal([]byte(body(path, value)), request.new()); err != nil {
					text = strings.TrimPrefix(err.Error(), begin)
				}
				said.Says = append(said.Says, text)
			}
			if err := out.Encode(said); err != nil {
				panic(err)
			}
		})
	}
}

// walk visits every member of a type; lists and maps are entered once.
func walk(of reflect.Type, path []string, visit func([]string)) {
	if len(path) > 0 {
		visit(path)
	}
	if reflect.PointerTo(of).Implements(reflect.TypeFor[json.Unmarshaler]()) {
		return
	}
	if of == reflect.TypeFor[volume.ClusterVolumeSpec]() { // of swarms, which there are none of here
		return
	}
	switch of.Kind() {
	case reflect.Pointer:
		walk(of.Elem(), path[:0:0], func(inner []string) { visit(join(path, inner)) })
	case reflect.Slice:
		walk(of.Elem(), join(path, []string{"[]"}), visit)
	case reflect.Map:
		walk(of.Elem(), join(path, []string{"{}"}), visit)
	case reflect.Struct:
		for _, field := range reflect.VisibleFields(of) {
			tag := strings.Split(field.Tag.Get("json"), ",")[0]
			if tag == "-" || !field.IsExported() || (field.Anonymous && tag == "") {
				continue
			}
			if tag == "" {
				tag = field.Name
			}
			walk(field.Type, join(path, []string{tag}), visit)
		}
	}
}

func join(first, second []string) []string {
	return append(append([]string{}, first...), second...)
}

func body(path []string, value string) string {
	for at := len(path) - 1; at >= 0; at-- {
		switch path[at] {
		case "[]":
			value = "[" + value + "]"
		case "{}":
			value = `{"nat": ` + value + "}"
		default:
			value = fmt.Sprintf("{%q: %s}", path[at], value)
		}
	}
	return value
}
