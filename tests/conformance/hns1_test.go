//go:build windows

package conformance

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/Microsoft/hcsshim"
	"github.com/Microsoft/hcsshim/hcn"
)

// natOf1 creates a NAT network through HNS 1.
func natOf1(t *testing.T) *hcsshim.HNSNetwork {
	t.Helper()
	asked := &hcsshim.HNSNetwork{Name: "nat1", Type: "nat",
		Subnets: []hcsshim.Subnet{{AddressPrefix: "10.90.0.0/24", GatewayAddress: "10.90.0.1"}}}
	made := ok[*hcsshim.HNSNetwork](t)(asked.Create())
	t.Cleanup(func() {
		if _, err := made.Delete(); err != nil {
			t.Errorf("network nat1 stays: %v", err)
		}
	})
	return made
}

func containerOf1(t *testing.T) *hcsshim.HNSEndpoint {
	t.Helper()
	return ok[*hcsshim.HNSEndpoint](t)(natOf1(t).CreateEndpoint(&hcsshim.HNSEndpoint{Name: "box"}))
}

func TestBothInterfacesShowOneState(t *testing.T) {
	network := natOf1(t)
	box := ok[*hcsshim.HNSEndpoint](t)(network.CreateEndpoint(&hcsshim.HNSEndpoint{Name: "box"}))
	seen := ok[*hcn.HostComputeNetwork](t)(hcn.GetNetworkByName("nat1"))
	equal(t, seen.Id, strings.ToLower(network.Id))
	endpoint := ok[*hcn.HostComputeEndpoint](t)(hcn.GetEndpointByName("box"))
	equal(t, endpoint.IpConfigurations[0].IpAddress, box.IPAddress.String())
	equal(t, endpoint.MacAddress, box.MacAddress)
	done(t, endpoint.Delete())
	if _, err := hcsshim.GetHNSEndpointByID(box.Id); err == nil {
		t.Fatal("HNS 1 shows what HCN deleted")
	}
}

func TestContainersShareAnEndpoint(t *testing.T) {
	box := containerOf1(t)
	state := func() string {
		t.Helper()
		return ok[*hcsshim.HNSEndpoint](t)(hcsshim.GetHNSEndpointByID(box.Id)).State.String()
	}
	equal(t, state(), "Created")
	done(t, box.ContainerAttach("pause", 0))
	equal(t, state(), "Attached")
	done(t, box.ContainerAttach("web", 0))
	equal(t, state(), "AttachedSharing")
	for container, expected := range map[string]bool{"pause": true, "web": true, "db": false} {
		if is, _ := box.IsAttached(container); is != expected {
			t.Errorf("%s attached: %v", container, is)
		}
	}
	done(t, box.ContainerDetach("web"))
	done(t, box.ContainerDetach("pause"))
	if is, _ := box.IsAttached("pause"); is {
		t.Error("pause stays attached")
	}
	if err := box.ContainerDetach("pause"); err == nil {
		t.Error("detached twice")
	}
}

// Moby's driver and the CNI plugins of HNS 1 attach endpoints through HCS.
func TestEndpointsAreHotAttachedToContainersThatTheServiceKnows(t *testing.T) {
	network := natOf1(t)
	first := ok[*hcsshim.HNSEndpoint](t)(network.CreateEndpoint(&hcsshim.HNSEndpoint{Name: "first"}))
	second := ok[*hcsshim.HNSEndpoint](t)(network.CreateEndpoint(&hcsshim.HNSEndpoint{Name: "second"}))
	done(t, first.ContainerAttach("pause", 0))
	isAttached := func() bool {
		t.Helper()
		return ok[bool](t)(ok[*hcsshim.HNSEndpoint](t)(hcsshim.GetHNSEndpointByID(second.Id)).IsAttached("pause"))
	}
	done(t, hcsshim.HotAttachEndpoint("pause", second.Id))
	equal(t, isAttached(), true)
	done(t, hcsshim.HotAttachEndpoint("pause", second.Id))
	done(t, hcsshim.HotDetachEndpoint("pause", second.Id))
	equal(t, isAttached(), false)
}

func TestContainersThatAreNamedNowhereDoNotExist(t *testing.T) {
	err := hcsshim.HotAttachEndpoint("gone", containerOf1(t).Id)
	if !errors.Is(err, hcsshim.ErrComputeSystemDoesNotExist) {
		t.Fatal(err)
	}
}

func TestContainersOfNamespacesAreListed(t *testing.T) {
	running := func() []hcsshim.ContainerProperties {
		t.Helper()
		return ok[[]hcsshim.ContainerProperties](t)(hcsshim.GetContainers(hcsshim.ComputeSystemQuery{}))
	}
	equal(t, len(running()), 0)
	home := namespace(t)
	change := func(how hcn.RequestType) {
		t.Helper()
		done(t, hcn.ModifyNamespaceSettings(home.Id, &hcn.ModifyNamespaceSettingRequest{
			ResourceType: hcn.NamespaceResourceTypeContainer,
			RequestType:  how,
			Settings:     settings(t, map[string]string{"ContainerId": "web"}),
		}))
	}
	change(hcn.RequestTypeAdd)
	found := running()
	equal(t, len(found), 1)
	equal(t, [2]string{found[0].ID, found[0].State}, [2]string{"web", "Running"})
	change(hcn.RequestTypeRemove)
	equal(t, len(running()), 0)
}

func TestStatisticsAreThoseOfTheEndpoint(t *testing.T) {
	box := containerOf1(t)
	done(t, box.ContainerAttach("web", 0))
	stats := ok[*hcsshim.HNSEndpointStats](t)(hcsshim.GetHNSEndpointStats(box.Id))
	equal(t, strings.ToLower(stats.EndpointID), strings.ToLower(box.Id))
	equal(t, [2]uint64{stats.BytesReceived, stats.PacketsSent}, [2]uint64{0, 0})
	if _, err := hcsshim.GetHNSEndpointStats(nobody); err == nil {
		t.Fatal("an unknown endpoint has statistics")
	}
}

func TestAPolicyListIsALoadBalancer(t *testing.T) {
	network := natOf1(t)
	box := ok[*hcsshim.HNSEndpoint](t)(network.CreateEndpoint(&hcsshim.HNSEndpoint{Name: "box"}))
	list := ok[*hcsshim.PolicyList](t)(hcsshim.AddLoadBalancer(
		[]hcsshim.HNSEndpoint{*box}, false, "", "10.96.0.20", 6, 8080, 80))
	balancer := ok[*hcn.HostComputeLoadBalancer](t)(hcn.GetLoadBalancerByID(list.ID))
	equal(t, balancer.FrontendVIPs, []string{"10.96.0.20"})
	equal(t, len(balancer.HostComputeEndpoints), 1)
	equal(t, strings.ToLower(balancer.HostComputeEndpoints[0]), strings.ToLower(box.Id))
	equal(t, balancer.PortMappings, []hcn.LoadBalancerPortMapping{{Protocol: 6, InternalPort: 8080, ExternalPort: 80}})
	ok[*hcsshim.PolicyList](t)(list.Delete())
	if _, err := hcn.GetLoadBalancerByID(list.ID); !hcn.IsNotFoundError(err) {
		t.Fatal("HCN shows what HNS 1 deleted:", err)
	}
}

func TestAclsAreAppliedTogether(t *testing.T) {
	box := containerOf1(t)
	acl := func(port uint16) *hcsshim.ACLPolicy {
		return &hcsshim.ACLPolicy{Type: hcsshim.ACL, Protocol: 6, LocalPort: port,
			Action: hcsshim.Allow, Direction: hcsshim.In, Priority: 200}
	}
	done(t, box.ApplyACLPolicy(acl(80), acl(443)))
	read := ok[*hcsshim.HNSEndpoint](t)(hcsshim.GetHNSEndpointByID(box.Id))
	var ports []string
	for _, each := range read.Policies {
		var shown hcsshim.ACLPolicy
		done(t, json.Unmarshal(each, &shown))
		if shown.Type == hcsshim.ACL {
			ports = append(ports, shown.LocalPorts)
		}
	}
	equal(t, ports, []string{"80", "443"})
}
