//go:build windows

package conformance

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/Microsoft/hcsshim/hcn"
)

// Kinds of HCN_NOTIFICATIONS. Source: Microsoft's reference of HCN_NOTIFICATIONS.
const (
	networkPreCreate = 1
	networkCreate    = 2
	networkPreDelete = 3
	networkDelete    = 4
	namespaceCreate  = 5
	namespaceDelete  = 6
)

// notified is what one callback was called with.
type notified struct {
	kind, status uint32
	id           string
}

// listener is a program whose callback is registered with the service.
type listener struct {
	program *exec.Cmd
	input   io.Closer
	lines   chan string
}

// listen starts the C program and waits until its callback is registered.
func listen(t *testing.T) *listener {
	t.Helper()
	program := exec.Command(filepath.Join(os.Getenv("CONFORMANCE_PROGRAMS"), "callbacks.exe"))
	program.Stderr = os.Stderr
	input := ok[io.WriteCloser](t)(program.StdinPipe())
	output := ok[io.ReadCloser](t)(program.StdoutPipe())
	done(t, program.Start())
	started := &listener{program, input, make(chan string, 100)}
	go func() {
		defer close(started.lines)
		for lines := bufio.NewScanner(output); lines.Scan(); {
			started.lines <- lines.Text()
		}
	}()
	t.Cleanup(func() { _ = program.Process.Kill() })
	equal(t, started.next(t), "registered")
	return started
}

// next returns the next line that the program prints.
func (l *listener) next(t *testing.T) string {
	t.Helper()
	select {
	case line := <-l.lines:
		return line
	case <-time.After(100 * time.Second):
		t.Fatal("no callback within 100 s")
		return ""
	}
}

// expect ends the test unless the next callbacks are these, each with status 0.
func (l *listener) expect(t *testing.T, id string, kinds ...uint32) {
	t.Helper()
	for _, kind := range kinds {
		var got notified
		words := strings.SplitN(l.next(t), " ", 3)
		equal(t, len(words), 3)
		ok[int](t)(fmt.Sscanf(words[0]+" "+words[1], "%x %x", &got.kind, &got.status))
		var data struct{ ID string }
		done(t, json.Unmarshal([]byte(words[2]), &data))
		got.id = data.ID
		equal(t, got, notified{kind: kind, id: id})
	}
}

// end lets the program unregister and end by itself.
func (l *listener) end(t *testing.T) {
	t.Helper()
	done(t, l.input.Close())
	equal(t, l.next(t), "done")
	done(t, l.program.Wait())
}

func TestCallbacksComeInTheOrderOfWhatHappens(t *testing.T) {
	events := listen(t)
	network := overlay(t)
	events.expect(t, network.Id, networkPreCreate, networkCreate)
	home := namespace(t)
	events.expect(t, home.Id, namespaceCreate)
	done(t, home.Delete())
	events.expect(t, home.Id, namespaceDelete)
	done(t, network.Delete())
	events.expect(t, network.Id, networkPreDelete, networkDelete)
	events.end(t)
}

func TestEveryListenerIsCalled(t *testing.T) {
	first, second := listen(t), listen(t)
	home := namespace(t)
	first.expect(t, home.Id, namespaceCreate)
	first.end(t)
	done(t, home.Delete())
	second.expect(t, home.Id, namespaceCreate, namespaceDelete)
	second.end(t)
}

func TestARefusedRequestCallsNobody(t *testing.T) {
	home := namespace(t)
	events := listen(t)
	if err := hcn.AddNamespaceEndpoint(home.Id, nobody); err == nil {
		t.Fatal("an unknown endpoint was attached")
	}
	done(t, home.Delete())
	events.expect(t, home.Id, namespaceDelete)
	events.end(t)
}
