package pods

import (
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/wait"
)

// newService returns the address of the service at HNSEMU_URL, else of one in a container.
func newService(t *testing.T) string {
	if running := os.Getenv("HNSEMU_URL"); running != "" {
		return running
	}
	ready := testcontainers.WithWaitStrategy(wait.ForHTTP("/readyz").WithPort("8420/tcp"))
	ports := testcontainers.WithExposedPorts("8420/tcp")
	container, err := testcontainers.Run(t.Context(), "hnsemu", ports, ready)
	testcontainers.CleanupContainer(t, container)
	require.NoError(t, err)
	url, err := container.PortEndpoint(t.Context(), "8420/tcp", "http")
	require.NoError(t, err)
	return url
}

func send(t *testing.T, method, url, document string) string {
	request, err := http.NewRequest(method, url, strings.NewReader(document))
	require.NoError(t, err)
	answer, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	body, err := io.ReadAll(answer.Body)
	answer.Body.Close()
	require.NoError(t, err)
	require.Less(t, answer.StatusCode, 300, string(body))
	return string(body)
}
