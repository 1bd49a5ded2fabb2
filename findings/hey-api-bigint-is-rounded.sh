#!/usr/bin/env bash
# hey-api's transformers make a bigint of an int64 that JavaScript rounded before
#
# Packages: @hey-api/openapi-ts 0.99.0 with its plugin @hey-api/transformers, TypeScript 5.9.3; Node 20.
# Expected: the plugin types an int64 as bigint and says it converts it, so it has all digits.
# Seen:     the answer is read with JSON.parse first; the transformer then makes a BigInt of that number's
#           decimal text. The FILETIME 134403149731848455 becomes 134403149731848450n: not what was sent,
#           nor what the double holds (…448), in a type that promises to be exact.
#           Without the plugin the type is number, which at least warns.
# Matters:  FILETIMEs (100 ns since 1601) need 57 bits; so do many 64-bit identifiers and counters. Sent
#           back or compared for equality, the value does not match.
# In docs:  docs/sdks.md says to read the text of the answer where the last digits count.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export npm_config_loglevel=error

cat >package.json <<'EOF'
{"private": true, "type": "module"}
EOF
cat >api.json <<'EOF'
{"openapi": "3.1.0", "info": {"title": "health", "version": "1"},
 "paths": {"/health": {"get": {"operationId": "getHealth", "responses": {"200": {
   "description": "The health.", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Health"}}}}}}}},
 "components": {"schemas": {"Health": {"type": "object", "required": ["LastUpdateTime"], "properties": {
   "LastUpdateTime": {"type": "integer", "format": "int64"}}}}}}
EOF
cat >openapi-ts.config.mjs <<'EOF'
export default {
  input: "api.json",
  output: "generated",
  plugins: ["@hey-api/client-fetch", "@hey-api/transformers", { name: "@hey-api/sdk", transformer: true }],
};
EOF
cat >main.ts <<'EOF'
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getHealth } from "./generated";
import { createClient } from "./generated/client";

const answer = '{"LastUpdateTime":134403149731848455}';
const server = createServer((_, response) => {
  response.setHeader("Content-Type", "application/json").end(answer);
}).listen(0, "127.0.0.1", async () => {
  const { port } = server.address() as AddressInfo;
  const { data } = await getHealth({ client: createClient({ baseUrl: `http://127.0.0.1:${port}` }) });
  const time: bigint = data!.LastUpdateTime;
  console.log(`answered ${answer}`);
  console.log(`read     ${typeof time} ${time}`);
  server.close();
});
EOF
npm install --silent --no-audit --no-fund @hey-api/openapi-ts@0.99.0 typescript@5.9.3 @types/node@20.19.9 esbuild@0.28.2 >log 2>&1 ||
    { cat log; exit 2; }
npx openapi-ts --silent >log 2>&1 || { cat log; exit 2; }
npx tsc --noEmit --strict --skipLibCheck --target es2022 --module esnext --moduleResolution bundler main.ts >log 2>&1 ||
    { cat log; exit 2; }
npx esbuild main.ts --bundle --platform=node --format=esm --outfile=main.mjs --log-level=error >log 2>&1 || { cat log; exit 2; }
seen=$(timeout 60 node main.mjs 2>log) || { cat log; exit 2; }
expected='answered {"LastUpdateTime":134403149731848455}
read     bigint 134403149731848450'
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected"; exit 1; }
