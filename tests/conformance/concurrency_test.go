//go:build windows

package conformance

import (
	"fmt"
	"sync"
	"testing"

	"github.com/Microsoft/hcsshim/hcn"
)

// live gives one pod its endpoint and its namespace, takes both away, and returns its address.
func live(network *hcn.HostComputeNetwork, name string) (address string, err error) {
	endpoint, err := network.CreateEndpoint(&hcn.HostComputeEndpoint{Name: name, SchemaVersion: v2})
	if err != nil {
		return "", err
	}
	home, err := hcn.NewNamespace(hcn.NamespaceTypeHost).Create()
	if err != nil {
		return "", err
	}
	if err := endpoint.NamespaceAttach(home.Id); err != nil {
		return "", err
	}
	ids, err := hcn.GetNamespaceEndpointIds(home.Id)
	if err != nil {
		return "", err
	}
	if len(ids) != 1 {
		return "", fmt.Errorf("%d endpoints in the namespace of one", len(ids))
	}
	if err := endpoint.NamespaceDetach(home.Id); err != nil {
		return "", err
	}
	return endpoint.IpConfigurations[0].IpAddress, home.Delete()
}

func Test64GoroutinesLiveSideBySide(t *testing.T) {
	const pods = 64
	network := overlay(t)
	addresses, failures := make([]string, pods), make([]error, pods)
	var running sync.WaitGroup
	for n := range pods {
		running.Go(func() {
			addresses[n], failures[n] = live(network, fmt.Sprintf("pod-%d", n))
		})
	}
	running.Wait()
	seen := map[string]bool{}
	for n := range pods {
		done(t, failures[n])
		seen[addresses[n]] = true
	}
	equal(t, len(seen), pods)
	equal(t, len(ok[[]hcn.HostComputeEndpoint](t)(hcn.ListEndpointsOfNetwork(network.Id))), pods)
}
