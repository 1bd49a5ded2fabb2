// Moby's own client against an emulated host: networks, a container's life, a command in it.
//
// It reads DOCKER_HOST, prints one line for each step, and ends with 1 at the first surprise.
package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/filters"
	"github.com/docker/docker/api/types/image"
	"github.com/docker/docker/api/types/network"
	"github.com/docker/docker/client"
	"github.com/docker/docker/errdefs"
	"github.com/docker/docker/pkg/stdcopy"
	"github.com/docker/go-connections/nat"
)

const reference = "windows/nanoserver:ltsc2025"

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), 200*time.Second)
	defer cancel()
	docker, err := client.NewClientWithOpts(client.FromEnv, client.WithAPIVersionNegotiation())
	check("client", err)
	defer docker.Close()

	info, err := docker.Info(ctx)
	check("info", err)
	expect("system", info.OSType+" "+docker.ClientVersion(), "windows 1.51")

	pull(ctx, docker)
	shop := createNetwork(ctx, docker)
	web := runContainer(ctx, docker)
	inspect(ctx, docker, web)
	execute(ctx, docker, web, 0, "Reply from 10.70.0.50", "ping", "-n", "1", "www")
	execute(ctx, docker, web, 1, "could not find host nope", "ping", "-n", "1", "nope")
	connect(ctx, docker, web)
	stop(ctx, docker, web)
	check("container remove", docker.ContainerRemove(ctx, web, container.RemoveOptions{}))
	check("network remove", docker.NetworkRemove(ctx, shop))
	_, err = docker.NetworkInspect(ctx, shop, network.InspectOptions{})
	expect("network gone", fmt.Sprint(errdefs.IsNotFound(err)), "true")
}

func pull(ctx context.Context, docker *client.Client) {
	progress, err := docker.ImagePull(ctx, reference, image.PullOptions{})
	check("pull", err)
	defer progress.Close()
	_, err = io.Copy(io.Discard, progress)
	check("pull progress", err)
}

func createNetwork(ctx context.Context, docker *client.Client) string {
	subnet := network.IPAMConfig{Subnet: "10.70.0.0/24", Gateway: "10.70.0.1"}
	options := network.CreateOptions{
		Driver: "nat",
		IPAM:   &network.IPAM{Config: []network.IPAMConfig{subnet}},
		Labels: map[string]string{"stage": "test"},
	}
	created, err := docker.NetworkCreate(ctx, "shop", options)
	check("network create", err)
	_, err = docker.NetworkCreate(ctx, "shop", options)
	expect("network conflict", fmt.Sprint(errdefs.IsConflict(err)), "true")
	wanted := filters.NewArgs(filters.Arg("label", "stage=test"), filters.Arg("driver", "nat"))
	found, err := docker.NetworkList(ctx, network.ListOptions{Filters: wanted})
	check("network list", err)
	expect("networks", fmt.Sprint(len(found), " ", found[0].ID == created.ID), "1 true")
	return created.ID
}

func runContainer(ctx context.Context, docker *client.Client) string {
	config := &container.Config{Image: reference, ExposedPorts: nat.PortSet{"80/tcp": {}}}
	ports := nat.PortMap{"80/tcp": []nat.PortBinding{{HostPort: "8080"}}}
	host := &container.HostConfig{NetworkMode: "shop", PortBindings: ports}
	networks := &network.NetworkingConfig{EndpointsConfig: map[string]*network.EndpointSettings{
		"shop": {
			Aliases:    []string{"www"},
			IPAMConfig: &network.EndpointIPAMConfig{IPv4Address: "10.70.0.50"},
		},
	}}
	created, err := docker.ContainerCreate(ctx, config, host, networks, nil, "web")
	check("container create", err)
	check("container start", docker.ContainerStart(ctx, created.ID, container.StartOptions{}))
	return created.ID
}

func inspect(ctx context.Context, docker *client.Client, web string) {
	shown, err := docker.ContainerInspect(ctx, web)
	check("container inspect", err)
	settings := shown.NetworkSettings.Networks["shop"]
	expect("address", settings.IPAddress+" "+settings.Gateway, "10.70.0.50 10.70.0.1")
	expect("port", shown.NetworkSettings.Ports["80/tcp"][0].HostPort, "8080")
	listed, err := docker.ContainerList(ctx, container.ListOptions{})
	check("container list", err)
	expect("listed", strings.Join(listed[0].Names, " ")+" "+listed[0].State, "/web running")
}

func execute(
	ctx context.Context, docker *client.Client, web string, code int, text string, words ...string,
) {
	options := container.ExecOptions{Cmd: words, AttachStdout: true, AttachStderr: true}
	created, err := docker.ContainerExecCreate(ctx, web, options)
	check("exec create", err)
	stream, err := docker.ContainerExecAttach(ctx, created.ID, container.ExecAttachOptions{})
	check("exec attach", err)
	defer stream.Close()
	var output, errors bytes.Buffer
	_, err = stdcopy.StdCopy(&output, &errors, stream.Reader)
	check("exec output", err)
	ended, err := docker.ContainerExecInspect(ctx, created.ID)
	check("exec inspect", err)
	expect("exec code", fmt.Sprint(ended.ExitCode), fmt.Sprint(code))
	expect("exec text", fmt.Sprint(strings.Contains(output.String(), text)), "true")
}

func connect(ctx context.Context, docker *client.Client, web string) {
	check("connect", docker.NetworkConnect(ctx, "nat", web, nil))
	shown, err := docker.ContainerInspect(ctx, web)
	check("inspect connected", err)
	expect("networks of web", fmt.Sprint(len(shown.NetworkSettings.Networks)), "2")
	check("disconnect", docker.NetworkDisconnect(ctx, "nat", web, false))
}

func stop(ctx context.Context, docker *client.Client, web string) {
	ends, errors := docker.ContainerWait(ctx, web, container.WaitConditionNextExit)
	check("container stop", docker.ContainerStop(ctx, web, container.StopOptions{}))
	select {
	case end := <-ends:
		expect("exit code", fmt.Sprint(end.StatusCode), "3221225786")
	case err := <-errors:
		check("wait", err)
	}
}

func check(step string, err error) {
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", step, err)
		os.Exit(1)
	}
	fmt.Println(step)
}

func expect(what, found, wanted string) {
	if found != wanted {
		fmt.Fprintf(os.Stderr, "%s is %q, not %q\n", what, found, wanted)
		os.Exit(1)
	}
	fmt.Println(what)
}
