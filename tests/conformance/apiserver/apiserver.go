// Package apiserver has what programs of a node list, watch and patch, and nothing else of Kubernetes.
package apiserver

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// Object is a JSON object.
type Object = map[string]any

// Server answers on loopback until the test ends.
type Server struct {
	*httptest.Server
	mutex    sync.Mutex
	version  int
	objects  map[string]map[string]Object // resource, name
	watchers map[chan Object]string       // the resource of each
}

// kinds are the resources that can be read.
var kinds = map[string]Object{
	"services":       {"apiVersion": "v1", "kind": "Service"},
	"nodes":          {"apiVersion": "v1", "kind": "Node"},
	"endpointslices": {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice"},
	"servicecidrs":   {"apiVersion": "networking.k8s.io/v1", "kind": "ServiceCIDR"},
}

// New starts a server.
func New(t *testing.T) *Server {
	t.Helper()
	server := &Server{version: 1, objects: map[string]map[string]Object{}, watchers: map[chan Object]string{}}
	server.Server = httptest.NewServer(server)
	t.Cleanup(func() {
		server.CloseClientConnections() // watches do not end by themselves
		server.Close()
	})
	return server
}

// Put stores an object and tells the watchers.
func (s *Server) Put(resource, name string, document Object) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	kind, known := "ADDED", s.objects[resource]
	if known == nil {
		known = map[string]Object{}
		s.objects[resource] = known
	}
	if known[name] != nil {
		kind = "MODIFIED"
	}
	s.version++
	given, _ := document["metadata"].(Object)
	metadata := merged(given, nil) // the caller's stays as it is
	metadata["name"], metadata["uid"] = name, name
	if resource != "nodes" { // which have no namespace
		metadata["namespace"] = "default"
	}
	metadata["resourceVersion"] = fmt.Sprint(s.version)
	stored := Object{}
	for _, part := range []Object{kinds[resource], document} {
		for member, value := range part {
			stored[member] = value
		}
	}
	stored["metadata"] = metadata
	known[name] = stored
	s.tell(resource, kind, stored)
}

// Remove deletes an object and tells the watchers.
func (s *Server) Remove(resource, name string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	gone := s.objects[resource][name]
	delete(s.objects[resource], name)
	s.tell(resource, "DELETED", gone)
}

func (s *Server) tell(resource, kind string, document Object) {
	for watcher, watched := range s.watchers {
		if watched == resource {
			watcher <- Object{"type": kind, "object": document}
		}
	}
}

// Get returns an object as it is.
func (s *Server) Get(resource, name string) Object {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.objects[resource][name]
}

// patch merges members into an object, of it or of its status.
func (s *Server) patch(answer http.ResponseWriter, request *http.Request, resource, name string) {
	var change Object
	stored := s.Get(resource, name)
	if stored == nil || json.NewDecoder(request.Body).Decode(&change) != nil {
		http.NotFound(answer, request)
		return
	}
	s.Put(resource, name, merged(stored, change))
	write(answer, s.Get(resource, name))
}

// merged returns a copy of an object with the members of another one.
func merged(target, change Object) Object {
	made := Object{}
	for member, value := range target {
		made[member] = value
	}
	for member, value := range change {
		within, isObject := value.(Object)
		known, wasObject := made[member].(Object)
		if isObject && wasObject {
			value = merged(known, within)
		}
		made[member] = value
	}
	return made
}

// ServeHTTP answers GET of an object, a list, and a watch, and PATCH; others succeed without an effect.
func (s *Server) ServeHTTP(answer http.ResponseWriter, request *http.Request) {
	answer.Header().Set("Content-Type", "application/json")
	segments := strings.Split(strings.Trim(request.URL.Path, "/"), "/")
	if last := len(segments) - 1; segments[last] == "status" {
		segments = segments[:last]
	}
	resource, name := segments[len(segments)-1], ""
	if _, known := kinds[resource]; !known && len(segments) > 1 {
		resource, name = segments[len(segments)-2], resource
	}
	kind, known := kinds[resource]
	switch {
	case request.Method == http.MethodPatch && known:
		s.patch(answer, request, resource, name)
	case request.Method != http.MethodGet:
		write(answer, Object{})
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
		items := []Object{}
		for _, item := range s.objects[resource] {
			items = append(items, item)
		}
		write(answer, Object{
			"apiVersion": kind["apiVersion"], "kind": fmt.Sprint(kind["kind"], "List"),
			"metadata": Object{"resourceVersion": fmt.Sprint(s.version)}, "items": items,
		})
	}
}

func (s *Server) watch(answer http.ResponseWriter, request *http.Request, resource string) {
	events := make(chan Object, 1000)
	s.mutex.Lock()
	s.watchers[events] = resource
	if request.URL.Query().Get("sendInitialEvents") == "true" { // a list, told as events
		for _, item := range s.objects[resource] {
			events <- Object{"type": "ADDED", "object": item}
		}
		end := Object{
			"resourceVersion": fmt.Sprint(s.version),
			"annotations":     Object{"k8s.io/initial-events-end": "true"},
		}
		kind := kinds[resource]
		events <- Object{"type": "BOOKMARK", "object": Object{
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

func write(answer http.ResponseWriter, document Object) {
	_ = json.NewEncoder(answer).Encode(document)
}
