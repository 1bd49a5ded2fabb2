//go:build windows

package kubeproxy

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// object is a JSON object.
type object = map[string]any

// apiServer has what kube-proxy lists and watches, and nothing else of Kubernetes.
type apiServer struct {
	*httptest.Server
	mutex    sync.Mutex
	version  int
	objects  map[string]map[string]object // resource, name
	watchers map[chan object]string       // the resource of each
}

// kinds are the resources that kube-proxy reads.
var kinds = map[string]object{
	"services":       {"apiVersion": "v1", "kind": "Service"},
	"nodes":          {"apiVersion": "v1", "kind": "Node"},
	"endpointslices": {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice"},
	"servicecidrs":   {"apiVersion": "networking.k8s.io/v1", "kind": "ServiceCIDR"},
}

func newAPIServer(t *testing.T) *apiServer {
	t.Helper()
	server := &apiServer{version: 1, objects: map[string]map[string]object{}, watchers: map[chan object]string{}}
	server.Server = httptest.NewServer(server)
	t.Cleanup(func() {
		server.CloseClientConnections() // watches do not end by themselves
		server.Close()
	})
	return server
}

// put stores an object and tells the watchers.
func (s *apiServer) put(resource, name string, document object) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	kind, known := "ADDED", s.objects[resource]
	if known == nil {
		known = map[string]object{}
		s.objects[resource] = known
	}
	if known[name] != nil {
		kind = "MODIFIED"
	}
	s.version++
	metadata, _ := document["metadata"].(object)
	if metadata == nil {
		metadata = object{}
	}
	metadata["name"], metadata["uid"] = name, name
	if resource != "nodes" { // which have no namespace
		metadata["namespace"] = "default"
	}
	metadata["resourceVersion"] = fmt.Sprint(s.version)
	stored := object{"metadata": metadata}
	for _, part := range []object{kinds[resource], document} {
		for member, value := range part {
			stored[member] = value
		}
	}
	known[name] = stored
	s.tell(resource, kind, stored)
}

// remove deletes an object and tells the watchers.
func (s *apiServer) remove(resource, name string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	gone := s.objects[resource][name]
	delete(s.objects[resource], name)
	s.tell(resource, "DELETED", gone)
}

func (s *apiServer) tell(resource, kind string, document object) {
	for watcher, watched := range s.watchers {
		if watched == resource {
			watcher <- object{"type": kind, "object": document}
		}
	}
}

// ServeHTTP answers GET of an object, a list, and a watch; every other request succeeds without an effect.
func (s *apiServer) ServeHTTP(answer http.ResponseWriter, request *http.Request) {
	answer.Header().Set("Content-Type", "application/json")
	segments := strings.Split(strings.Trim(request.URL.Path, "/"), "/")
	resource, name := segments[len(segments)-1], ""
	if _, known := kinds[resource]; !known && len(segments) > 1 {
		resource, name = segments[len(segments)-2], resource
	}
	kind, known := kinds[resource]
	switch {
	case request.Method != http.MethodGet:
		write(answer, object{})
	case !known:
		http.NotFound(answer, request)
	case request.URL.Query().Get("watch") != "":
		s.watch(answer, request, resource)
	default:
		s.mutex.Lock()
		defer s.mutex.Unlock()
		if name != "" {
			write(answer, s.objects[resource][name])
			return
		}
		items := []object{}
		for _, item := range s.objects[resource] {
			items = append(items, item)
		}
		write(answer, object{
			"apiVersion": kind["apiVersion"], "kind": fmt.Sprint(kind["kind"], "List"),
			"metadata": object{"resourceVersion": fmt.Sprint(s.version)}, "items": items,
		})
	}
}

func (s *apiServer) watch(answer http.ResponseWriter, request *http.Request, resource string) {
	events := make(chan object, 1000)
	s.mutex.Lock()
	s.watchers[events] = resource
	if request.URL.Query().Get("sendInitialEvents") == "true" { // a list, told as events
		for _, item := range s.objects[resource] {
			events <- object{"type": "ADDED", "object": item}
		}
		end := object{
			"resourceVersion": fmt.Sprint(s.version),
			"annotations":     object{"k8s.io/initial-events-end": "true"},
		}
		kind := kinds[resource]
		events <- object{"type": "BOOKMARK", "object": object{
			"apiVersion": kind["apiVersion"], "kind": kind["kind"], "metadata": end,
		}}
	}
	s.mutex.Unlock()
	defer func() {
		s.mutex.Lock()
		delete(s.watchers, events)
		s.mutex.Unlock()
	}()
	answer.(http.Flusher).Flush()
	for {
		select {
		case <-request.Context().Done():
			return
		case event := <-events:
			write(answer, event)
			answer.(http.Flusher).Flush()
		}
	}
}

func write(answer http.ResponseWriter, document object) {
	_ = json.NewEncoder(answer).Encode(document)
}
