//go:build windows

package conformance

import (
	"net"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/Microsoft/hcsshim/hcn"
)

// interfaceWith returns the interface that has the address, as kube-proxy, flanneld and Felix look for it.
func interfaceWith(t *testing.T, address string) *net.Interface {
	t.Helper()
	for _, found := range ok[[]net.Interface](t)(net.Interfaces()) {
		for _, has := range ok[[]net.Addr](t)(found.Addrs()) {
			if strings.HasPrefix(has.String(), address+"/") {
				return &found
			}
		}
	}
	t.Fatalf("no interface has %s", address)
	return nil
}

func TestTheNodeFindsItsAddressOnTheVNICOfTheSwitch(t *testing.T) {
	adapter := interfaceWith(t, "10.127.130.35")
	equal(t, adapter.Name, "Ethernet")
	overlay(t)
	vnic := interfaceWith(t, "10.127.130.35")
	equal(t, vnic.Name, "vEthernet (Ethernet)")
	equal(t, vnic.HardwareAddr.String(), adapter.HardwareAddr.String())
	equal(t, vnic.MTU, 1500)
	equal(t, vnic.Flags, net.FlagUp|net.FlagBroadcast|net.FlagMulticast|net.FlagRunning)
	byIndex := ok[*net.Interface](t)(net.InterfaceByIndex(vnic.Index))
	equal(t, byIndex.Name, vnic.Name)
}

// A thread that enters a container's compartment sees the interfaces there, and no other thread does.
func TestAContainersCompartmentHasItsOwnInterfaces(t *testing.T) {
	made := pod(t, overlay(t), "eth0")
	space := namespace(t)
	done(t, hcn.AddNamespaceEndpoint(space.Id, made.Id))
	container := func(request hcn.RequestType) {
		done(t, hcn.ModifyNamespaceSettings(space.Id, &hcn.ModifyNamespaceSettingRequest{
			ResourceType: hcn.NamespaceResourceTypeContainer,
			RequestType:  request,
			Settings:     settings(t, map[string]string{"ContainerId": "web-1"}),
		}))
	}
	container(hcn.RequestTypeAdd)
	defer container(hcn.RequestTypeRemove)
	compartment := ok[*hcn.HostComputeNamespace](t)(hcn.GetNamespaceByID(space.Id)).NamespaceId
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	set := syscall.NewLazyDLL("iphlpapi.dll").NewProc("SetCurrentThreadCompartmentId")
	enter := func(number uint32) {
		if code, _, _ := set.Call(uintptr(number)); code != 0 {
			t.Fatal(syscall.Errno(code))
		}
	}
	enter(compartment)
	defer enter(0)
	names := []string{}
	for _, found := range ok[[]net.Interface](t)(net.Interfaces()) {
		names = append(names, found.Name)
	}
	equal(t, names, []string{"vEthernet (eth0)", "Loopback Pseudo-Interface 1"})
	equal(t, interfaceWith(t, made.IpConfigurations[0].IpAddress).Name, "vEthernet (eth0)")
}

// Go 1.26 asks each UDP socket for an option that Wine 8 does not know.
func TestAProgramListensOnUDP(t *testing.T) {
	server := ok[net.PacketConn](t)(net.ListenPacket("udp", "127.0.0.1:0"))
	defer server.Close()
	go func() {
		buffer := make([]byte, 100)
		if length, from, err := server.ReadFrom(buffer); err == nil {
			_, _ = server.WriteTo(buffer[:length], from)
		}
	}()
	client := ok[net.Conn](t)(net.Dial("udp", server.LocalAddr().String()))
	defer client.Close()
	done(t, client.SetDeadline(time.Now().Add(100*time.Second)))
	ok[int](t)(client.Write([]byte("echo")))
	buffer := make([]byte, 100)
	length := ok[int](t)(client.Read(buffer))
	equal(t, string(buffer[:length]), "echo")
}
