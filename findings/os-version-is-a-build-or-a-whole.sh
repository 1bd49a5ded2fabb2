#!/usr/bin/env bash
# Asked for Windows 10.0.20348, four libraries find the image of that build, no image, or any image
#
# Packages: github.com/containerd/platforms v1.0.0-rc.5 and v0.2.1, which `go get …@latest` gives,
#           github.com/google/go-containerregistry v0.22.1 (crane, ko), oras.land/oras-go/v2 v2.7.0 and
#           github.com/regclient/regclient v0.11.7, on Linux.
# Expected: an index of a Windows image names each image's os.version with its monthly revision, 10.0.20348.3932;
#           who asks for 10.0.20348 means the build, and all libraries find that image.
# Seen:     containerd's next version and regclient do. go-containerregistry and ORAS compare the whole text: no image.
#           containerd's last version ignores os.version on Linux: every image fits, the first one is taken.
#           go-containerregistry reads containerd's spelling windows(10.0.20348)/amd64 without complaint, as an
#           operating system named "windows(10.0.20348)".
# Matters:  CI on Linux copies or checks images for Windows nodes. Full revisions in a script work until next month's
#           patch day; a short one finds nothing, or an image of a newer build, which the node refuses to start.
# In docs:  nothing acts on it; the image of a container has no part in what hnsemu shows.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export GOMODCACHE=$work/mod GOFLAGS="-modcacherw -p=1" GOWORK=off

mkdir latest next
cat >latest/main.go <<'EOF'
package main

import (
	"fmt"

	"github.com/containerd/platforms"
)

func main() {
	wanted := platforms.NewMatcher(platforms.Platform{OS: "windows", Architecture: "amd64", OSVersion: "10.0.20348"})
	for _, version := range []string{"10.0.26100.4652", "10.0.20348.3932", "10.0.17763.7558"} {
		image := platforms.Platform{OS: "windows", Architecture: "amd64", OSVersion: version}
		fmt.Printf("  %s %t\n", version, wanted.Match(image))
	}
}
EOF
cp latest/main.go next/main.go
mkdir others
cat >others/main.go <<'EOF'
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"github.com/regclient/regclient/types/platform"
	"oras.land/oras-go/v2"
	"oras.land/oras-go/v2/content"
	"oras.land/oras-go/v2/content/memory"
)

var versions = []string{"10.0.26100.4652", "10.0.20348.3932", "10.0.17763.7558"}

func main() {
	for _, wanted := range []string{"10.0.20348", "10.0.20348.3932"} {
		fmt.Println("asked for", wanted)
		for _, version := range versions {
			google := v1.Platform{OS: "windows", Architecture: "amd64", OSVersion: version}.Satisfies(
				v1.Platform{OS: "windows", Architecture: "amd64", OSVersion: wanted})
			regclient := platform.Match(platform.Platform{OS: "windows", Architecture: "amd64", OSVersion: wanted},
				platform.Platform{OS: "windows", Architecture: "amd64", OSVersion: version})
			fmt.Printf("  %s go-containerregistry %t, regclient %t\n", version, google, regclient)
		}
		fmt.Println("  ORAS:", resolved(wanted))
	}
	read, err := v1.ParsePlatform("windows(10.0.20348)/amd64")
	fmt.Printf("go-containerregistry reads OS %q, version %q, %v\n", read.OS, read.OSVersion, err)
}

// resolved returns the version of the image that ORAS takes from an index.
func resolved(wanted string) string {
	ctx, store := context.Background(), memory.New()
	index := ocispec.Index{MediaType: ocispec.MediaTypeImageIndex}
	index.SchemaVersion = 2
	for _, version := range versions {
		manifest := push(ctx, store, ocispec.MediaTypeImageManifest, ocispec.Manifest{
			MediaType: ocispec.MediaTypeImageManifest, Annotations: map[string]string{"version": version}})
		manifest.Platform = &ocispec.Platform{OS: "windows", Architecture: "amd64", OSVersion: version}
		index.Manifests = append(index.Manifests, manifest)
	}
	if err := store.Tag(ctx, push(ctx, store, ocispec.MediaTypeImageIndex, index), "image"); err != nil {
		panic(err)
	}
	platform := &ocispec.Platform{OS: "windows", Architecture: "amd64", OSVersion: wanted}
	found, err := oras.Resolve(ctx, store, "image", oras.ResolveOptions{TargetPlatform: platform})
	if err != nil {
		_, reason, _ := strings.Cut(err.Error(), ": ")
		return reason
	}
	return found.Platform.OSVersion
}

func push(ctx context.Context, store *memory.Store, mediaType string, document any) ocispec.Descriptor {
	text, _ := json.Marshal(document)
	descriptor := content.NewDescriptorFromBytes(mediaType, text)
	if err := store.Push(ctx, descriptor, strings.NewReader(string(text))); err != nil {
		panic(err)
	}
	return descriptor
}
EOF
# run FOLDER MODULE@VERSION …: what the program in the folder prints
run() {
    local folder=$1
    shift
    (
        cd "$folder"
        printf 'module finding\n' >go.mod
        { go get "$@" && go build -o finding .; } >log 2>&1 || { cat log >&2; exit 2; }
        ./finding
    )
}
seen=$(
    echo "containerd's platforms v0.2.1, asked for 10.0.20348"
    run latest github.com/containerd/platforms@v0.2.1
    echo "containerd's platforms v1.0.0-rc.5, asked for 10.0.20348"
    run next github.com/containerd/platforms@v1.0.0-rc.5
    run others github.com/google/go-containerregistry@v0.22.1 oras.land/oras-go/v2@v2.7.0 \
        github.com/regclient/regclient@v0.11.7
)
expected='containerd'"'"'s platforms v0.2.1, asked for 10.0.20348
  10.0.26100.4652 true
  10.0.20348.3932 true
  10.0.17763.7558 true
containerd'"'"'s platforms v1.0.0-rc.5, asked for 10.0.20348
  10.0.26100.4652 false
  10.0.20348.3932 true
  10.0.17763.7558 false
asked for 10.0.20348
  10.0.26100.4652 go-containerregistry false, regclient false
  10.0.20348.3932 go-containerregistry false, regclient true
  10.0.17763.7558 go-containerregistry false, regclient false
  ORAS: not found: no matching manifest was found in the manifest list
asked for 10.0.20348.3932
  10.0.26100.4652 go-containerregistry false, regclient false
  10.0.20348.3932 go-containerregistry true, regclient true
  10.0.17763.7558 go-containerregistry false, regclient false
  ORAS: 10.0.20348.3932
go-containerregistry reads OS "windows(10.0.20348)", version "", <nil>'
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected"; exit 1; }
