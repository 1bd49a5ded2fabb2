//go:build windows

// Package kubeproxy runs the whole kube-proxy against a small API server, and traces packets to the
// services that it was told of.
package kubeproxy

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hnsemu/conformance/apiserver"
)

// object is a JSON object.
type object = apiserver.Object

const (
	node     = "node-1"
	outside  = "192.0.2.80"
	source   = "10.244.7.2" // of what the node sends to pods of an overlay
	patience = 200 * time.Second
)

// ask calls the service; it ends the test when the call is refused.
func ask[T any](t *testing.T, method, path string, document any) T {
	t.Helper()
	body, err := json.Marshal(document)
	if err != nil {
		t.Fatal(err)
	}
	if document == nil {
		body = nil
	}
	request, err := http.NewRequest(method, os.Getenv("HNSEMU_URL")+path, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode >= http.StatusBadRequest {
		t.Fatalf("%s %s: %s %v", method, path, text, err)
	}
	var value T
	if len(text) > 0 {
		if err := json.Unmarshal(text, &value); err != nil {
			t.Fatalf("%s %s: %s %v", method, path, text, err)
		}
	}
	return value
}

type created struct{ ID string }

// world is a node with a network, three pods, and kube-proxy.
type world struct {
	api     *apiserver.Server
	address string // of the node
	client  string // ids of the endpoints
	first   string
	second  string
}

// network returns the document of the node's network, as CNI or flanneld creates it.
func network(kind string) object {
	subnet := object{
		"IpAddressPrefix": "10.244.7.0/24",
		"Routes":          []object{{"NextHop": "10.244.7.1", "DestinationPrefix": "0.0.0.0/0"}},
	}
	made := object{
		"SchemaVersion": object{"Major": 2}, "Name": "node0", "Type": kind,
		"Ipams": []object{{"Type": "Static", "Subnets": []object{subnet}}},
	}
	if kind == "Overlay" {
		subnet["Policies"] = []object{{"Type": "VSID", "Settings": object{"IsolationId": 4096}}}
		made["Policies"] = []object{{"Type": "RemoteSubnetRoute", "Settings": object{
			"DestinationPrefix": "10.244.8.0/24", "IsolationId": 4096,
			"ProviderAddress": "10.127.130.36", "DistributedRouterMacAddress": "00-15-5D-0A-E0-99",
		}}, {"Type": "HostRoute", "Settings": object{}}} // as flanneld adds it
	}
	return made
}

// newWorld creates the node with a network of a type.
func newWorld(t *testing.T, kind string) *world {
	t.Helper()
	made := ask[created](t, "POST", "/v2/networks", network(kind))
	t.Cleanup(func() { ask[object](t, "DELETE", "/v2/networks/"+made.ID, nil) })
	shown := ask[struct{ Output struct{ ManagementIP string } }](t, "GET", "/v1/networks/"+made.ID, nil)
	w := &world{api: apiserver.New(t), address: shown.Output.ManagementIP}
	w.client, w.first, w.second = pod(t, made.ID, "10.244.7.20"), pod(t, made.ID, "10.244.7.21"), pod(t, made.ID, "10.244.7.22")
	w.api.Put("nodes", node, object{
		"spec": object{"podCIDR": "10.244.7.0/24", "podCIDRs": []string{"10.244.7.0/24"}},
		"status": object{"addresses": []object{
			{"type": "InternalIP", "address": w.address}, {"type": "Hostname", "address": node},
		}},
	})
	w.start(t)
	return w
}

// pod creates an attached endpoint with that address and returns its id.
func pod(t *testing.T, network, address string) string {
	t.Helper()
	made := ask[created](t, "POST", "/v2/endpoints", object{
		"SchemaVersion": object{"Major": 2}, "Name": address, "HostComputeNetwork": network,
		"IpConfigurations": []object{{"IpAddress": address, "PrefixLength": 24}},
		"Routes":           []object{{"NextHop": "10.244.7.1", "DestinationPrefix": "0.0.0.0/0"}},
	})
	namespace := ask[created](t, "POST", "/v2/namespaces", object{})
	ask[object](t, "PATCH", "/v2/namespaces/"+namespace.ID, object{
		"ResourceType": "Endpoint", "RequestType": "Add", "Settings": object{"EndpointId": made.ID},
	})
	t.Cleanup(func() { ask[object](t, "DELETE", "/v2/namespaces/"+namespace.ID, nil) })
	return made.ID
}

// free returns an address that nobody listens on.
func free(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// start runs kube-proxy until the test ends.
func (w *world) start(t *testing.T) {
	t.Helper()
	arguments := []string{
		"--master=" + w.api.URL, "--kube-api-content-type=application/json",
		"--hostname-override=" + node, "--proxy-mode=kernelspace", "--network-name=node0",
		"--enable-dsr=true", "--cluster-cidr=10.244.0.0/16", "--healthz-bind-address=",
		"--metrics-bind-address=" + free(t), "--iptables-min-sync-period=0s", "--v=1",
		"--source-vip=" + source, // on an overlay only
	}
	log := &bytes.Buffer{}
	program := exec.Command(filepath.Join(os.Getenv("CONFORMANCE_PROGRAMS"), "kube-proxy.exe"), arguments...)
	program.Stdout, program.Stderr = log, log
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = program.Process.Kill()
		_ = program.Wait()
		if t.Failed() {
			t.Log(log)
		}
	})
}

// Who is behind a service, and on which node; the outside is on none.
type backends struct {
	node      string
	addresses []string
}

var (
	here     = backends{node, []string{"10.244.7.21", "10.244.7.22"}}
	far      = backends{"node-2", []string{"10.244.8.5"}}
	external = backends{"", []string{"192.0.2.90"}}
)

// service publishes the backends behind spec.
func (w *world) service(name string, spec object, behind backends) {
	spec["selector"] = object{"app": name}
	spec["ports"] = []object{{"name": "http", "protocol": "TCP", "port": 80, "targetPort": 8080, "nodePort": spec["nodePort"]}}
	delete(spec, "nodePort")
	document := object{"spec": spec}
	if ingress := spec["ingress"]; ingress != nil {
		document["status"] = object{"loadBalancer": object{"ingress": []object{{"ip": ingress, "ipMode": "VIP"}}}}
		delete(spec, "ingress")
	}
	ready := object{"ready": true, "serving": true, "terminating": false}
	endpoints := []object{}
	for _, address := range behind.addresses {
		endpoint := object{"addresses": []string{address}, "conditions": ready}
		if behind.node != "" {
			endpoint["nodeName"] = behind.node
		}
		endpoints = append(endpoints, endpoint)
	}
	w.api.Put("endpointslices", name+"-1", object{
		"metadata":    object{"labels": object{"kubernetes.io/service-name": name}},
		"addressType": "IPv4", "endpoints": endpoints,
		"ports": []object{{"name": "http", "protocol": "TCP", "port": 8080}},
	})
	w.api.Put("services", name, document)
}

// walk is how a packet fared, and the reply to it.
type walk struct {
	Verdict     string
	Text        string
	DeliveredTo struct{ Id string }
	Packet      struct {
		Destination     string
		DestinationPort int
	}
	Reply *walk
}

func trace(t *testing.T, sender, packet object) walk {
	t.Helper()
	return ask[walk](t, "POST", "/host/trace", object{"From": sender, "Packet": packet, "Reply": true})
}

// balancers returns the frontends that HNS has, as "VIP port", with " node" for node ports.
func balancers(t *testing.T) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	for _, balancer := range ask[[]struct {
		FrontendVIPs []string
		PortMappings []struct{ ExternalPort int }
	}](t, "GET", "/v2/loadbalancers", nil) {
		for _, mapping := range balancer.PortMappings {
			found[fmt.Sprint(strings.Join(balancer.FrontendVIPs, ","), " ", mapping.ExternalPort)] = true
		}
	}
	return found
}

// eventually waits until the load balancer is there, or gone.
func eventually(t *testing.T, frontend string, there bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(200 * time.Millisecond) {
		if balancers(t)[frontend] == there {
			return
		}
	}
	t.Fatalf("load balancer %q: expected %t, there are %v", frontend, there, balancers(t))
}

// reaches ends the test unless the packet arrives at a pod's port and the reply at the sender.
func (w *world) reaches(t *testing.T, sender, packet object) {
	t.Helper()
	found := trace(t, sender, packet)
	if found.Verdict != "Delivered" || (found.DeliveredTo.Id != w.first && found.DeliveredTo.Id != w.second) {
		t.Fatalf("the packet: %s, %s", found.Verdict, found.Text)
	}
	if found.Packet.DestinationPort != 8080 {
		t.Fatalf("at port %d", found.Packet.DestinationPort)
	}
	if found.Reply == nil || found.Reply.Verdict != "Delivered" {
		t.Fatalf("the reply: %+v", found.Reply)
	}
}

func to(address string, port int) object {
	return object{"Destination": address, "DestinationPort": port}
}

func fromOutside(address string, port int) object {
	return object{"Source": outside, "Destination": address, "DestinationPort": port}
}

func TestServicesOnL2Bridge(t *testing.T) { services(t, "L2Bridge") }

// On an overlay kube-proxy takes the MAC of the node's address from the interfaces, and ends without it.
func TestServicesOnOverlay(t *testing.T) { services(t, "Overlay") }

func services(t *testing.T, kind string) {
	w := newWorld(t, kind)
	pod, host, abroad := object{"Endpoint": w.client}, object{"Host": true}, object{"External": true}
	t.Run("a cluster IP is reached from a pod", func(t *testing.T) {
		w.service("web", object{"type": "ClusterIP", "clusterIP": "10.96.0.10", "clusterIPs": []string{"10.96.0.10"}}, here)
		eventually(t, "10.96.0.10 80", true)
		w.reaches(t, pod, to("10.96.0.10", 80))
	})
	t.Run("a cluster IP is reached from the node", func(t *testing.T) {
		w.reaches(t, host, to("10.96.0.10", 80))
	})
	t.Run("a node port is reached from outside", func(t *testing.T) {
		w.service("nodes", object{
			"type": "NodePort", "clusterIP": "10.96.0.11", "clusterIPs": []string{"10.96.0.11"}, "nodePort": 30080,
		}, here)
		eventually(t, " 30080", true)
		eventually(t, "10.96.0.11 80", true)
		w.reaches(t, abroad, fromOutside(w.address, 30080))
	})
	t.Run("a node port is reached from a pod", func(t *testing.T) {
		w.reaches(t, pod, to(w.address, 30080))
	})
	// kube-proxy asks for DSR, which pods need, only where traffic stays on the node
	t.Run("an ingress address with local traffic is reached from a pod", func(t *testing.T) {
		w.service("cloud", object{
			"type": "LoadBalancer", "clusterIP": "10.96.0.12", "clusterIPs": []string{"10.96.0.12"},
			"nodePort": 30081, "ingress": "203.0.113.10", "externalTrafficPolicy": "Local",
		}, here)
		eventually(t, "203.0.113.10 80", true)
		w.reaches(t, pod, to("203.0.113.10", 80))
	})
	t.Run("a pod of another node is a backend", func(t *testing.T) {
		w.service("far", object{"type": "ClusterIP", "clusterIP": "10.96.0.13", "clusterIPs": []string{"10.96.0.13"}}, far)
		eventually(t, "10.96.0.13 80", true)
		found := trace(t, pod, to("10.96.0.13", 80))
		if found.Packet.Destination != "10.244.8.5" || found.Packet.DestinationPort != 8080 {
			t.Fatalf("%+v", found)
		}
	})
	t.Run("a machine outside the cluster is a backend, of a pod and of the node", func(t *testing.T) {
		w.service("api", object{"type": "ClusterIP", "clusterIP": "10.96.0.14", "clusterIPs": []string{"10.96.0.14"}}, external)
		eventually(t, "10.96.0.14 80", true)
		for _, sender := range []object{pod, host} {
			found := trace(t, sender, to("10.96.0.14", 80))
			if found.Verdict != "Delivered" || found.Packet.Destination != "192.0.2.90" {
				t.Fatalf("%+v", found)
			}
			if found.Reply == nil || found.Reply.Verdict != "Delivered" {
				t.Fatalf("the reply: %+v", found.Reply)
			}
		}
	})
	t.Run("a service without endpoints loses its load balancer", func(t *testing.T) {
		w.api.Remove("endpointslices", "web-1")
		eventually(t, "10.96.0.10 80", false)
	})
	t.Run("a service that is deleted leaves nothing", func(t *testing.T) {
		w.api.Remove("services", "cloud")
		eventually(t, "203.0.113.10 80", false)
		eventually(t, "10.96.0.12 80", false)
		eventually(t, " 30081", false)
	})
}
