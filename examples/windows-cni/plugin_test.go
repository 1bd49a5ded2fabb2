//go:build windows

package main

import (
	"strings"
	"testing"

	"github.com/Microsoft/hcsshim/hcn"
)

var bridge = Config{
	CNIVersion: "1.0.0", Name: "cbr0",
	Subnet: "10.244.3.0/24", Gateway: "10.244.3.1", Service: "10.96.0.53",
}

func sandbox(t *testing.T) string {
	t.Helper()
	namespace, err := hcn.NewNamespace(hcn.NamespaceTypeHost).Create()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = namespace.Delete() })
	return namespace.Id
}

// backends returns the number of endpoints behind the service.
func backends(t *testing.T) int {
	t.Helper()
	balancers, err := hcn.ListLoadBalancers()
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for _, each := range balancers {
		count += len(each.HostComputeEndpoints)
	}
	return count
}

func TestContainersComeAndGo(t *testing.T) {
	first, second := sandbox(t), sandbox(t)
	result, err := bridge.Add("web-1", first)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(result.IPs[0].Address, "10.244.3.") {
		t.Fatal("an address of another subnet:", result.IPs[0].Address)
	}
	if _, err := bridge.Add("web-2", second); err != nil {
		t.Fatal(err)
	}
	inside, err := hcn.GetNamespaceEndpointIds(second)
	if err != nil || len(inside) != 1 {
		t.Fatalf("%v in the namespace of web-2, %v", inside, err)
	}
	if count := backends(t); count != 2 {
		t.Fatalf("the service has %d backends, not 2", count)
	}
	for container, namespace := range map[string]string{"web-1": first, "web-2": second} {
		if err := bridge.Del(container, namespace); err != nil {
			t.Fatal(err)
		}
		if err := bridge.Del(container, namespace); err != nil {
			t.Fatal("DEL once more:", err)
		}
	}
	if count := backends(t); count != 0 {
		t.Fatalf("the service keeps %d backends", count)
	}
}

func TestAFailedAddLeavesNoEndpoint(t *testing.T) {
	const unknown = "5f0b1190-63be-4e0c-b974-bd0f55675a42"
	if _, err := bridge.Add("lost", unknown); !hcn.IsElementNotFoundError(err) {
		t.Fatal("a namespace that is not there:", err)
	}
	if _, err := hcn.GetEndpointByName("lost"); !hcn.IsNotFoundError(err) {
		t.Fatal("the endpoint stays:", err)
	}
}
