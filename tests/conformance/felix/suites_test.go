//go:build windows

package felix

import (
	_ "github.com/projectcalico/calico/felix/dataplane/windows/hcn"
	_ "github.com/projectcalico/calico/felix/dataplane/windows/hns"
	_ "github.com/projectcalico/calico/felix/dataplane/windows/policysets"
)
