// Drive a live service with the fetch functions of orval.
// node smoke.js URL

import assert from "node:assert/strict";
import { base } from "./at";
import * as hns from "./hns/hns";

const NAME = "sdk-orval";
const ENDPOINT_NOT_FOUND = 0x803b0002;
const INVALID_POLICY_TYPE = 0x803b000e;

const url = process.argv[2]!;
const kinds = (endpoint: hns.HostComputeEndpoint) =>
  (endpoint.Policies ?? []).map((policy) => policy.Type).sort();

base.url = url;
const defined = await hns.defineHost(NAME, { release: "ws2022", adapters: [{ name: "Ethernet" }] });
assert(defined.status === 201 && defined.data.name === NAME);
base.url = `${url}/hosts/${NAME}`;

const network = await hns.createNetwork({
  Name: "sdk",
  Type: "L2Bridge",
  SchemaVersion: { Major: 2 },
  Ipams: [{ Subnets: [{ IpAddressPrefix: "10.7.0.0/24" }] }],
});
assert(network.status === 201);
const endpoint = await hns.createEndpoint({
  Name: "pod",
  HostComputeNetwork: network.data.ID,
  SchemaVersion: { Major: 2 },
  Policies: [{ Type: "OutBoundNAT", Settings: { Exceptions: ["10.7.0.0/24"] } }],
});
assert(endpoint.status === 201 && endpoint.data.ID);
const id = endpoint.data.ID;
const listed = await hns.listEndpoints();
assert(listed.status === 200);
assert.deepEqual(listed.data.map(({ ID }) => ID), [id]);

const acl = { Type: "ACL", Settings: { Action: "Block", Direction: "In", Priority: 200 } };
const modified = await hns.modifyEndpoint(id, {
  ResourceType: "Policy",
  RequestType: "Add",
  Settings: { Policies: [acl] },
});
assert.equal(modified.status, 200);
const shown = await hns.getEndpoint(id);
assert(shown.status === 200);
assert.deepEqual(kinds(shown.data), ["ACL", "OutBoundNAT"]);

const refused = await hns.createEndpoint({
  HostComputeNetwork: network.data.ID,
  SchemaVersion: { Major: 2 },
  Policies: [{ Type: "FromTheFuture" }],
});
assert(refused.status !== 201 && refused.data.ErrorCode === INVALID_POLICY_TYPE, String(refused.status));

assert.equal((await hns.deleteEndpoint(id)).status, 204);
const missing = await hns.getEndpoint(id);
assert(missing.status !== 200 && missing.data.ErrorCode === ENDPOINT_NOT_FOUND, String(missing.status));
assert.deepEqual((await hns.listEndpoints()).data, []);
base.url = url;
assert.equal((await hns.deleteHost(NAME)).status, 204);
