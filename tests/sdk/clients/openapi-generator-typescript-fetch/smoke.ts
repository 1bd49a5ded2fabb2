// Drive a live service with the typescript-fetch client of openapi-generator.
// node smoke.js URL

import assert from "node:assert/strict";
import * as hns from "./hns";

const NAME = "sdk-openapi-generator-typescript-fetch";
const ENDPOINT_NOT_FOUND = 0x803b0002;
const INVALID_POLICY_TYPE = 0x803b000e;

const url = process.argv[2]!;
const emulator = new hns.EmulatorApi(new hns.Configuration({ basePath: url }));
const configuration = new hns.Configuration({ basePath: `${url}/hosts/${NAME}` });
const networks = new hns.NetworksApi(configuration);
const endpoints = new hns.EndpointsApi(configuration);
const kinds = (endpoint: hns.HostComputeEndpoint) =>
  (endpoint.policies ?? []).map((policy) => policy.type).sort();

async function refused(call: Promise<unknown>, status: number, code: number) {
  await assert.rejects(call, (error) => error instanceof hns.ResponseError && error.response.status === status);
  const error = (await call.catch((error: unknown) => error)) as hns.ResponseError;
  assert.equal(hns.ErrorRecordFromJSON(await error.response.json()).errorCode, code);
}

const hostSettings = { release: "ws2022", adapters: [{ name: "Ethernet" }] };
assert.equal((await emulator.defineHost({ name: NAME, hostSettings })).name, NAME);

const schemaVersion = { major: 2 };
const network = await networks.createNetwork({
  hostComputeNetwork: {
    name: "sdk",
    type: "L2Bridge",
    schemaVersion,
    ipams: [{ subnets: [{ ipAddressPrefix: "10.7.0.0/24" }] }],
  },
});
const nat = { type: "OutBoundNAT", settings: { Exceptions: ["10.7.0.0/24"] } };
const endpoint = await endpoints.createEndpoint({
  hostComputeEndpoint: { name: "pod", hostComputeNetwork: network.iD, schemaVersion, policies: [nat] },
});
const id = endpoint.iD!;
assert.deepEqual((await endpoints.listEndpoints()).map((listed) => listed.iD), [id]);

const acl = { Type: "ACL", Settings: { Action: "Block", Direction: "In", Priority: 200 } };
await endpoints.modifyEndpoint({
  id,
  modifyEndpointSettingRequest: { resourceType: "Policy", requestType: "Add", settings: { Policies: [acl] } },
});
assert.deepEqual(kinds(await endpoints.getEndpoint({ id })), ["ACL", "OutBoundNAT"]);

const wrong = { hostComputeNetwork: network.iD, schemaVersion, policies: [{ type: "FromTheFuture" }] };
await refused(endpoints.createEndpoint({ hostComputeEndpoint: wrong }), 400, INVALID_POLICY_TYPE);
await endpoints.deleteEndpoint({ id });
await refused(endpoints.getEndpoint({ id }), 404, ENDPOINT_NOT_FOUND);
assert.deepEqual(await endpoints.listEndpoints(), []);
await emulator.deleteHost({ name: NAME });
