// The scenario of ../test_stacks.py with Node's fetch (undici); node:http where fetch forbids Expect.
// node client.mjs URL

import { readFileSync } from "node:fs";
import { request } from "node:http";

const url = process.argv[2];
const document = (name, network = "") =>
  readFileSync(`documents/${name}`, "utf8").replace("@NETWORK@", network);

function show(step, status, body) {
  console.log(`${step}\t${status}\t${body}`);
}

async function send(step, method, path, body) {
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch(url + path, { method, headers, body, duplex: "half" });
  show(step, answer.status, await answer.text());
  return answer.headers.get("location")?.split("/").pop();
}

function stream(text) {
  return new ReadableStream({
    start(controller) {
      const bytes = new TextEncoder().encode(text);
      controller.enqueue(bytes.slice(0, 20));
      controller.enqueue(bytes.slice(20));
      controller.close();
    },
  });
}

function expect(step, path, body) {
  return new Promise((resolve, reject) => {
    const headers = { Expect: "100-continue", "Content-Type": "application/json" };
    const sent = request(url + path, { method: "POST", headers }, async (answer) => {
      show(step, answer.statusCode, (await answer.toArray()).join(""));
      resolve();
    });
    sent.on("error", reject);
    sent.on("continue", () => sent.end(body));
    sent.flushHeaders();
  });
}

const network = await send("create", "POST", "/v2/networks", document("network.json"));
const pod = await send("chunked", "POST", "/v2/endpoints", stream(document("endpoint.json", network)));
await send("modify", "PATCH", `/v2/endpoints/${pod}`, document("modify.json"));
await send("list", "GET", `/v2/endpoints?query=${document("query.txt").trim()}`);
await send("named", "GET", "/host/vfp/ports/pod%20%C3%BC%2B%26%25%2F1");
await send("head", "HEAD", "/v2/endpoints");
await send("refused", "POST", "/v2/endpoints", document("refused.json", network));
await send("invalid", "POST", "/v2/networks", document("invalid.txt"));
await expect("expect", "/v2/namespaces", document("namespace.json"));
await send("empty", "POST", `/v1/endpoints/${pod}/refresh`);
await send("delete", "DELETE", `/v2/endpoints/${pod}`);
await send("missing", "GET", `/v2/endpoints/${pod}`);
