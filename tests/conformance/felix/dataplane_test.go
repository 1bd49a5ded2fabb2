//go:build windows

package felix

import (
	"strings"
	"testing"
	"time"

	windataplane "github.com/projectcalico/calico/felix/dataplane/windows"
	"github.com/projectcalico/calico/felix/dataplane/windows/hns"
	"github.com/projectcalico/calico/felix/proto"
)

const (
	vni      = 4096
	patience = 200 * time.Second // Felix tries again after 5 s
)

// eventually waits until it is so.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !is(); time.Sleep(100 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal(what)
		}
	}
}

// workload is a pod as Felix' calculation graph tells of it. policies: for what it receives.
func workload(address string, policies ...string) *proto.WorkloadEndpointUpdate {
	endpoint := &proto.WorkloadEndpoint{
		State: "active", Name: "cali-" + address,
		Ipv4Nets: []string{address + "/32"}, ProfileIds: []string{"kns.default"},
	}
	if len(policies) > 0 {
		endpoint.Tiers = []*proto.TierInfo{{Name: "default", IngressPolicies: policies}}
	}
	return &proto.WorkloadEndpointUpdate{
		Id: &proto.WorkloadEndpointID{
			OrchestratorId: "k8s", WorkloadId: "default/" + address, EndpointId: "eth0",
		},
		Endpoint: endpoint,
	}
}

func policy(name string, rules ...*proto.Rule) *proto.ActivePolicyUpdate {
	return &proto.ActivePolicyUpdate{
		Id: &proto.PolicyID{Tier: "default", Name: name}, Policy: &proto.Policy{InboundRules: rules},
	}
}

// routes returns the prefixes to which the network has RemoteSubnetRoutes.
func (n node) routes(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	policies, _ := ask(t, "GET", "/v2/networks/"+n.network, nil)["Policies"].([]any)
	for _, policy := range policies {
		if policy := policy.(object); policy["Type"] == "RemoteSubnetRoute" {
			settings := policy["Settings"].(object)
			found[settings["DestinationPrefix"].(string)] = settings["ProviderAddress"].(string)
		}
	}
	return found
}

// The whole driver: its loop, the managers of IP sets, policies, endpoints and VXLAN routes.
func TestDataplane(t *testing.T) {
	n := newNode(t, "Overlay")
	driver := windataplane.NewWinDataplaneDriver(hns.API{}, windataplane.Config{
		Hostname: "node-1", VXLANEnabled: true, VXLANID: vni, VXLANPort: 4789,
	})
	send := func(messages ...any) {
		for _, message := range messages {
			_ = driver.SendMessage(message)
		}
	}
	allowed := []*proto.Rule{{Action: "allow"}}
	send(
		&proto.ActiveProfileUpdate{
			Id:      &proto.ProfileID{Name: "kns.default"},
			Profile: &proto.Profile{InboundRules: allowed, OutboundRules: allowed},
		},
		&proto.IPSetUpdate{Id: "frontends", Members: []string{"10.244.7.99"}, Type: proto.IPSetUpdate_IP},
		workload("10.244.7.20"), workload("10.244.7.21"),
	)
	driver.Start()
	t.Run("nothing is done before it knows everything", func(t *testing.T) {
		time.Sleep(time.Second)
		if list := n.acls(t, n.pod); len(list) != 0 {
			t.Fatalf("%v", list)
		}
	})
	send(&proto.InSync{})
	t.Run("a pod that no policy selects has the rules of its namespace", func(t *testing.T) {
		eventually(t, "the pod gets its ACLs", func() bool { return len(n.acls(t, n.pod)) > 0 })
		if !n.arrives(t, 81) {
			t.Fatal("81 must arrive")
		}
	})
	t.Run("a policy lets in what it allows, and nothing else", func(t *testing.T) {
		send(policy("web", allow(80)), workload("10.244.7.20", "web"))
		eventually(t, "81 still arrives", func() bool { return !n.arrives(t, 81) })
		if !n.arrives(t, 80) {
			t.Fatal("80 must arrive")
		}
	})
	t.Run("the node reaches the pod whatever its policies are", func(t *testing.T) {
		found := trace(t, object{"Host": true}, "10.244.7.20", 81)
		if found["Verdict"] != "Delivered" {
			t.Fatalf("%s", found["Text"])
		}
	})
	t.Run("a policy for an IP set lets in its members", func(t *testing.T) {
		send(policy("web", allow(80, "frontends")))
		eventually(t, "80 still arrives", func() bool { return !n.arrives(t, 80) })
		send(&proto.IPSetDeltaUpdate{Id: "frontends", AddedMembers: []string{"10.244.7.21"}})
		eventually(t, "80 does not arrive", func() bool { return n.arrives(t, 80) })
	})
	t.Run("routes to other nodes stand in the network, and lead there", func(t *testing.T) {
		send(
			&proto.VXLANTunnelEndpointUpdate{
				Node: "node-2", Mac: "66:0e:63:f5:19:93", ParentDeviceIp: "10.127.130.36",
			},
			&proto.RouteUpdate{
				Type: proto.RouteType_REMOTE_WORKLOAD, IpPoolType: proto.IPPoolType_VXLAN,
				Dst: "10.244.8.0/26", DstNodeName: "node-2", DstNodeIp: "10.127.130.36",
			},
		)
		eventually(t, "no route", func() bool { return n.routes(t)["10.244.8.0/26"] == "10.127.130.36" })
		found := trace(t, object{"Endpoint": n.peer}, "10.244.8.5", 80)
		if found["Verdict"] != "Delivered" || !strings.Contains(found["Text"].(string), "10.127.130.36") {
			t.Fatalf("%s", found["Text"])
		}
	})
	t.Run("a route that is gone is taken from the network", func(t *testing.T) {
		send(&proto.RouteRemove{Dst: "10.244.8.0/26"})
		eventually(t, "the route stays", func() bool { return len(n.routes(t)) == 0 })
	})
	t.Run("a pod that comes after its policies gets them", func(t *testing.T) {
		send(policy("closed"), workload("10.244.7.22", "closed"))
		late := n.newPod(t, "10.244.7.22")
		eventually(t, "it has no ACLs", func() bool { return len(n.acls(t, late)) > 0 })
		found := trace(t, object{"Endpoint": n.peer}, "10.244.7.22", 80)
		if found["Verdict"] != "Blocked" {
			t.Fatalf("%s", found["Text"])
		}
	})
}

// acls returns the ACLs of an endpoint.
func (n node) acls(t *testing.T, id string) []any {
	t.Helper()
	var found []any
	policies, _ := ask(t, "GET", "/v2/endpoints/"+id, nil)["Policies"].([]any)
	for _, policy := range policies {
		if policy.(object)["Type"] == "ACL" {
			found = append(found, policy)
		}
	}
	return found
}
