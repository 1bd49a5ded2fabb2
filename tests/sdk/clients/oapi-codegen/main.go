// Drives a live service with the client that oapi-codegen generates into ./hns.
//
//	go run . URL
package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"

	"hnsemu/sdk/hns"
)

const (
	endpointNotFound  = 0x803B0002
	invalidPolicyType = 0x803B000E
)

// laterWindows answers as a Windows that has a policy type which the document does not know.
type laterWindows struct{}

func (laterWindows) Do(request *http.Request) (*http.Response, error) {
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	text = bytes.ReplaceAll(text, []byte(`"OutBoundNAT"`), []byte(`"FromTheFuture"`))
	answer.Body = io.NopCloser(bytes.NewReader(text))
	return answer, err
}

func ptr(text string) *string { return &text }

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

func kinds(endpoint *hns.HostComputeEndpoint) []string {
	found := []string{}
	for _, policy := range *endpoint.Policies {
		found = append(found, *policy.Type)
	}
	slices.Sort(found)
	return found
}

func main() {
	url, ctx := os.Args[1], context.Background()
	service := must(hns.NewClientWithResponses(url))
	defined := must(service.DefineHostWithResponse(ctx, "sdk-go", hns.HostSettings{}))
	check(defined.StatusCode() == 201, "define", string(defined.Body))
	at := url + "/hosts/sdk-go"
	host := must(hns.NewClientWithResponses(at))

	routes := []hns.HcnRoute{{NextHop: ptr("10.7.0.1"), DestinationPrefix: ptr("0.0.0.0/0")}}
	subnets := []hns.Subnet{{IpAddressPrefix: ptr("10.7.0.0/24"), Routes: &routes}}
	major := int64(2)
	v2 := &hns.Version{Major: &major}
	network := must(host.CreateNetworkWithResponse(ctx, hns.HostComputeNetwork{
		Name: ptr("sdk"), Type: ptr("L2Bridge"), SchemaVersion: v2, Ipams: &[]hns.Ipam{{Subnets: &subnets}},
	})).JSON201
	check(network != nil, "network", nil)
	endpoint := must(host.CreateEndpointWithResponse(ctx, hns.HostComputeEndpoint{
		Name:               ptr("pod"),
		HostComputeNetwork: network.ID,
		SchemaVersion:      v2,
		Policies: &[]hns.EndpointPolicy{{
			Type:     ptr("OutBoundNAT"),
			Settings: &map[string]any{"Exceptions": []string{"10.7.0.0/24"}},
		}},
	})).JSON201
	check(endpoint != nil, "endpoint", nil)
	listed := *must(host.ListEndpointsWithResponse(ctx, nil)).JSON200
	check(len(listed) == 1 && *listed[0].ID == *endpoint.ID, "list", listed)

	// FILETIME and other numbers of more than 32 bits
	updated := *endpoint.Health.Extra.Resources.Health.LastUpdateTime
	check(updated > 1<<56, "FILETIME", updated)
	check(*network.Version > 1<<32, "version", *network.Version)

	modified := must(host.ModifyEndpointWithResponse(ctx, *endpoint.ID, hns.ModifyEndpointSettingRequest{
		ResourceType: ptr("Policy"), RequestType: ptr("Add"),
		Settings: map[string]any{"Policies": []hns.EndpointPolicy{{
			Type:     ptr("ACL"),
			Settings: &map[string]any{"Action": "Block", "Direction": "In", "Priority": 200},
		}}},
	}))
	check(modified.StatusCode() == 200, "modify", string(modified.Body))
	shown := must(host.GetEndpointWithResponse(ctx, *endpoint.ID, nil)).JSON200
	check(slices.Equal(kinds(shown), []string{"ACL", "OutBoundNAT"}), "policies", kinds(shown))

	later := must(hns.NewClientWithResponses(at, hns.WithHTTPClient(laterWindows{})))
	unknown := must(later.GetEndpointWithResponse(ctx, *endpoint.ID, nil)).JSON200
	check(slices.Equal(kinds(unknown), []string{"ACL", "FromTheFuture"}), "unknown", kinds(unknown))

	refused := must(host.CreateEndpointWithResponse(ctx, hns.HostComputeEndpoint{
		HostComputeNetwork: network.ID,
		SchemaVersion:      v2,
		Policies:           &[]hns.EndpointPolicy{{Type: ptr("FromTheFuture")}},
	}))
	check(refused.StatusCode() == 400, "refusal", string(refused.Body))
	check(*refused.JSONDefault.ErrorCode == invalidPolicyType, "code", *refused.JSONDefault.ErrorCode)

	deleted := must(host.DeleteEndpointWithResponse(ctx, *endpoint.ID))
	check(deleted.StatusCode() == 204, "delete", string(deleted.Body))
	missing := must(host.GetEndpointWithResponse(ctx, *endpoint.ID, nil))
	check(missing.StatusCode() == 404, "get", string(missing.Body))
	check(*missing.JSONDefault.ErrorCode == endpointNotFound, "code", *missing.JSONDefault.ErrorCode)
	left := *must(host.ListEndpointsWithResponse(ctx, nil)).JSON200
	check(len(left) == 0, "left", left)
	gone := must(service.DeleteHostWithResponse(ctx, "sdk-go"))
	check(gone.StatusCode() == 204, "delete host", string(gone.Body))
}
