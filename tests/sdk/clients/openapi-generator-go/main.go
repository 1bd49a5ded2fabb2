// Drives a live service with the Go client of openapi-generator in ./hns.
//
//	go run . URL
package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"

	"hnsemu/sdk/hns"
)

const (
	name              = "sdk-openapi-generator-go"
	endpointNotFound  = 0x803B0002
	invalidPolicyType = 0x803B000E
)

// client asks the service or one of its hosts.
func client(url string) *hns.APIClient {
	configuration := hns.NewConfiguration()
	configuration.Servers = hns.ServerConfigurations{{URL: url}}
	return hns.NewAPIClient(configuration)
}

func must[T any](value T, answer *http.Response, err error) T {
	if err != nil {
		panic(fmt.Sprintf("%v: %v", err, answer))
	}
	return value
}

func check(holds bool, what string, got any) {
	if !holds {
		panic(fmt.Sprintf("%s: %+v", what, got))
	}
}

// refused checks the status and HNS' code of a call that must fail.
func refused(answer *http.Response, err error, status int, code int64) {
	var failure *hns.GenericOpenAPIError
	check(errors.As(err, &failure), "no error", err)
	record, told := failure.Model().(hns.ErrorRecord)
	check(told && answer.StatusCode == status && record.GetErrorCode() == code, "refusal", failure.Model())
}

func kinds(endpoint *hns.HostComputeEndpoint) []string {
	found := []string{}
	for _, policy := range endpoint.Policies {
		found = append(found, policy.GetType())
	}
	slices.Sort(found)
	return found
}

func main() {
	url, ctx := os.Args[1], context.Background()
	service, host := client(url).EmulatorAPI, client(url+"/hosts/"+name)
	settings := hns.HostSettings{Release: hns.PtrString("ws2022"), Adapters: []hns.AdapterSettings{{Name: "Ethernet"}}}
	defined := must(service.DefineHost(ctx, name).HostSettings(settings).Execute())
	check(defined.Name == name, "host", defined)

	v2 := &hns.Version{Major: hns.PtrInt64(2)}
	network := must(host.NetworksAPI.CreateNetwork(ctx).HostComputeNetwork(hns.HostComputeNetwork{
		Name: hns.PtrString("sdk"), Type: hns.PtrString("L2Bridge"), SchemaVersion: v2,
		Ipams: []hns.Ipam{{Subnets: []hns.Subnet{{IpAddressPrefix: hns.PtrString("10.7.0.0/24")}}}},
	}).Execute())
	nat := hns.EndpointPolicy{Type: hns.PtrString("OutBoundNAT"), Settings: map[string]any{"Exceptions": []any{"10.7.0.0/24"}}}
	endpoint := must(host.EndpointsAPI.CreateEndpoint(ctx).HostComputeEndpoint(hns.HostComputeEndpoint{
		Name: hns.PtrString("pod"), HostComputeNetwork: network.ID, SchemaVersion: v2, Policies: []hns.EndpointPolicy{nat},
	}).Execute())
	id := endpoint.GetID()
	listed := must(host.EndpointsAPI.ListEndpoints(ctx).Execute())
	check(len(listed) == 1 && listed[0].GetID() == id, "list", listed)

	acl := map[string]any{"Type": "ACL", "Settings": map[string]any{"Action": "Block", "Direction": "In", "Priority": 200}}
	must(host.EndpointsAPI.ModifyEndpoint(ctx, id).ModifyEndpointSettingRequest(hns.ModifyEndpointSettingRequest{
		ResourceType: hns.PtrString("Policy"), RequestType: hns.PtrString("Add"),
		Settings: map[string]any{"Policies": []any{acl}},
	}).Execute())
	shown := must(host.EndpointsAPI.GetEndpoint(ctx, id).Execute())
	check(slices.Equal(kinds(shown), []string{"ACL", "OutBoundNAT"}), "policies", kinds(shown))

	_, answer, err := host.EndpointsAPI.CreateEndpoint(ctx).HostComputeEndpoint(hns.HostComputeEndpoint{
		HostComputeNetwork: network.ID, SchemaVersion: v2,
		Policies: []hns.EndpointPolicy{{Type: hns.PtrString("FromTheFuture")}},
	}).Execute()
	refused(answer, err, 400, invalidPolicyType)
	_, err = host.EndpointsAPI.DeleteEndpoint(ctx, id).Execute()
	check(err == nil, "delete", err)
	_, answer, err = host.EndpointsAPI.GetEndpoint(ctx, id).Execute()
	refused(answer, err, 404, endpointNotFound)
	check(len(must(host.EndpointsAPI.ListEndpoints(ctx).Execute())) == 0, "left", nil)
	_, err = service.DeleteHost(ctx, name).Execute()
	check(err == nil, "delete host", err)
}
