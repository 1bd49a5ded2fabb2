//go:build windows

// Package flannel runs the whole flanneld against a small API server, and looks at what HNS has of it.
package flannel

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"hnsemu/conformance/apiserver"
)

type object = apiserver.Object

const (
	prefix   = "flannel.alpha.coreos.com/"
	patience = 200 * time.Second
)

// get reads a list of the service.
func get(t *testing.T, path string) []object {
	t.Helper()
	answer, err := http.Get(os.Getenv("HNSEMU_URL") + path)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	found := []object{}
	if err != nil || json.Unmarshal(text, &found) != nil {
		t.Fatalf("GET %s: %s %v", path, text, err)
	}
	return found
}

// named returns the object of a list that has the name; nil without one.
func named(list []object, name string) object {
	for _, found := range list {
		if found["Name"] == name {
			return found
		}
	}
	return nil
}

// eventually waits until the condition holds.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(200 * time.Millisecond) {
		if holds() {
			return
		}
	}
	t.Fatalf("not in time: %s", what)
}

// logged keeps what a program writes while it runs.
type logged struct {
	mutex sync.Mutex
	text  bytes.Buffer
}

func (l *logged) Write(part []byte) (int, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.text.Write(part)
}

func (l *logged) has(text string) bool {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return strings.Contains(l.text.String(), text)
}

// node is the node on which flanneld runs, beside another one.
type node struct {
	api     *apiserver.Server
	backend string
	address string
	folder  string
	running *exec.Cmd
	log     *logged
}

// newNode starts flanneld with a backend.
func newNode(t *testing.T, backend, data string) *node {
	t.Helper()
	n := &node{backend: backend, api: apiserver.New(t), folder: t.TempDir()}
	n.address = fmt.Sprint(named(get(t, "/host/adapters"), "Ethernet")["IPv4Address"])
	n.api.Put("nodes", "node-1", object{
		"metadata": object{"annotations": object{}},
		"spec":     object{"podCIDR": "10.244.7.0/24", "podCIDRs": []string{"10.244.7.0/24"}},
	})
	n.api.Put("nodes", "node-2", object{
		"metadata": object{"annotations": object{
			prefix + "backend-type": backend, prefix + "backend-data": data,
			prefix + "public-ip": "10.127.130.36", prefix + "kube-subnet-manager": "true",
		}},
		"spec": object{"podCIDR": "10.244.8.0/24", "podCIDRs": []string{"10.244.8.0/24"}},
	})
	config, err := json.Marshal(object{"Network": "10.244.0.0/16", "Backend": object{"Type": backend}})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(n.folder, "net-conf.json"), config, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		n.stop(t)
		if t.Failed() {
			t.Log(n.log.text.String())
		}
		for _, network := range get(t, "/v2/networks") {
			if network["Name"] != "nat" {
				request, _ := http.NewRequest("DELETE", fmt.Sprint(os.Getenv("HNSEMU_URL"), "/v2/networks/", network["ID"]), nil)
				if answer, err := http.DefaultClient.Do(request); err == nil {
					answer.Body.Close()
				}
			}
		}
	})
	n.start(t)
	return n
}

// start runs flanneld until it says that it is ready.
func (n *node) start(t *testing.T) {
	t.Helper()
	n.log = &logged{}
	n.running = exec.Command(filepath.Join(os.Getenv("CONFORMANCE_PROGRAMS"), "flannel.exe"),
		"--kube-subnet-mgr", "--kube-api-url="+n.api.URL, "--iface="+n.address,
		"--net-config-path="+filepath.Join(n.folder, "net-conf.json"),
		"--subnet-file="+filepath.Join(n.folder, "subnet.env"), "--set-node-network-unavailable=false")
	n.running.Env = append(os.Environ(), "NODE_NAME=node-1")
	n.running.Stdout, n.running.Stderr = n.log, n.log
	if err := n.running.Start(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "flannel is ready", func() bool { return n.log.has("flannel is ready") })
}

// stop ends flanneld, as host-gw between two of its calls of PowerShell: one that loses its caller stays for ever.
func (n *node) stop(t *testing.T) {
	t.Helper()
	if n.backend == "host-gw" && n.running != nil && !t.Failed() {
		eventually(t, "the routes are looked at", func() bool { return n.log.has("Error enumerating routes") })
	}
	if n.running != nil {
		_ = n.running.Process.Kill()
		_ = n.running.Wait()
	}
	n.running = nil
}

// policies returns the settings of the policies of that type.
func policies(network object, kind string) []object {
	found := []object{}
	list, _ := network["Policies"].([]any)
	for _, item := range list {
		policy, _ := item.(object)
		if settings, isObject := policy["Settings"].(object); isObject && policy["Type"] == kind {
			found = append(found, settings)
		}
	}
	return found
}

func TestVXLAN(t *testing.T) {
	n := newNode(t, "vxlan", `{"VNI":4096,"VtepMAC":"00:15:5d:0a:e0:99"}`)
	network := func() object { return named(get(t, "/v2/networks"), "flannel.4096") }
	first := fmt.Sprint(network()["ID"])
	t.Run("the network is an overlay with the node's subnet", func(t *testing.T) {
		if text, _ := json.Marshal(network()); network()["Type"] != "Overlay" || !bytes.Contains(text, []byte(`"10.244.7.0/24"`)) {
			t.Fatalf("%s", text)
		}
	})
	t.Run("the other node's subnet is a remote one", func(t *testing.T) {
		eventually(t, "a RemoteSubnetRoute", func() bool { return len(policies(network(), "RemoteSubnetRoute")) == 1 })
		route := policies(network(), "RemoteSubnetRoute")[0]
		for member, expected := range map[string]any{
			"DestinationPrefix": "10.244.8.0/24", "ProviderAddress": "10.127.130.36", "IsolationId": 4096.0,
		} {
			if route[member] != expected {
				t.Fatalf("%v", route)
			}
		}
		if route["DistributedRouterMacAddress"] != "00:15:5d:0a:e0:99" { // as flanneld sends it
			t.Fatalf("%v", route)
		}
	})
	t.Run("the node tells its own address and router MAC", func(t *testing.T) {
		told := n.api.Get("nodes", "node-1")["metadata"].(object)["annotations"].(object)
		mac := strings.ReplaceAll(fmt.Sprint(policies(network(), "DrMacAddress")[0]["Address"]), "-", ":")
		data := strings.ToLower(fmt.Sprint(told[prefix+"backend-data"]))
		if told[prefix+"public-ip"] != n.address || !strings.Contains(data, strings.ToLower(mac)) {
			t.Fatalf("%v, the network's MAC is %s", told, mac)
		}
	})
	t.Run("a restart keeps the network", func(t *testing.T) {
		n.stop(t)
		n.start(t)
		if !n.log.has("Found existing HostComputeNetwork flannel.4096") || fmt.Sprint(network()["ID"]) != first {
			t.Fatalf("%v was %s", network(), first)
		}
	})
	t.Run("a node that is gone leaves no route", func(t *testing.T) {
		n.api.Remove("nodes", "node-2")
		eventually(t, "no RemoteSubnetRoute", func() bool { return len(policies(network(), "RemoteSubnetRoute")) == 0 })
	})
}

func TestHostGateway(t *testing.T) {
	n := newNode(t, "host-gw", "null")
	network, bridge := named(get(t, "/v2/networks"), "cbr0"), named(get(t, "/v2/endpoints"), "cbr0_ep")
	t.Run("the network is an l2bridge", func(t *testing.T) {
		if network["Type"] != "L2Bridge" {
			t.Fatalf("%v", network)
		}
	})
	t.Run("the host has an interface with the pods' gateway", func(t *testing.T) {
		if adapter := named(get(t, "/host/adapters"), "vEthernet (cbr0_ep)"); adapter["IPv4Address"] != "10.244.7.2" {
			t.Fatalf("%v", adapter)
		}
	})
	// flanneld attaches the endpoint again, and knows by the text of the refusal that it is attached
	t.Run("a restart finds the endpoint attached", func(t *testing.T) {
		n.stop(t)
		n.start(t)
		if !n.log.has("Found existing bridge HNSEndpoint cbr0_ep") || !n.log.has("Attached bridge endpoint cbr0_ep to host successfully") {
			t.Fatal("not found, or not attached")
		}
		if again := named(get(t, "/v2/endpoints"), "cbr0_ep"); again["ID"] != bridge["ID"] {
			t.Fatalf("%v was %v", again["ID"], bridge["ID"])
		}
	})
}
