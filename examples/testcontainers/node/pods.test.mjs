// @ts-check
// The service runs in a container, unless HNSEMU_URL names one; the test has a host of its own.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";

let service = process.env.HNSEMU_URL ?? "";
/** @type {import("testcontainers").StartedTestContainer | undefined} */
let container;

before(async () => {
  if (service) return;
  const { GenericContainer, Wait } = await import("testcontainers");
  const ready = Wait.forHttp("/readyz", 8420).forStatusCode(200);
  container = await new GenericContainer("hnsemu").withExposedPorts(8420).withWaitStrategy(ready).start();
  service = `http://${container.getHost()}:${container.getMappedPort(8420)}`;
});

after(() => container?.stop());

test("one network is created", async (context) => {
  const name = `pods-${randomUUID()}`;
  const [host, emulator] = [`${service}/hosts/${name}`, `${service}/emulator/hosts/${name}`];
  await send("PUT", emulator, { journal: true });
  context.after(() => send("DELETE", emulator));

  await send("POST", `${host}/v2/networks`, { Name: "pods", Type: "L2Bridge" }); // your program

  const expectation = { match: { operation: "HcnCreateNetwork", name: "pods" }, count: 1 };
  const seen = await send("POST", `${emulator}/requests/verify`, expectation);
  assert.match(seen, /"verified":true/);
});

/** @param {string} method @param {string} url @param {object} [document] */
async function send(method, url, document) {
  const answer = await fetch(url, { method, body: document && JSON.stringify(document) });
  const body = await answer.text();
  assert.ok(answer.ok, body);
  return body;
}
