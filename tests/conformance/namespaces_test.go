//go:build windows

package conformance

import (
	"strings"
	"testing"

	"github.com/Microsoft/hcsshim/hcn"
)

// inside returns the lower-case ids of the endpoints in a namespace.
func inside(t *testing.T, id string) []string {
	t.Helper()
	var ids []string
	for _, each := range ok[[]string](t)(hcn.GetNamespaceEndpointIds(id)) {
		ids = append(ids, strings.ToLower(each))
	}
	return ids
}

func TestAnEndpointIsInOneNamespace(t *testing.T) {
	endpoint := pod(t, overlay(t), "pod")
	home, other := namespace(t), namespace(t)
	done(t, endpoint.NamespaceAttach(home.Id))
	equal(t, inside(t, home.Id), []string{endpoint.Id})
	read := ok[*hcn.HostComputeEndpoint](t)(hcn.GetEndpointByID(endpoint.Id))
	equal(t, read.HostComputeNamespace, home.Id)
	refused(t, endpoint.NamespaceAttach(other.Id), namespaceAttached)
	equal(t, inside(t, other.Id), []string(nil))
	done(t, read.NamespaceDetach(home.Id))
	equal(t, inside(t, home.Id), []string(nil))
	done(t, endpoint.NamespaceAttach(other.Id))
	equal(t, inside(t, other.Id), []string{endpoint.Id})
}

func TestWhatIsNotThereIsNotAttachedOrDetached(t *testing.T) {
	endpoint, home := pod(t, overlay(t), "pod"), namespace(t)
	refused(t, hcn.AddNamespaceEndpoint(home.Id, nobody), endpointNotFound)
	for name, err := range map[string]error{
		"attach to an unknown namespace":   endpoint.NamespaceAttach(nobody),
		"detach from an unknown namespace": endpoint.NamespaceDetach(nobody),
		"detach what is outside":           hcn.RemoveNamespaceEndpoint(home.Id, endpoint.Id),
	} {
		if !hcn.IsElementNotFoundError(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestARemoteEndpointHasNoNamespace(t *testing.T) {
	home := namespace(t)
	there := elsewhere(t, overlay(t), "10.244.8.3", 3)
	if err := there.NamespaceAttach(home.Id); err == nil {
		t.Fatal("an endpoint of another host was attached here")
	}
	equal(t, inside(t, home.Id), []string(nil))
}

func TestANamespaceStaysWhileContainersRunInIt(t *testing.T) {
	home := namespace(t)
	change := func(how hcn.RequestType) error {
		return hcn.ModifyNamespaceSettings(home.Id, &hcn.ModifyNamespaceSettingRequest{
			ResourceType: hcn.NamespaceResourceTypeContainer,
			RequestType:  how,
			Settings:     settings(t, map[string]string{"ContainerId": "pause"}),
		})
	}
	done(t, change(hcn.RequestTypeAdd))
	equal(t, ok[[]string](t)(hcn.GetNamespaceContainerIds(home.Id)), []string{"pause"})
	refused(t, home.Delete(), requestUnsupported)
	done(t, change(hcn.RequestTypeRemove))
	done(t, home.Delete())
	if err := home.Delete(); !hcn.IsElementNotFoundError(err) {
		t.Fatal("deleted twice:", err)
	}
	_, err := hcn.GetNamespaceByID(home.Id)
	if !isA[hcn.NamespaceNotFoundError](err) {
		t.Fatal("the deleted namespace is found:", err)
	}
}
