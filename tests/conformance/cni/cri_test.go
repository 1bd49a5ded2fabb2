//go:build windows

package cni

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/Microsoft/hcsshim/hcn"
	"github.com/containerd/containerd/v2/pkg/netns"
	gocni "github.com/containerd/go-cni"
)

// cri loads go-cni with the plugin's configuration, as containerd's CRI does.
func cri(t *testing.T, w *world) gocni.CNI {
	t.Helper()
	folder := t.TempDir()
	config := w.config(t, nil)
	done(t, os.WriteFile(filepath.Join(folder, "10-node0.conflist"), config.Bytes, 0o600))
	network := ok[gocni.CNI](t)(gocni.New(
		gocni.WithMinNetworkCount(1),
		gocni.WithPluginConfDir(folder), gocni.WithPluginMaxConfNum(1),
		gocni.WithPluginDir([]string{pluginFolder()})))
	done(t, network.Load(gocni.WithDefaultConf))
	done(t, network.Status())
	return network
}

// forEachOfCRI runs the test with each plugin that containerd can use: those with API version 2.
func forEachOfCRI(t *testing.T, test func(*testing.T, *world, gocni.CNI)) {
	t.Helper()
	forEach(t, func(t *testing.T, w *world) {
		if w.apiVersion == 2 {
			test(t, w, cri(t, w))
		}
	})
}

// closed tells whether the sandbox is gone.
func closed(t *testing.T, sandbox *netns.NetNS) bool {
	t.Helper()
	return ok[bool](t)(sandbox.Closed())
}

func TestAPodInTheOrderOfCRI(t *testing.T) {
	forEachOfCRI(t, func(t *testing.T, w *world, network gocni.CNI) {
		sandbox := ok[*netns.NetNS](t)(netns.NewNetNS(""))
		equal(t, closed(t, sandbox), false)
		labels := gocni.WithLabels(map[string]string{
			"K8S_POD_NAME": "web", "K8S_POD_NAMESPACE": "default", "IgnoreUnknown": "1",
		})
		ports := gocni.WithCapabilityPortMap([]gocni.PortMapping{
			{HostPort: 8080, ContainerPort: 80, Protocol: "tcp"},
		})
		dns := gocni.WithCapabilityDNS(gocni.DNS{Servers: []string{"10.96.0.53"}})
		result := ok[*gocni.Result](t)(network.Setup(t.Context(), "web", sandbox.GetPath(), labels, ports, dns))

		// the plugins do not say which interface an address is of, so it counts as that of eth0
		equal(t, result.Interfaces["eth0"].IPConfigs[0].IP.String(), "10.244.7.10")
		equal(t, result.DNS[0].Nameservers, []string{"10.96.0.53"})
		endpoint := w.endpoint(t, "web")
		equal(t, endpoint.Dns.ServerList, []string{"10.96.0.53"})
		inside := ok[[]string](t)(hcn.GetNamespaceEndpointIds(sandbox.GetPath()))
		equal(t, strings.EqualFold(inside[0], endpoint.Id), true)
		abroad := trace(t, object{"Namespace": sandbox.GetPath()},
			object{"Destination": outside, "DestinationPort": 443})
		equal(t, abroad.Verdict+" "+abroad.Reply.Verdict, "Delivered Delivered")
		done(t, network.Check(t.Context(), "web", sandbox.GetPath(), labels, ports, dns))

		done(t, network.Remove(t.Context(), "web", sandbox.GetPath(), labels, ports, dns))
		done(t, sandbox.Remove())
		equal(t, closed(t, sandbox), true)
		equal(t, len(w.endpoints(t)), 0)
	})
}

func TestCRIMayRemoveTwiceAndInTheWrongOrder(t *testing.T) {
	forEachOfCRI(t, func(t *testing.T, w *world, network gocni.CNI) {
		sandbox := ok[*netns.NetNS](t)(netns.NewNetNS(""))
		ok[*gocni.Result](t)(network.Setup(t.Context(), "web", sandbox.GetPath()))
		done(t, sandbox.Remove()) // a runtime that crashed between the two
		done(t, sandbox.Remove())
		equal(t, closed(t, sandbox), true)
		done(t, network.Remove(t.Context(), "web", sandbox.GetPath()))
		done(t, network.Remove(t.Context(), "web", sandbox.GetPath()))
		equal(t, len(w.endpoints(t)), 0)
		equal(t, w.taken(t), []string{})
	})
}

func TestCRIFindsASandboxAgainByItsPath(t *testing.T) {
	forEachOfCRI(t, func(t *testing.T, w *world, network gocni.CNI) {
		path := ok[*netns.NetNS](t)(netns.NewNetNS("")).GetPath()
		again := netns.LoadNetNS(path)
		ok[*gocni.Result](t)(network.Setup(t.Context(), "web", again.GetPath()))
		equal(t, len(ok[[]string](t)(hcn.GetNamespaceEndpointIds(path))), 1)
		done(t, network.Remove(t.Context(), "web", path))
		done(t, again.Remove())
		equal(t, closed(t, netns.LoadNetNS(path)), true)
	})
}

func TestCRISetsUpNothingInASandboxThatIsGone(t *testing.T) {
	forEachOfCRI(t, func(t *testing.T, w *world, network gocni.CNI) {
		sandbox := ok[*netns.NetNS](t)(netns.NewNetNS(""))
		done(t, sandbox.Remove())
		if _, err := network.Setup(t.Context(), "web", sandbox.GetPath()); err == nil {
			t.Fatal("set up in a sandbox that is gone")
		}
		done(t, network.Remove(t.Context(), "web", sandbox.GetPath()))
		equal(t, len(w.endpoints(t)), 0)
		equal(t, w.taken(t), []string{})
	})
}
