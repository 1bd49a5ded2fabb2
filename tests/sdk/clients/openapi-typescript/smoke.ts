// Drive a live service with openapi-fetch and the types that openapi-typescript generates.
// node smoke.js URL

import assert from "node:assert/strict";
import createClient from "openapi-fetch";
import type { components, paths } from "./hns.js";

type Endpoint = components["schemas"]["HostComputeEndpoint"];

const ENDPOINT_NOT_FOUND = 0x803b0002;
const INVALID_POLICY_TYPE = 0x803b000e;

const url = process.argv[2]!;
const service = createClient<paths>({ baseUrl: url });
const baseUrl = `${url}/hosts/sdk-typescript`;
const host = createClient<paths>({ baseUrl });
const kinds = (endpoint: Endpoint) => (endpoint.Policies ?? []).map((each) => each.Type).sort();

const defined = await service.PUT("/emulator/hosts/{name}", {
  params: { path: { name: "sdk-typescript" } },
  body: { release: "ws2025", adapters: [{ name: "Ethernet", address: "10.0.0.4/24" }] },
});
assert.equal(defined.data?.name, "sdk-typescript");

const subnet = {
  IpAddressPrefix: "10.7.0.0/24",
  Routes: [{ NextHop: "10.7.0.1", DestinationPrefix: "0.0.0.0/0" }],
};
const { data: network } = await host.POST("/v2/networks", {
  body: { Name: "sdk", Type: "L2Bridge", SchemaVersion: { Major: 2 }, Ipams: [{ Subnets: [subnet] }] },
});
assert(network?.ID);
const { data: endpoint } = await host.POST("/v2/endpoints", {
  body: {
    Name: "pod",
    HostComputeNetwork: network.ID,
    SchemaVersion: { Major: 2 },
    Policies: [{ Type: "OutBoundNAT", Settings: { Exceptions: ["10.7.0.0/24"] } }],
  },
});
assert(endpoint?.ID);
const { data: listed } = await host.GET("/v2/endpoints");
assert.deepEqual(listed?.map((each) => each.ID), [endpoint.ID]);
const path = { id: endpoint.ID };

// A FILETIME has more than 53 bits: as a number it is right to a microsecond, in the text exact.
const { data: text } = await host.GET("/v2/endpoints/{id}", { params: { path }, parseAs: "text" });
const exact = BigInt(/"LastUpdateTime":(\d+)/.exec(text ?? "")![1]!);
const rounded = endpoint.Health?.Extra?.Resources?.Health?.LastUpdateTime;
assert(rounded !== undefined && exact > 2n ** 56n);
assert(Math.abs(Number(BigInt(rounded) - exact)) <= 8);
assert(network.Version! > 2 ** 32);

const modified = await host.PATCH("/v2/endpoints/{id}", {
  params: { path },
  body: {
    ResourceType: "Policy",
    RequestType: "Add",
    Settings: {
      Policies: [{ Type: "ACL", Settings: { Action: "Block", Direction: "In", Priority: 200 } }],
    },
  },
});
assert.equal(modified.response.status, 200);
const { data: shown } = await host.GET("/v2/endpoints/{id}", { params: { path } });
assert.deepEqual(kinds(shown!), ["ACL", "OutBoundNAT"]);

// A Windows that has a policy type which the document does not know.
const later = createClient<paths>({
  baseUrl,
  fetch: async (request) => {
    const answer = await fetch(request);
    const text = (await answer.text()).replace('"OutBoundNAT"', '"FromTheFuture"');
    return new Response(text, answer);
  },
});
const { data: unknown } = await later.GET("/v2/endpoints/{id}", { params: { path } });
assert.deepEqual(kinds(unknown!), ["ACL", "FromTheFuture"]);

const refused = await host.POST("/v2/endpoints", {
  body: {
    HostComputeNetwork: network.ID,
    SchemaVersion: { Major: 2 },
    Policies: [{ Type: "FromTheFuture", Settings: { X: 1 } }],
  },
});
assert.equal(refused.response.status, 400);
assert.equal(refused.error?.ErrorCode, INVALID_POLICY_TYPE);

const deleted = await host.DELETE("/v2/endpoints/{id}", { params: { path } });
assert.equal(deleted.response.status, 204);
const missing = await host.GET("/v2/endpoints/{id}", { params: { path } });
assert.equal(missing.response.status, 404);
assert.equal(missing.error?.ErrorCode, ENDPOINT_NOT_FOUND);
assert.deepEqual((await host.GET("/v2/endpoints")).data, []);
const gone = await service.DELETE("/emulator/hosts/{name}", {
  params: { path: { name: "sdk-typescript" } },
});
assert.equal(gone.response.status, 204);
