//go:build windows

package conformance

import (
	"testing"

	"github.com/Microsoft/hcsshim/hcn"
)

// adding and removing what the network policy says.
func policyRequest(t *testing.T, kind hcn.NetworkPolicyType, documents ...any) hcn.PolicyNetworkRequest {
	t.Helper()
	var request hcn.PolicyNetworkRequest
	for _, document := range documents {
		policy := hcn.NetworkPolicy{Type: kind, Settings: settings(t, document)}
		request.Policies = append(request.Policies, policy)
	}
	return request
}

func TestRemoteSubnetRoutesAreAddedAndRemovedOneByOne(t *testing.T) {
	done(t, hcn.RemoteSubnetSupported())
	network := overlay(t)
	route := func(prefix, provider string) hcn.PolicyNetworkRequest {
		return policyRequest(t, hcn.RemoteSubnetRoute, hcn.RemoteSubnetRoutePolicySetting{
			DestinationPrefix:           prefix,
			IsolationId:                 4097,
			ProviderAddress:             provider,
			DistributedRouterMacAddress: "00-15-5D-BB-6E-B1",
		})
	}
	first, second := route("10.244.8.0/24", "10.127.130.36"), route("10.244.9.0/24", "10.127.130.37")
	done(t, network.AddPolicy(first))
	done(t, network.AddPolicy(second))
	equal(t, networkPolicies(t, network.Id, hcn.RemoteSubnetRoute),
		[]string{string(first.Policies[0].Settings), string(second.Policies[0].Settings)})
	done(t, network.RemovePolicy(first))
	equal(t, networkPolicies(t, network.Id, hcn.RemoteSubnetRoute),
		[]string{string(second.Policies[0].Settings)})
	refused(t, nat(t).AddPolicy(first), invalidPolicyType)
}

func TestSetPoliciesNestAndStayWhileTheyAreReferred(t *testing.T) {
	done(t, hcn.SetPolicySupported())
	done(t, hcn.NestedIpSetSupported())
	network := overlay(t)
	set := func(id string, kind hcn.SetPolicyType, values string) hcn.PolicyNetworkRequest {
		return policyRequest(t, hcn.SetPolicy,
			hcn.SetPolicySetting{Id: id, Name: "set-" + id, Type: kind, Values: values})
	}
	pods := set("azure-npm-1", hcn.SetPolicyTypeIpSet, "10.244.7.3,10.244.7.4")
	labels := set("azure-npm-2", hcn.SetPolicyTypeNestedIpSet, "azure-npm-1")
	done(t, network.AddPolicy(pods))
	done(t, network.AddPolicy(labels))
	equal(t, len(networkPolicies(t, network.Id, hcn.SetPolicy)), 2)
	refused(t, network.RemovePolicy(pods), referenced)
	done(t, network.RemovePolicy(labels))
	done(t, network.RemovePolicy(pods))
	equal(t, networkPolicies(t, network.Id, hcn.SetPolicy), []string(nil))
}

func TestFlagsAreKept(t *testing.T) {
	done(t, hcn.DisableHostPortSupported())
	for _, flags := range []hcn.NetworkFlags{hcn.None, hcn.EnableNonPersistent, hcn.DisableHostPort,
		hcn.EnableNonPersistent | hcn.DisableHostPort} {
		asked := &hcn.HostComputeNetwork{
			Name: "cbr0", Type: hcn.L2Bridge, Flags: flags, SchemaVersion: v2,
			Ipams: []hcn.Ipam{{Type: "Static", Subnets: []hcn.Subnet{subnet("10.244.6")}}},
		}
		made := ok[*hcn.HostComputeNetwork](t)(asked.Create())
		read, err := hcn.GetNetworkByID(made.Id)
		done(t, made.Delete())
		done(t, err)
		equal(t, read.Flags, flags)
	}
}

func TestANameIsTakenOnce(t *testing.T) {
	network := nat(t)
	_, err := (&hcn.HostComputeNetwork{Name: network.Name, Type: hcn.Private, SchemaVersion: v2}).Create()
	refused(t, err, networkExists)
}

func TestNamesOfAnyLanguageComeBack(t *testing.T) {
	name := "Netz-Größe 网络 🛰"
	made := network(t, hcn.NAT, name, subnet("10.89.0"))
	equal(t, made.Name, name)
	found := ok[*hcn.HostComputeNetwork](t)(hcn.GetNetworkByName(name))
	equal(t, found.Id, made.Id)
	done(t, made.Delete())
	_, err := hcn.GetNetworkByName(name)
	if !isA[hcn.NetworkNotFoundError](err) {
		t.Fatal("the deleted network is found:", err)
	}
	refused(t, made.Delete(), networkNotFound)
}

func TestTheServersOfANetworkCanBeReplaced(t *testing.T) {
	network := overlay(t)
	names := hcn.Dns{Domain: "cluster.local", Search: []string{"svc.cluster.local"}, ServerList: []string{"10.96.0.2"}}
	done(t, network.ModifyNetworkSettings(&hcn.ModifyNetworkSettingRequest{
		ResourceType: hcn.NetworkResourceTypeDNS,
		RequestType:  hcn.RequestTypeUpdate,
		Settings:     settings(t, names),
	}))
	equal(t, ok[*hcn.HostComputeNetwork](t)(hcn.GetNetworkByID(network.Id)).Dns, names)
}
