//go:build windows

package main

import (
	"errors"

	"github.com/Microsoft/hcsshim/hcn"
)

// Config is the network configuration on standard input.
type Config struct {
	CNIVersion string `json:"cniVersion"`
	Name       string `json:"name"`
	Subnet     string `json:"subnet"`  // 10.244.3.0/24
	Gateway    string `json:"gateway"` // 10.244.3.1
	Service    string `json:"service"` // 10.96.0.53; port 80 of it goes to port 8080 of the pods
}

// Result is what a CNI plugin prints after ADD.
type Result struct {
	CNIVersion string `json:"cniVersion,omitempty"`
	IPs        []IP   `json:"ips,omitempty"`
}

// IP is an address of the container.
type IP struct {
	Address string `json:"address"`
	Gateway string `json:"gateway"`
}

var v2 = hcn.V2SchemaVersion()

// Add gives the container an endpoint in its namespace and puts it behind the service.
func (c Config) Add(container, namespace string) (Result, error) {
	network, err := c.network()
	if err != nil {
		return Result{}, err
	}
	endpoint, err := network.CreateEndpoint(&hcn.HostComputeEndpoint{Name: container, SchemaVersion: v2})
	if err != nil {
		return Result{}, err
	}
	if err := endpoint.NamespaceAttach(namespace); err != nil {
		return Result{}, errors.Join(err, endpoint.Delete())
	}
	if err := c.serve(network.Id); err != nil {
		return Result{}, err
	}
	address := endpoint.IpConfigurations[0].IpAddress
	return Result{c.CNIVersion, []IP{{Address: address + "/24", Gateway: c.Gateway}}}, nil
}

// Del removes what Add created; it succeeds when that is gone already.
func (c Config) Del(container, namespace string) error {
	endpoint, err := hcn.GetEndpointByName(container)
	if hcn.IsNotFoundError(err) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := endpoint.NamespaceDetach(namespace); err != nil && !hcn.IsElementNotFoundError(err) {
		return err
	}
	if err := endpoint.Delete(); err != nil {
		return err
	}
	return c.serve(endpoint.HostComputeNetwork)
}

// network returns the network of that name, and creates it if there is none.
func (c Config) network() (*hcn.HostComputeNetwork, error) {
	found, err := hcn.GetNetworkByName(c.Name)
	if !hcn.IsNotFoundError(err) {
		return found, err
	}
	subnet := hcn.Subnet{
		IpAddressPrefix: c.Subnet,
		Routes:          []hcn.Route{{NextHop: c.Gateway, DestinationPrefix: "0.0.0.0/0"}},
	}
	return (&hcn.HostComputeNetwork{
		Name:          c.Name,
		Type:          hcn.L2Bridge,
		Ipams:         []hcn.Ipam{{Type: "Static", Subnets: []hcn.Subnet{subnet}}},
		SchemaVersion: v2,
	}).Create()
}

// serve puts all endpoints of the network behind the service.
func (c Config) serve(network string) error {
	endpoints, err := hcn.ListEndpointsOfNetwork(network)
	if err != nil {
		return err
	}
	balancers, err := hcn.ListLoadBalancers()
	if err != nil {
		return err
	}
	for _, each := range balancers {
		if len(each.FrontendVIPs) == 1 && each.FrontendVIPs[0] == c.Service {
			if err := each.Delete(); err != nil {
				return err
			}
		}
	}
	if len(endpoints) == 0 {
		return nil
	}
	_, err = hcn.AddLoadBalancer(endpoints, hcn.LoadBalancerFlagsNone,
		hcn.LoadBalancerPortMappingFlagsNone, "", []string{c.Service}, 6, 8080, 80)
	return err
}
