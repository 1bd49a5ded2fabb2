//go:build windows

package ncproxy

// Named here, what the tests of ncproxy need stays in go.mod.
import _ "go.uber.org/mock/gomock"
