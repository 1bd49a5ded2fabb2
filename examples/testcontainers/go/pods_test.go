// Package pods has a test with an emulated host of its own.
package pods

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

func TestOneNetworkIsCreated(t *testing.T) {
	service, name := newService(t), "pods-"+uuid.NewString()
	emulator, host := service+"/emulator/hosts/"+name, service+"/hosts/"+name
	send(t, "PUT", emulator, `{"journal": true}`)
	defer send(t, "DELETE", emulator, "")

	network := `{"Name": "pods", "Type": "L2Bridge"}` // your program's calls go here
	send(t, "POST", host+"/v2/networks", network)

	expectation := `{"match": {"operation": "HcnCreateNetwork", "name": "pods"}, "count": 1}`
	seen := send(t, "POST", emulator+"/requests/verify", expectation)
	require.Contains(t, seen, `"verified":true`)
}
