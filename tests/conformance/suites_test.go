//go:build windows

package conformance

// Named here, the tests of other projects that `make conformance` runs stay in go.mod with what they need.
import (
	_ "github.com/Microsoft/hnslib/hcn"
	_ "github.com/containernetworking/plugins/pkg/hns"
	_ "github.com/onsi/ginkgo/v2"
	_ "github.com/onsi/gomega"
)
