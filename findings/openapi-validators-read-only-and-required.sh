#!/usr/bin/env bash
# Whether a create may, must or must not send a required readOnly Id depends on the validator
#
# Packages: openapi-backend 5.21.2, openapi-enforcer 1.23.0 and openapi-request-validator 12.1.3 (npm), openapi-core 0.23.1
#           (PyPI).
# Expected: OpenAPI 3.0: a readOnly property that is required is required in answers only, and should not be sent. A
#           create without Id is valid; with one it is tolerated or refused, everywhere alike.
# Seen:     openapi-backend refuses the create without Id and takes the one with it; openapi-enforcer and
#           openapi-request-validator do the reverse. openapi-core does either, by the first line of the document:
#           with `openapi: 3.0.3` it refuses the Id, with 3.1.0 its absence.
# Matters:  an Id that the server gives and always answers is the usual shape in this field. One document and one
#           request pass in a mock and fail in a gateway, and a document that is lifted to 3.1 turns round.
# In docs:  docs/sdks.md, "Use": what of our document is readOnly, and that none of it is required.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export npm_config_loglevel=error

cat >api.json <<'EOF'
{"openapi": "3.0.3", "info": {"title": "endpoints", "version": "1"}, "servers": [{"url": "http://localhost"}],
 "paths": {"/endpoints": {"post": {"operationId": "create", "requestBody": {"required": true, "content": {
   "application/json": {"schema": {"$ref": "#/components/schemas/Endpoint"}}}},
   "responses": {"200": {"description": "Created."}}}}},
 "components": {"schemas": {"Endpoint": {"type": "object", "required": ["Id", "Name"], "properties": {
   "Id": {"type": "string", "readOnly": true}, "Name": {"type": "string"}}}}}}
EOF
cat >check.js <<'EOF'
const Backend = require("openapi-backend").default;
const Enforcer = require("openapi-enforcer");
const Validator = require("openapi-request-validator").default;

const read = () => JSON.parse(require("fs").readFileSync("api.json", "utf8"));
const bodies = { "without Id": { Name: "pod" }, "with Id": { Id: "1", Name: "pod" } };
const headers = { "content-type": "application/json" };

async function main() {
  const backend = new Backend({ definition: read() });
  await backend.init();
  const enforcer = await Enforcer(read(), { hideWarnings: true });
  const { paths, components } = read();
  const validator = new Validator({ ...paths["/endpoints"].post, componentSchemas: components.schemas });
  for (const [name, body] of Object.entries(bodies)) {
    const request = { method: "POST", path: "/endpoints", headers, body };
    const say = (who, fault) => console.log(`${who}: ${name} ${fault ? "refused" : "taken"}`);
    say("openapi-backend", backend.validateRequest(request).errors);
    const [, fault] = enforcer.request(request);
    say("openapi-enforcer", fault);
    say("openapi-request-validator", validator.validateRequest({ headers, body }));
  }
}

main();
EOF
cat >check.py <<'EOF'
import json

from openapi_core import OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.testing import MockRequest

BODIES = {"without Id": {"Name": "pod"}, "with Id": {"Id": "1", "Name": "pod"}}

for version in ("3.0.3", "3.1.0"):
    with open("api.json") as file:
        api = OpenAPI.from_dict(json.load(file) | {"openapi": version})
    for name, body in BODIES.items():
        sent = json.dumps(body).encode()
        request = MockRequest("http://localhost", "post", "/endpoints", data=sent, content_type="application/json")
        try:
            api.validate_request(request)
        except OpenAPIError:
            print(f"openapi-core, {version}: {name} refused")
        else:
            print(f"openapi-core, {version}: {name} taken")
EOF
{
    npm install --silent --no-audit --no-fund --ignore-scripts openapi-backend@5.21.2 openapi-enforcer@1.23.0 \
        openapi-request-validator@12.1.3
    python3 -m venv venv
    venv/bin/pip install -q --disable-pip-version-check openapi-core==0.23.1
} >log 2>&1 || { cat log; exit 2; }
seen=$(node check.js 2>log && venv/bin/python check.py 2>log) || { cat log; exit 2; }
seen=$(LC_ALL=C sort <<<"$seen")
expected='openapi-backend: with Id taken
openapi-backend: without Id refused
openapi-core, 3.0.3: with Id refused
openapi-core, 3.0.3: without Id taken
openapi-core, 3.1.0: with Id taken
openapi-core, 3.1.0: without Id refused
openapi-enforcer: with Id refused
openapi-enforcer: without Id taken
openapi-request-validator: with Id refused
openapi-request-validator: without Id taken'
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected"; exit 1; }
