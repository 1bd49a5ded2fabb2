//go:build windows

// Package conformance asks a host for what hcsshim's own integration tests leave out, through
// hcsshim's public packages, as a CNI plugin or kube-proxy would.
package conformance

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"testing"

	"github.com/Microsoft/hcsshim/hcn"
)

// Codes that hcn has no name for. Source: HCNHResult.md.
const (
	networkNotFound     hcn.ErrorCode = 0x803B0001
	endpointNotFound    hcn.ErrorCode = 0x803B0002
	invalidPolicy       hcn.ErrorCode = 0x803B000D
	invalidPolicyType   hcn.ErrorCode = 0x803B000E
	networkExists       hcn.ErrorCode = 0x803B0010
	requestUnsupported  hcn.ErrorCode = 0x803B0015
	referenced          hcn.ErrorCode = 0x803B002C
	namespaceAttached   hcn.ErrorCode = 0x803B002B
	objectAlreadyExists hcn.ErrorCode = 5010 // ERROR_OBJECT_ALREADY_EXISTS
	alreadyExists       hcn.ErrorCode = 183  // ERROR_ALREADY_EXISTS
)

const nobody = "5f0b1190-63be-4e0c-b974-bd0f55675a42"

var v2 = hcn.V2SchemaVersion()

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

// refused ends the test unless err carries that code.
func refused(t *testing.T, err error, code hcn.ErrorCode) {
	t.Helper()
	if err == nil {
		t.Fatalf("not refused, expected %#x", uint32(code))
	}
	if !hcn.CheckErrorWithCode(err, code) {
		t.Fatalf("expected %#x, got %v", uint32(code), err)
	}
}

// equal ends the test unless both are deeply equal.
func equal(t *testing.T, got, expected any) {
	t.Helper()
	if !reflect.DeepEqual(got, expected) {
		t.Fatalf("expected %#v, got %#v", expected, got)
	}
}

// settings returns the document of a policy.
func settings(t *testing.T, document any) json.RawMessage {
	t.Helper()
	text, err := json.Marshal(document)
	done(t, err)
	return text
}

// subnet returns x.y.z.0/24 with its gateway .1.
func subnet(prefix string, policies ...json.RawMessage) hcn.Subnet {
	return hcn.Subnet{
		IpAddressPrefix: prefix + ".0/24",
		Routes:          []hcn.Route{{NextHop: prefix + ".1", DestinationPrefix: "0.0.0.0/0"}},
		Policies:        policies,
	}
}

// network creates a network that goes with the test, and everything in it.
func network(t *testing.T, kind hcn.NetworkType, name string, subnet hcn.Subnet) *hcn.HostComputeNetwork {
	t.Helper()
	asked := &hcn.HostComputeNetwork{
		Name:          name,
		Type:          kind,
		Ipams:         []hcn.Ipam{{Type: "Static", Subnets: []hcn.Subnet{subnet}}},
		SchemaVersion: v2,
	}
	made := ok[*hcn.HostComputeNetwork](t)(asked.Create())
	t.Cleanup(func() {
		if err := made.Delete(); err != nil && !hcn.CheckErrorWithCode(err, networkNotFound) {
			t.Errorf("network %s stays: %v", name, err)
		}
	})
	return made
}

// overlay creates an overlay network 10.244.7.0/24.
func overlay(t *testing.T) *hcn.HostComputeNetwork {
	t.Helper()
	vsid := hcn.SubnetPolicy{Type: hcn.VSID, Settings: settings(t, hcn.VsidPolicySetting{IsolationId: 4097})}
	return network(t, hcn.Overlay, "vxlan0", subnet("10.244.7", settings(t, vsid)))
}

// nat creates a NAT network 10.88.0.0/24.
func nat(t *testing.T) *hcn.HostComputeNetwork {
	t.Helper()
	return network(t, hcn.NAT, "nat0", subnet("10.88.0"))
}

// pod creates a local endpoint with an address that the host picks.
func pod(t *testing.T, network *hcn.HostComputeNetwork, name string, policies ...hcn.EndpointPolicy) *hcn.HostComputeEndpoint {
	t.Helper()
	return ok[*hcn.HostComputeEndpoint](t)(network.CreateEndpoint(
		&hcn.HostComputeEndpoint{Name: name, Policies: policies, SchemaVersion: v2}))
}

// elsewhere creates an endpoint of another host, as kube-proxy does for each remote backend.
func elsewhere(t *testing.T, network *hcn.HostComputeNetwork, address string, last byte) *hcn.HostComputeEndpoint {
	t.Helper()
	provider := hcn.EndpointPolicy{
		Type:     hcn.NetworkProviderAddress,
		Settings: settings(t, hcn.ProviderAddressEndpointPolicySetting{ProviderAddress: "10.127.130.36"}),
	}
	return ok[*hcn.HostComputeEndpoint](t)(network.CreateRemoteEndpoint(&hcn.HostComputeEndpoint{
		Name:             "Ethernet",
		IpConfigurations: []hcn.IpConfig{{IpAddress: address, PrefixLength: 24}},
		MacAddress:       fmt.Sprintf("02-11-0a-f4-08-%02x", last),
		Policies:         []hcn.EndpointPolicy{provider},
		SchemaVersion:    v2,
	}))
}

// namespace creates a namespace that goes with the test.
func namespace(t *testing.T) *hcn.HostComputeNamespace {
	t.Helper()
	made := ok[*hcn.HostComputeNamespace](t)(hcn.NewNamespace(hcn.NamespaceTypeHost).Create())
	t.Cleanup(func() {
		if err := made.Delete(); err != nil && !hcn.IsElementNotFoundError(err) {
			t.Errorf("namespace %s stays: %v", made.Id, err)
		}
	})
	return made
}

// endpointPolicies returns the settings of an endpoint's policies of that type, read again.
func endpointPolicies(t *testing.T, id string, kind hcn.EndpointPolicyType) []string {
	t.Helper()
	var found []string
	for _, policy := range ok[*hcn.HostComputeEndpoint](t)(hcn.GetEndpointByID(id)).Policies {
		if policy.Type == kind {
			found = append(found, string(policy.Settings))
		}
	}
	return found
}

// networkPolicies returns the settings of a network's policies of that type, read again.
func networkPolicies(t *testing.T, id string, kind hcn.NetworkPolicyType) []string {
	t.Helper()
	var found []string
	for _, policy := range ok[*hcn.HostComputeNetwork](t)(hcn.GetNetworkByID(id)).Policies {
		if policy.Type == kind {
			found = append(found, string(policy.Settings))
		}
	}
	return found
}

// isA tells whether err is an error of that type.
func isA[T error](err error) bool {
	var wanted T
	return errors.As(err, &wanted)
}
