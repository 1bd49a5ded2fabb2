#!/usr/bin/env bash
# containerd and hcsshim disagree about the Windows images that a host newer than Server 2025 can run
#
# Packages: github.com/containerd/platforms v1.0.0-rc.5, with which containerd picks the image of a list, and
#           github.com/Microsoft/hcsshim v0.15.0 (osversion.CheckHostAndContainerCompat).
# Expected: the two are one rule, in the same words, and give one answer: a host runs images from the LTSC release
#           before it up to its own build.
# Seen:     they agree for hosts up to build 26100. The list of LTSC releases in containerd's copy ends with Server
#           2022, the one of hcsshim with Server 2025. So on a host of build 26200, Windows 11 25H2, an image of
#           ltsc2022 (20348) or of 23H2 (25398) matches for containerd and is too old for hcsshim.
# Matters:  ltsc2022 is what many manifests name. A tool that asks whether such a node can run it gets its answer
#           from what it imports, and the two may stand in one program, of which one part pulls and the other refuses.
# In docs:  nothing acts on it; the emulated releases end with Windows Server 2025, build 26100, where the two agree.
#
# The rule stands in a file for Windows only. That file and the one with the builds are built here as they are.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export GOMODCACHE=$work/mod GOFLAGS="-modcacherw -p=1" GOWORK=off

cat >go.mod <<'EOF'
module finding
EOF
hcsshim=$(go mod download -json github.com/Microsoft/hcsshim@v0.15.0 2>log | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p') ||
    { cat log; exit 2; }
mkdir osversion
cp "$hcsshim/osversion/windowsbuilds.go" osversion/
cp "$hcsshim/osversion/platform_compat_windows.go" osversion/compat.go
cat >osversion/version.go <<'EOF'
package osversion

type OSVersion struct {
	Version      uint32
	MajorVersion uint8
	MinorVersion uint8
	Build        uint16
}
EOF
cat >main.go <<'EOF'
package main

import (
	"fmt"

	"finding/osversion"
	"github.com/containerd/platforms"
)

func windows(build uint16) platforms.Platform {
	return platforms.Platform{OS: "windows", Architecture: "amd64", OSVersion: fmt.Sprintf("10.0.%d.1", build)}
}

func main() {
	for _, host := range []uint16{20348, 25398, 26100, 26200} {
		for _, image := range []uint16{20348, 25398, 26100} {
			containerd := platforms.NewMatcher(windows(host)).Match(windows(image))
			hcsshim := osversion.CheckHostAndContainerCompat(
				osversion.OSVersion{MajorVersion: 10, Build: host}, osversion.OSVersion{MajorVersion: 10, Build: image})
			fmt.Printf("host %d image %d: containerd %t, hcsshim %t\n", host, image, containerd, hcsshim)
		}
	}
}
EOF
go get github.com/containerd/platforms@v1.0.0-rc.5 2>log || { cat log; exit 2; }
seen=$(go run . 2>log) || { cat log; exit 2; }
expected='host 20348 image 20348: containerd true, hcsshim true
host 20348 image 25398: containerd false, hcsshim false
host 20348 image 26100: containerd false, hcsshim false
host 25398 image 20348: containerd true, hcsshim true
host 25398 image 25398: containerd true, hcsshim true
host 25398 image 26100: containerd false, hcsshim false
host 26100 image 20348: containerd true, hcsshim true
host 26100 image 25398: containerd true, hcsshim true
host 26100 image 26100: containerd true, hcsshim true
host 26200 image 20348: containerd true, hcsshim false
host 26200 image 25398: containerd true, hcsshim false
host 26200 image 26100: containerd true, hcsshim true'
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected"; exit 1; }
