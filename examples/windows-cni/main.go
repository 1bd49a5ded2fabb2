//go:build windows

// Command windows-cni is a small CNI plugin: an L2Bridge network, an endpoint and a namespace for
// each container, and a load balancer in front of them. It shows how such a program is tested on
// Linux; real plugins do more.
package main

import (
	"encoding/json"
	"fmt"
	"os"
)

func main() {
	var config Config
	result, err := Result{}, json.NewDecoder(os.Stdin).Decode(&config)
	if err == nil {
		switch command := os.Getenv("CNI_COMMAND"); command {
		case "ADD":
			result, err = config.Add(os.Getenv("CNI_CONTAINERID"), os.Getenv("CNI_NETNS"))
		case "DEL":
			err = config.Del(os.Getenv("CNI_CONTAINERID"), os.Getenv("CNI_NETNS"))
		default:
			err = fmt.Errorf("CNI_COMMAND is %q; give ADD or DEL", command)
		}
	}
	if err != nil {
		_ = json.NewEncoder(os.Stdout).Encode(map[string]any{"code": 999, "msg": err.Error()})
		os.Exit(1)
	}
	_ = json.NewEncoder(os.Stdout).Encode(result)
}
