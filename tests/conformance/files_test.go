//go:build windows

package conformance

import (
	"os"
	"path/filepath"
	"testing"
)

// Go 1.26 removes files in a way that Wine 8 does not know; the testing package fails a test whose
// folder it cannot remove.
func TestFoldersOfTestsAreRemoved(t *testing.T) {
	var folder string
	t.Run("uses a folder", func(t *testing.T) {
		folder = t.TempDir()
		done(t, os.MkdirAll(filepath.Join(folder, "a", "b"), 0o700))
		done(t, os.WriteFile(filepath.Join(folder, "a", "read-only"), []byte("x"), 0o400))
	})
	if _, err := os.Stat(folder); !os.IsNotExist(err) {
		t.Fatal("the folder stays:", err)
	}
}
