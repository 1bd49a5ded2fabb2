//go:build windows

package conformance

import (
	"testing"

	"github.com/Microsoft/hcsshim/hcn"
)

const serviceVIP = "10.96.0.10"

// service describes what kube-proxy makes of a ClusterIP.
func service(backends ...*hcn.HostComputeEndpoint) *hcn.HostComputeLoadBalancer {
	asked := &hcn.HostComputeLoadBalancer{
		FrontendVIPs:  []string{serviceVIP},
		PortMappings:  []hcn.LoadBalancerPortMapping{{Protocol: 6, InternalPort: 8080, ExternalPort: 80}},
		SchemaVersion: v2,
	}
	for _, backend := range backends {
		asked.HostComputeEndpoints = append(asked.HostComputeEndpoints, backend.Id)
	}
	return asked
}

func TestAModifiedLoadBalancerHasItsNewBackends(t *testing.T) {
	done(t, hcn.ModifyLoadbalancerSupported())
	network := overlay(t)
	first, second := pod(t, network, "first"), pod(t, network, "second")
	made := ok[*hcn.HostComputeLoadBalancer](t)(service(first).Create())
	updated := ok[*hcn.HostComputeLoadBalancer](t)(service(first, second).Update(made.Id))
	equal(t, updated.Id, made.Id)
	equal(t, updated.HostComputeEndpoints, []string{first.Id, second.Id})
	read := ok[*hcn.HostComputeLoadBalancer](t)(hcn.GetLoadBalancerByID(made.Id))
	equal(t, read, updated)
	_, err := service(first).Update(nobody)
	if !hcn.IsElementNotFoundError(err) {
		t.Fatal("an unknown load balancer was modified:", err)
	}
	done(t, read.Delete())
	_, err = hcn.GetLoadBalancerByID(made.Id)
	if !isA[hcn.LoadBalancerNotFoundError](err) {
		t.Fatal("the deleted load balancer is found:", err)
	}
}

func TestSessionAffinityIsKept(t *testing.T) {
	done(t, hcn.SessionAffinitySupported())
	asked := service(pod(t, overlay(t), "backend"))
	asked.PortMappings[0].DistributionType = hcn.LoadBalancerDistributionSourceIP
	made := ok[*hcn.HostComputeLoadBalancer](t)(asked.Create())
	equal(t, made.PortMappings, asked.PortMappings)
	asked.PortMappings[0].DistributionType = hcn.LoadBalancerDistributionSourceIPProtocol
	updated := ok[*hcn.HostComputeLoadBalancer](t)(asked.Update(made.Id))
	equal(t, updated.PortMappings, asked.PortMappings)
	done(t, updated.Delete())
}

func TestDsrBalancesOverRemoteEndpoints(t *testing.T) {
	done(t, hcn.DSRSupported())
	network := overlay(t)
	sourceVIP := pod(t, network, "source-vip").IpConfigurations[0].IpAddress
	here := pod(t, network, "here")
	there := elsewhere(t, network, "10.244.8.3", 3)
	equal(t, there.Flags, hcn.EndpointFlagsRemoteEndpoint)
	made := ok[*hcn.HostComputeLoadBalancer](t)(hcn.AddLoadBalancer(
		[]hcn.HostComputeEndpoint{*here, *there}, hcn.LoadBalancerFlagsDSR,
		hcn.LoadBalancerPortMappingFlagsLocalRoutedVIP, sourceVIP, []string{serviceVIP}, 17, 53, 53))
	read := ok[*hcn.HostComputeLoadBalancer](t)(hcn.GetLoadBalancerByID(made.Id))
	equal(t, read.Flags, hcn.LoadBalancerFlagsDSR)
	equal(t, read.SourceVIP, sourceVIP)
	equal(t, read.FrontendVIPs, []string{serviceVIP})
	equal(t, read.HostComputeEndpoints, []string{here.Id, there.Id})
	equal(t, read.PortMappings, []hcn.LoadBalancerPortMapping{{
		Protocol: 17, InternalPort: 53, ExternalPort: 53,
		Flags: hcn.LoadBalancerPortMappingFlagsLocalRoutedVIP,
	}})
	done(t, read.Delete())
}

func TestOneFrontendIsBalancedOnce(t *testing.T) {
	backend := pod(t, overlay(t), "backend")
	made := ok[*hcn.HostComputeLoadBalancer](t)(service(backend).Create())
	_, err := service(backend).Create()
	refused(t, err, alreadyExists)
	done(t, made.Delete())
	again := ok[*hcn.HostComputeLoadBalancer](t)(service(backend).Create())
	done(t, again.Delete())
}
