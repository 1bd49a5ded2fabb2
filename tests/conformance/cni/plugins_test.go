//go:build windows

package cni

import (
	"fmt"
	"strings"
	"testing"

	"github.com/Microsoft/hcsshim/hcn"
	"github.com/containernetworking/cni/libcni"
)

func TestAPodGetsWhatTheResultSays(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		config, pod := w.config(t, nil), w.container(t, "web")
		result := w.add(t, config, pod)
		endpoint := w.endpoint(t, "web")

		equal(t, result.IPs[0].Address.String(), "10.244.7.10/24")
		equal(t, endpoint.IpConfigurations[0].IpAddress, "10.244.7.10")
		equal(t, result.IPs[0].Gateway.String(), endpoint.Routes[0].NextHop)
		equal(t, result.Interfaces[0].Name, "web_node0")
		equal(t, result.Interfaces[0].Mac, endpoint.MacAddress)
		equal(t, result.DNS.Nameservers, []string{"10.96.0.10"})
		equal(t, endpoint.Dns.ServerList, []string{"10.96.0.10"})
		equal(t, result.DNS.Search, []string{"svc.cluster.local"})
		done(t, w.check(config, pod))
		done(t, w.del(config, pod))
	})
}

func TestThePluginsChooseGatewayAndMAC(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		config, pod := w.config(t, nil), w.container(t, "web")
		result := w.add(t, config, pod)
		if w.plugin == "win-bridge" { // x.2 is its own choice
			equal(t, result.IPs[0].Gateway.String(), "10.244.7.2")
		} else {
			equal(t, result.IPs[0].Gateway.String(), "10.244.7.1")
			equal(t, strings.ToUpper(result.Interfaces[0].Mac), "0E-2A-0A-F4-07-0A")
		}
		done(t, w.del(config, pod))
	})
}

func TestAPodIsAttached(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		config, pod := w.config(t, nil), w.container(t, "web")
		w.add(t, config, pod)
		endpoint := w.endpoint(t, "web")
		if w.apiVersion == 2 {
			inside := ok[[]string](t)(hcn.GetNamespaceEndpointIds(pod.NetNS))
			equal(t, len(inside), 1)
			equal(t, strings.EqualFold(inside[0], endpoint.Id), true)
		} else {
			equal(t, containers(t, endpoint.Id), []string{"web"})
		}
		done(t, w.del(config, pod))
		if _, err := hcn.GetEndpointByName("web_node0"); !missing(err) {
			t.Fatal("the endpoint stays:", err)
		}
		equal(t, w.taken(t), []string{})
	})
}

func TestPodsReachEachOtherAndTheWorld(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		config := w.config(t, nil)
		web, client := w.container(t, "web"), w.container(t, "client")
		w.add(t, config, web)
		w.add(t, config, client)
		from, to := w.endpoint(t, "client"), w.endpoint(t, "web")

		delivered(t, trace(t, object{"Endpoint": from.Id},
			object{"Destination": to.IpConfigurations[0].IpAddress, "DestinationPort": 80}), to.Id)
		abroad := trace(t, object{"Endpoint": from.Id}, object{"Destination": outside, "DestinationPort": 443})
		equal(t, abroad.Verdict+" "+abroad.Reason, "Delivered DeliveredToExternal")
		equal(t, abroad.Packet.Source, managementIP(t))
		equal(t, abroad.Reply.Verdict, "Delivered")
		done(t, w.del(config, client))
		done(t, w.del(config, web))
	})
}

func TestPublishedPortsLeadToThePod(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		config, web := w.config(t, nil), w.container(t, "web")
		web.CapabilityArgs = object{"portMappings": []object{
			{"hostPort": 8080, "containerPort": 80, "protocol": "tcp"},
		}}
		if w.plugin == "win-overlay" { // it leaves portMappings alone
			w.add(t, config, web)
			equal(t, policy(w.endpoint(t, "web"), hcn.PortMapping), []string{})
			done(t, w.del(config, web))
			return
		}
		w.add(t, config, web)
		endpoint := w.endpoint(t, "web")
		delivered(t, trace(t, object{"External": true},
			object{"Source": outside, "Destination": managementIP(t), "DestinationPort": 8080}), endpoint.Id)

		other := w.container(t, "other")
		other.CapabilityArgs = web.CapabilityArgs
		says(t, w.refusal(t, config, other), "0x803b0013")
		equal(t, w.taken(t), []string{"10.244.7.10"})
		done(t, w.del(config, web))
	})
}

func TestPoliciesOfTheConfigurationArriveAsWritten(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		route := object{"Type": "ROUTE", "DestinationPrefix": services, "NeedEncap": true}
		if w.apiVersion == 2 {
			route = object{"Type": "SDNRoute", "Settings": object{"DestinationPrefix": services, "NeedEncap": true}}
		}
		config := w.config(t, object{"policies": []object{{"name": "EndpointPolicy", "value": route}}})
		pod := w.container(t, "web")
		w.add(t, config, pod)
		endpoint := w.endpoint(t, "web")
		equal(t, len(policy(endpoint, hcn.SDNRoute)), 1)
		equal(t, len(policy(endpoint, hcn.OutBoundNAT)), 1)
		provider := policy(endpoint, hcn.NetworkProviderAddress)
		if w.plugin == "win-overlay" {
			equal(t, len(provider), 1)
			equal(t, strings.Contains(provider[0], managementIP(t)), true)
		}
		done(t, w.del(config, pod))
	})
}

func TestLoopbackDSRIsAskedForWhereTheHostHasDSR(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		config := w.config(t, object{"loopbackDSR": true, "ipMasqNetwork": "", "ipMasq": false})
		pod := w.container(t, "web")
		w.add(t, config, pod)
		expected := 0
		if hcn.GetSupportedFeatures().DSR {
			expected = 1
		}
		found := policy(w.endpoint(t, "web"), hcn.OutBoundNAT)
		// win-bridge adds the policy with the address, and nothing twice
		equal(t, len(found), expected)
		done(t, w.del(config, pod))
	})
}

func TestDELIsTakenTwiceAndWithoutAnEndpoint(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		config, pod := w.config(t, nil), w.container(t, "web")
		done(t, w.del(config, pod))
		w.add(t, config, pod)
		done(t, w.del(config, pod))
		done(t, w.del(config, pod))
		equal(t, len(w.endpoints(t)), 0)
	})
}

func TestDELWorksWhenTheEndpointIsGone(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		config, pod := w.config(t, nil), w.container(t, "web")
		w.add(t, config, pod)
		done(t, w.endpoint(t, "web").Delete())
		done(t, w.del(config, pod))
		equal(t, w.taken(t), []string{})
	})
}

func TestADDWithoutTheNetwork(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		err := w.refusal(t, w.config(t, object{"name": "elsewhere"}), w.container(t, "web"))
		says(t, err, "elsewhere")
		says(t, err, "not found")
		equal(t, w.taken(t), []string{})
	})
}

func TestADDOnANetworkOfAnotherType(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		other := map[string]string{"win-bridge": "win-overlay", "win-overlay": "win-bridge"}[w.plugin]
		says(t, w.refusal(t, w.config(t, object{"type": other}), w.container(t, "web")), "unexpected type")
		equal(t, len(w.endpoints(t)), 0)
	})
}

func TestADDWithoutNamespaceOrContainerLeavesNothing(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		pod, refusal := &libcni.RuntimeConf{ContainerID: "web", NetNS: nobody, IfName: "eth0"}, "0x490"
		if w.apiVersion == 1 {
			pod.NetNS, refusal = "none", "does not exist"
		}
		says(t, w.refusal(t, w.config(t, nil), pod), refusal)
		equal(t, len(w.endpoints(t)), 0)
		equal(t, w.taken(t), []string{})
	})
}

func TestAnAddressOutsideTheNetwork(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		ipam := object{"type": "host-local", "subnet": "10.99.0.0/24", "dataDir": w.addresses}
		says(t, w.refusal(t, w.config(t, object{"ipam": ipam}), w.container(t, "web")), "0x803b001e")
		equal(t, len(w.endpoints(t)), 0)
		equal(t, w.taken(t), []string{})
	})
}

func TestAnAddressThatHNSHasGivenAway(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		taken := &hcn.HostComputeEndpoint{
			Name:             "by hand",
			IpConfigurations: []hcn.IpConfig{{IpAddress: "10.244.7.10", PrefixLength: 24}},
			SchemaVersion:    hcn.V2SchemaVersion(),
		}
		ok[*hcn.HostComputeEndpoint](t)(w.network.CreateEndpoint(taken))
		says(t, w.refusal(t, w.config(t, nil), w.container(t, "web")), "0x1392")
		equal(t, len(w.endpoints(t)), 1)
		equal(t, w.taken(t), []string{})
	})
}

func TestAPoolThatIsEmpty(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		ipam := object{
			"type": "host-local", "subnet": prefix, "dataDir": w.addresses,
			"rangeStart": "10.244.7.10", "rangeEnd": "10.244.7.10",
		}
		config, first := w.config(t, object{"ipam": ipam}), w.container(t, "first")
		w.add(t, config, first)
		says(t, w.refusal(t, config, w.container(t, "second")), "no IP addresses available")
		equal(t, len(w.endpoints(t)), 1)
		done(t, w.del(config, first))
		again := w.add(t, config, w.container(t, "second"))
		equal(t, again.IPs[0].Address.IP.String(), "10.244.7.10")
	})
}

func TestTheSameContainerAgain(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		config, pod := w.config(t, nil), w.container(t, "web")
		first := w.add(t, config, pod)
		if w.apiVersion == 1 { // the endpoint is there, and the plugin hands it on
			equal(t, w.add(t, config, pod).IPs, first.IPs)
		} else { // AddNamespaceEndpoint of what is in the namespace is refused
			says(t, w.refusal(t, config, pod), "0x803b002b")
		}
		equal(t, len(w.endpoints(t)), 1)
		done(t, w.del(config, pod))
		equal(t, len(w.endpoints(t)), 0)
	})
}

func TestAnEndpointOfThatNameOnAnotherNetworkIsReplaced(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		other := &hcn.HostComputeNetwork{
			Name: "old", Type: hcn.NAT, SchemaVersion: hcn.V2SchemaVersion(),
			Ipams: []hcn.Ipam{{Subnets: []hcn.Subnet{{
				IpAddressPrefix: "172.30.0.0/24",
				Routes:          []hcn.Route{{NextHop: "172.30.0.1", DestinationPrefix: "0.0.0.0/0"}},
			}}}},
		}
		other = ok[*hcn.HostComputeNetwork](t)(other.Create())
		t.Cleanup(func() { done(t, other.Delete()) })
		ok[*hcn.HostComputeEndpoint](t)(other.CreateEndpoint(
			&hcn.HostComputeEndpoint{Name: "web_node0", SchemaVersion: hcn.V2SchemaVersion()}))
		config, pod := w.config(t, nil), w.container(t, "web")
		w.add(t, config, pod)
		equal(t, strings.EqualFold(w.endpoint(t, "web").HostComputeNetwork, w.network.Id), true)
		equal(t, len(ok[[]hcn.HostComputeEndpoint](t)(hcn.ListEndpointsOfNetwork(other.Id))), 0)
		done(t, w.del(config, pod))
	})
}

func TestContainersOfAPodShareItsEndpoint(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		if w.apiVersion == 2 { // they share the namespace; no plugin is called for them
			return
		}
		config, sandbox := w.config(t, nil), w.container(t, "sandbox")
		result := w.add(t, config, sandbox)
		running(t, "app")
		app := &libcni.RuntimeConf{ContainerID: "app", NetNS: "container:sandbox", IfName: "eth0"}
		equal(t, w.add(t, config, app).IPs, result.IPs)
		equal(t, len(w.endpoints(t)), 1)
		equal(t, containers(t, w.endpoint(t, "sandbox").Id), []string{"sandbox", "app"})
		done(t, w.del(config, app))
		equal(t, containers(t, w.endpoint(t, "sandbox").Id), []string{"sandbox"})
		done(t, w.del(config, sandbox))
		equal(t, len(w.endpoints(t)), 0)
	})
}

func TestTheReleaseDecidesWhatIsOffered(t *testing.T) {
	features := hcn.GetSupportedFeatures()
	release := ask[struct{ Release string }](t, "GET", "/host", nil).Release
	equal(t, fmt.Sprint(features.RemoteSubnet), "true")
	equal(t, features.NestedIpSet, release == "ws2025")
	equal(t, features.IPv6DualStack, release != "ws2019")
}
