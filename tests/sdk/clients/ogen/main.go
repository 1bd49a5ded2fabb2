// Drives a live service with the client that ogen generates into ./hns.
//
//	go run . URL
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"

	"hnsemu/sdk/hns"
)

const (
	name              = "sdk-ogen"
	endpointNotFound  = 0x803B0002
	invalidPolicyType = 0x803B000E
)

// token is asked for one; the service that the program drives needs none.
type token struct{}

func (token) Token(context.Context, hns.OperationName) (hns.Token, error) {
	return hns.Token{}, nil
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func check(holds bool, what string, got any) {
	if !holds {
		panic(fmt.Sprintf("%s: %+v", what, got))
	}
}

// as returns the answer as the kind that the program expects: an operation has an interface for all of its answers.
func as[Kind, Answers any](answer Answers, err error) Kind {
	kind, expected := any(must(answer, err)).(Kind)
	check(expected, "unexpected", answer)
	return kind
}

func refused[Answers any](answer Answers, err error, status int, code int64) {
	refusal := as[*hns.ErrorRecordStatusCodeWithHeaders](answer, err)
	check(refusal.StatusCode == status && refusal.Response.ErrorCode.Value == code, "refusal", refusal)
}

func policy(kind string, settings map[string]any) hns.EndpointPolicy {
	members := hns.EndpointPolicySettings{}
	for name, value := range settings {
		members[name] = must(json.Marshal(value))
	}
	return hns.EndpointPolicy{
		Type:     hns.NewOptEndpointPolicyType(hns.EndpointPolicyType(kind)),
		Settings: hns.NewOptEndpointPolicySettings(members),
	}
}

func kinds(endpoint *hns.HostComputeEndpoint) []string {
	found := []string{}
	for _, policy := range endpoint.Policies {
		found = append(found, string(policy.Type.Value))
	}
	slices.Sort(found)
	return found
}

func main() {
	url, ctx := os.Args[1], context.Background()
	service := must(hns.NewClient(url, token{}))
	host := must(hns.NewClient(url+"/hosts/"+name, token{}))
	settings := hns.HostSettings{Release: hns.NewOptString("ws2022"), Adapters: []hns.AdapterSettings{{Name: "Ethernet"}}}
	defined := as[*hns.DefineHostCreated](
		service.DefineHost(ctx, hns.NewOptHostSettings(settings), hns.DefineHostParams{Name: name}))
	check(defined.Name == name, "host", defined)

	v2 := hns.NewOptVersion(hns.Version{Major: hns.NewOptInt64(2)})
	network := as[*hns.HostComputeNetworkHeaders](host.CreateNetwork(ctx, &hns.HostComputeNetwork{
		Name: hns.NewOptString("sdk"), Type: hns.NewOptNetworkMode("L2Bridge"), SchemaVersion: v2,
		Ipams: []hns.Ipam{{Subnets: []hns.Subnet{{IpAddressPrefix: hns.NewOptString("10.7.0.0/24")}}}},
	})).Response
	endpoint := as[*hns.HostComputeEndpointHeaders](host.CreateEndpoint(ctx, &hns.HostComputeEndpoint{
		Name: hns.NewOptString("pod"), HostComputeNetwork: network.ID, SchemaVersion: v2,
		Policies: []hns.EndpointPolicy{policy("OutBoundNAT", map[string]any{"Exceptions": []string{"10.7.0.0/24"}})},
	})).Response
	id := endpoint.ID.Value
	listed := as[*hns.ListEndpointsOKHeaders](host.ListEndpoints(ctx, hns.ListEndpointsParams{})).Response
	check(len(listed) == 1 && listed[0].ID.Value == id, "list", listed)

	acl := policy("ACL", map[string]any{"Action": "Block", "Direction": "In", "Priority": 200})
	as[*hns.HostComputeEndpoint](host.ModifyEndpoint(ctx, &hns.ModifyEndpointSettingRequest{
		ResourceType: hns.NewOptEndpointResourceType("Policy"), RequestType: hns.NewOptModifyRequestType("Add"),
		Settings: must(json.Marshal(map[string]any{"Policies": []any{&acl}})),
	}, hns.ModifyEndpointParams{ID: id}))
	shown := as[*hns.HostComputeEndpoint](host.GetEndpoint(ctx, hns.GetEndpointParams{ID: id}))
	check(slices.Equal(kinds(shown), []string{"ACL", "OutBoundNAT"}), "policies", kinds(shown))

	answer, err := host.CreateEndpoint(ctx, &hns.HostComputeEndpoint{
		HostComputeNetwork: network.ID, SchemaVersion: v2, Policies: []hns.EndpointPolicy{policy("FromTheFuture", nil)},
	})
	refused(answer, err, 400, invalidPolicyType)
	as[*hns.DeleteEndpointNoContent](host.DeleteEndpoint(ctx, hns.DeleteEndpointParams{ID: id}))
	missing, err := host.GetEndpoint(ctx, hns.GetEndpointParams{ID: id})
	refused(missing, err, 404, endpointNotFound)
	left := as[*hns.ListEndpointsOKHeaders](host.ListEndpoints(ctx, hns.ListEndpointsParams{})).Response
	check(len(left) == 0, "left", left)
	as[*hns.DeleteHostNoContent](service.DeleteHost(ctx, hns.DeleteHostParams{Name: name}))
}
