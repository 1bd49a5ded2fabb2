//go:build windows

// Package cni drives the CNI plugins for Windows as a container runtime does, and asks the host what
// became of it.
package cni

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/Microsoft/hcsshim"
	"github.com/Microsoft/hcsshim/hcn"
	"github.com/containernetworking/cni/libcni"
	"github.com/containernetworking/cni/pkg/types"
	current "github.com/containernetworking/cni/pkg/types/100"
)

const (
	nobody   = "5f0b1190-63be-4e0c-b974-bd0f55675a42"
	prefix   = "10.244.7.0/24"
	outside  = "192.0.2.80" // a machine on the internet
	services = "10.96.0.0/12"
)

// object is a JSON object.
type object = map[string]any

// pluginFolder holds win-bridge.exe, win-overlay.exe and host-local.exe.
func pluginFolder() string { return os.Getenv("CONFORMANCE_PROGRAMS") }

// ok ends the test when err is one, and hands on the value beside it.
func ok[T any](t *testing.T) func(T, error) T {
	return func(value T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

// done ends the test when err is one.
func done(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// says ends the test unless err is one whose text has that part.
func says(t *testing.T, err error, part string) {
	t.Helper()
	if err == nil {
		t.Fatalf("not refused, expected %q", part)
	}
	if !strings.Contains(err.Error(), part) {
		t.Fatalf("expected %q, got %v", part, err)
	}
}

// equal ends the test unless both are deeply equal.
func equal(t *testing.T, got, expected any) {
	t.Helper()
	if !reflect.DeepEqual(got, expected) {
		t.Fatalf("expected %#v, got %#v", expected, got)
	}
}

// setting is a plugin, its network and the API that it uses.
type setting struct {
	plugin     string
	kind       hcn.NetworkType
	apiVersion int
}

var settings = []setting{
	{"win-bridge", hcn.L2Bridge, 1},
	{"win-bridge", hcn.L2Bridge, 2},
	{"win-overlay", hcn.Overlay, 1},
	{"win-overlay", hcn.Overlay, 2},
}

// forEach runs the test once for each plugin and API version, each with a network of its own.
func forEach(t *testing.T, test func(*testing.T, *world)) {
	t.Helper()
	for _, setting := range settings {
		t.Run(fmt.Sprintf("%s v%d", setting.plugin, setting.apiVersion), func(t *testing.T) {
			test(t, newWorld(t, setting))
		})
	}
}

// world is a node on which a runtime calls a plugin.
type world struct {
	setting
	network   *hcn.HostComputeNetwork
	addresses string // where host-local keeps them
	runtime   *libcni.CNIConfig
}

func newWorld(t *testing.T, setting setting) *world {
	t.Helper()
	subnet := hcn.Subnet{
		IpAddressPrefix: prefix,
		Routes:          []hcn.Route{{NextHop: "10.244.7.1", DestinationPrefix: "0.0.0.0/0"}},
	}
	if setting.kind == hcn.Overlay {
		subnet.Policies = []json.RawMessage{[]byte(`{"Type": "VSID", "Settings": {"IsolationId": 4097}}`)}
	}
	asked := &hcn.HostComputeNetwork{
		Name:          "node0",
		Type:          setting.kind,
		Ipams:         []hcn.Ipam{{Type: "Static", Subnets: []hcn.Subnet{subnet}}},
		SchemaVersion: hcn.V2SchemaVersion(),
	}
	network := ok[*hcn.HostComputeNetwork](t)(asked.Create())
	t.Cleanup(func() { done(t, network.Delete()) })
	return &world{
		setting: setting, network: network, addresses: t.TempDir(),
		runtime: libcni.NewCNIConfigWithCacheDir([]string{pluginFolder()}, t.TempDir(), nil),
	}
}

// config returns a network configuration for the plugin; changes overrides its members.
func (w *world) config(t *testing.T, changes object) *libcni.NetworkConfigList {
	t.Helper()
	plugin := object{
		"type":          w.plugin,
		"apiVersion":    w.apiVersion,
		"capabilities":  object{"portMappings": true, "dns": true},
		"ipam":          object{"type": "host-local", "subnet": prefix, "rangeStart": "10.244.7.10", "dataDir": w.addresses},
		"dns":           object{"nameservers": []string{"10.96.0.10"}, "search": []string{"svc.cluster.local"}},
		"ipMasqNetwork": services, // win-bridge
		"ipMasq":        true,     // win-overlay
	}
	for name, value := range changes {
		plugin[name] = value
	}
	name := plugin["name"]
	delete(plugin, "name")
	if name == nil {
		name = "node0"
	}
	text := ok[[]byte](t)(json.Marshal(object{"cniVersion": "1.0.0", "name": name, "plugins": []object{plugin}}))
	return ok[*libcni.NetworkConfigList](t)(libcni.ConfListFromBytes(text))
}

// container is what a runtime tells a plugin of a container.
func (w *world) container(t *testing.T, name string) *libcni.RuntimeConf {
	t.Helper()
	if w.apiVersion == 2 {
		return &libcni.RuntimeConf{ContainerID: name, NetNS: namespace(t), IfName: "eth0"}
	}
	running(t, name)
	// dockershim's word for a container that shares nobody's network
	return &libcni.RuntimeConf{ContainerID: name, NetNS: "none", IfName: "eth0"}
}

// namespace creates a namespace that goes with the test.
func namespace(t *testing.T) string {
	t.Helper()
	created := ok[*hcn.HostComputeNamespace](t)(hcn.NewNamespace(hcn.NamespaceTypeHost).Create())
	t.Cleanup(func() { done(t, created.Delete()) })
	return created.Id
}

// add calls ADD and returns its result.
func (w *world) add(t *testing.T, config *libcni.NetworkConfigList, container *libcni.RuntimeConf) *current.Result {
	t.Helper()
	result := ok[types.Result](t)(w.runtime.AddNetworkList(context.Background(), config, container))
	return ok[*current.Result](t)(current.NewResultFromResult(result))
}

// refusal calls ADD, which has to fail, and returns its error.
func (w *world) refusal(t *testing.T, config *libcni.NetworkConfigList, container *libcni.RuntimeConf) error {
	t.Helper()
	result, err := w.runtime.AddNetworkList(context.Background(), config, container)
	if err == nil {
		t.Fatalf("not refused: %v", result)
	}
	return err
}

func (w *world) check(config *libcni.NetworkConfigList, container *libcni.RuntimeConf) error {
	return w.runtime.CheckNetworkList(context.Background(), config, container)
}

func (w *world) del(config *libcni.NetworkConfigList, container *libcni.RuntimeConf) error {
	return w.runtime.DelNetworkList(context.Background(), config, container)
}

// taken returns the addresses that host-local has given away.
func (w *world) taken(t *testing.T) []string {
	t.Helper()
	files := ok[[]string](t)(filepath.Glob(filepath.Join(w.addresses, "*", "10.*")))
	addresses := []string{}
	for _, file := range files {
		addresses = append(addresses, filepath.Base(file))
	}
	return addresses
}

// endpoints returns the endpoints of the network.
func (w *world) endpoints(t *testing.T) []hcn.HostComputeEndpoint {
	t.Helper()
	return ok[[]hcn.HostComputeEndpoint](t)(hcn.ListEndpointsOfNetwork(w.network.Id))
}

// endpoint returns the only endpoint of the container.
func (w *world) endpoint(t *testing.T, container string) *hcn.HostComputeEndpoint {
	t.Helper()
	return ok[*hcn.HostComputeEndpoint](t)(hcn.GetEndpointByName(container + "_node0"))
}

// containers returns the names of the containers that HNS 1 has attached the endpoint to.
func containers(t *testing.T, endpoint string) []string {
	t.Helper()
	found := ok[*hcsshim.HNSEndpoint](t)(hcsshim.GetHNSEndpointByID(endpoint))
	return found.SharedContainers
}

// policy returns the settings of the endpoint's policies of that type.
func policy(endpoint *hcn.HostComputeEndpoint, kind hcn.EndpointPolicyType) []string {
	found := []string{}
	for _, policy := range endpoint.Policies {
		if policy.Type == kind {
			found = append(found, string(policy.Settings))
		}
	}
	return found
}

// walk is how a packet fared, and the reply to it.
type walk struct {
	Verdict     string
	Reason      string
	Text        string
	DeliveredTo struct{ Id string }
	Packet      struct{ Source, Destination string }
	Reply       *walk
}

// trace sends a TCP packet and its reply through the emulated world.
func trace(t *testing.T, sender, packet object) walk {
	t.Helper()
	question := object{"From": sender, "Packet": packet, "Reply": true}
	return ask[walk](t, http.MethodPost, "/host/trace", question)
}

// ask calls the service on a path that Windows does not have.
func ask[T any](t *testing.T, method, path string, document any) T {
	t.Helper()
	body := ok[[]byte](t)(json.Marshal(document))
	request := ok[*http.Request](t)(http.NewRequest(method, os.Getenv("HNSEMU_URL")+path, bytes.NewReader(body)))
	request.Header.Set("Content-Type", "application/json")
	answer := ok[*http.Response](t)(http.DefaultClient.Do(request))
	defer answer.Body.Close()
	text := ok[[]byte](t)(io.ReadAll(answer.Body))
	var value T
	if answer.StatusCode >= http.StatusBadRequest {
		t.Fatalf("%s %s: %s", method, path, text)
	}
	if len(text) > 0 {
		done(t, json.Unmarshal(text, &value))
	}
	return value
}

// delivered ends the test unless the packet reached the endpoint and the reply its sender.
func delivered(t *testing.T, walk walk, endpoint string) {
	t.Helper()
	if walk.Verdict != "Delivered" || !strings.EqualFold(walk.DeliveredTo.Id, endpoint) {
		t.Fatalf("the packet: %s, %s", walk.Verdict, walk.Text)
	}
	if walk.Reply == nil || walk.Reply.Verdict != "Delivered" {
		t.Fatalf("the reply: %+v", walk.Reply)
	}
}

// missing tells whether err says that there is no such endpoint.
func missing(err error) bool {
	var unknown hcn.EndpointNotFoundError
	return errors.As(err, &unknown)
}

// running lets the host know the container, as it does from the moment that HCS has created it.
func running(t *testing.T, container string) {
	t.Helper()
	sandbox := namespace(t)
	change := func(kind hcn.RequestType) error {
		return hcn.ModifyNamespaceSettings(sandbox, &hcn.ModifyNamespaceSettingRequest{
			ResourceType: hcn.NamespaceResourceTypeContainer,
			RequestType:  kind,
			Settings:     []byte(fmt.Sprintf(`{"ContainerId": %q}`, container)),
		})
	}
	done(t, change(hcn.RequestTypeAdd))
	t.Cleanup(func() { done(t, change(hcn.RequestTypeRemove)) })
}

// managementIP returns the address of the node on its network.
func managementIP(t *testing.T) string {
	t.Helper()
	return ok[*hcsshim.HNSNetwork](t)(hcsshim.GetHNSNetworkByName("node0")).ManagementIP
}
