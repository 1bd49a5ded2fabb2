//go:build windows

package conformance

import (
	"net"
	"testing"

	"github.com/Microsoft/hcsshim/hcn"
)

func TestEndpointsAreFoundByNameAndByNetwork(t *testing.T) {
	inside, beside := overlay(t), nat(t)
	web, db := pod(t, inside, "web"), pod(t, inside, "db")
	pod(t, beside, "nginx")
	equal(t, ok[*hcn.HostComputeEndpoint](t)(hcn.GetEndpointByName("db")).Id, db.Id)
	var ids []string
	for _, endpoint := range ok[[]hcn.HostComputeEndpoint](t)(hcn.ListEndpointsOfNetwork(inside.Id)) {
		equal(t, endpoint.HostComputeNetwork, inside.Id)
		ids = append(ids, endpoint.Id)
	}
	equal(t, ids, []string{web.Id, db.Id})
	_, err := hcn.GetEndpointByName("Web")
	if !isA[hcn.EndpointNotFoundError](err) {
		t.Fatal("names are compared without case:", err)
	}
	done(t, web.Delete())
	_, err = hcn.GetEndpointByID(web.Id)
	if !hcn.IsNotFoundError(err) {
		t.Fatal("the deleted endpoint is found:", err)
	}
	refused(t, web.Delete(), endpointNotFound)
}

func TestAnAddressComesFromTheSubnetAndIsTakenOnce(t *testing.T) {
	network := overlay(t)
	first := pod(t, network, "first")
	_, prefix, err := net.ParseCIDR("10.244.7.0/24")
	done(t, err)
	if address := net.ParseIP(first.IpConfigurations[0].IpAddress); !prefix.Contains(address) {
		t.Fatalf("%v is outside %v", address, prefix)
	}
	_, err = network.CreateEndpoint(&hcn.HostComputeEndpoint{
		IpConfigurations: first.IpConfigurations, SchemaVersion: v2})
	refused(t, err, objectAlreadyExists)
}

func TestAPublishedPortIsTakenOnce(t *testing.T) {
	network := nat(t)
	port := hcn.EndpointPolicy{Type: hcn.PortMapping, Settings: settings(t,
		hcn.PortMappingPolicySetting{Protocol: 6, InternalPort: 80, ExternalPort: 8080})}
	first := pod(t, network, "first", port)
	_, err := network.CreateEndpoint(&hcn.HostComputeEndpoint{
		Policies: []hcn.EndpointPolicy{port}, SchemaVersion: v2})
	if !hcn.IsPortAlreadyExistsError(err) {
		t.Fatal("the port is published twice:", err)
	}
	equal(t, len(ok[[]hcn.HostComputeEndpoint](t)(hcn.ListEndpointsOfNetwork(network.Id))), 1)
	done(t, first.Delete())
	pod(t, network, "second", port)
}

func TestTierAclsAreReplacedAndRemoved(t *testing.T) {
	done(t, hcn.TierAclPolicySupported())
	endpoint := pod(t, overlay(t), "guarded")
	tier := func(name string, order uint16, rules ...hcn.TierAclRule) hcn.EndpointPolicy {
		return hcn.EndpointPolicy{Type: hcn.TierAcl, Settings: settings(t, hcn.TierAclPolicySetting{
			Name: name, Direction: hcn.DirectionTypeIn, Order: order, TierAclRules: rules})}
	}
	web := hcn.TierAclRule{Id: "web", Protocols: "6", LocalPorts: "80,443", Priority: 1,
		RemoteAddresses: "10.244.0.0/16", TierAclRuleAction: hcn.ActionTypePass}
	rest := hcn.TierAclRule{Id: "rest", TierAclRuleAction: hcn.ActionTypeBlock, Priority: 100}
	first, second := tier("policy", 1, web, rest), tier("baseline", 2, rest)
	apply := func(how hcn.RequestType, policies ...hcn.EndpointPolicy) error {
		return endpoint.ApplyPolicy(how, hcn.PolicyEndpointRequest{Policies: policies})
	}
	done(t, apply(hcn.RequestTypeUpdate, first, second))
	equal(t, endpointPolicies(t, endpoint.Id, hcn.TierAcl),
		[]string{string(first.Settings), string(second.Settings)})
	done(t, apply(hcn.RequestTypeUpdate, second))
	equal(t, endpointPolicies(t, endpoint.Id, hcn.TierAcl), []string{string(second.Settings)})
	done(t, apply(hcn.RequestTypeRemove, second))
	equal(t, endpointPolicies(t, endpoint.Id, hcn.TierAcl), []string(nil))
}

func TestAMalformedPolicyChangesNothing(t *testing.T) {
	endpoint := pod(t, overlay(t), "guarded")
	good := hcn.EndpointPolicy{Type: hcn.ACL, Settings: settings(t, hcn.AclPolicySetting{
		Protocols: "6", Action: hcn.ActionTypeAllow, Direction: hcn.DirectionTypeIn, Priority: 200})}
	bad := hcn.EndpointPolicy{Type: hcn.ACL, Settings: settings(t, hcn.AclPolicySetting{
		RemoteAddresses: "Any", Action: hcn.ActionTypeAllow, Direction: hcn.DirectionTypeIn})}
	err := endpoint.ApplyPolicy(hcn.RequestTypeAdd,
		hcn.PolicyEndpointRequest{Policies: []hcn.EndpointPolicy{good, bad}})
	refused(t, err, invalidPolicy)
	equal(t, endpointPolicies(t, endpoint.Id, hcn.ACL), []string(nil))
}

func TestAnEndpointNeedsItsNetwork(t *testing.T) {
	_, err := (&hcn.HostComputeEndpoint{HostComputeNetwork: nobody, SchemaVersion: v2}).Create()
	refused(t, err, networkNotFound)
}
