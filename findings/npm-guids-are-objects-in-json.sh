#!/usr/bin/env bash
# npm's GUID classes are objects in JSON and mind the case, and one of them makes zeros of a GUID in braces
#
# Packages: guid-typescript 1.0.9 and js-guid 1.0.2, beside uuid 14.0.3 (npm); Node 20.
# Expected: a GUID is a value of 16 bytes: capitals and small letters are equal, in JSON it is its text, and what is
#           in braces is read or refused, as by .NET's Guid, Go's guid.GUID and Python's UUID.
# Seen:     both classes compare the texts that they were made of: HNS's capitals are unequal to the small letters of
#           the same GUID. Both write an object into JSON, {"value": …} and {"BytesGuid": …, "StringGuid": …}, and
#           neither reads its own back. Whatever guid-typescript does not know as a GUID is the GUID of zeros to it,
#           without an error: its own JSON, and a GUID in braces. js-guid refuses both. With uuid a GUID is a text,
#           and parse and stringify bring it to small letters.
# Matters:  HNS writes capitals, hcsshim small letters: an endpoint does not find its network in a list. InterfaceGuid
#           of Get-NetAdapter is in braces: all adapters become one. And with `ID: Guid` in the types of a client, what
#           is sent as ID is an object.
# In docs:  docs/fidelity.md: GUIDs in any case, with or without braces.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export npm_config_loglevel=error

npm install --silent --no-audit --no-fund --ignore-scripts guid-typescript@1.0.9 js-guid@1.0.2 uuid@14.0.3 >log 2>&1 ||
    { cat log; exit 2; }
cat >guids.mjs <<'EOF'
import typescriptGuid from "guid-typescript";
import jsGuid from "js-guid";
import * as uuid from "uuid";

const CAPITALS = "B9BDF86E-4F5D-4B1E-9B0C-1A2B3C4D5E6F";
const SMALL = CAPITALS.toLowerCase();
const BRACES = `{${CAPITALS}}`;

const text = (make) => {
    try {
        return String(make());
    } catch (error) {
        return `refused: ${error.message}`;
    }
};
const show = (name, read) => {
    const guid = read(CAPITALS);
    const json = JSON.stringify({ ID: guid });
    console.log(name);
    console.log("  equals its small letters:", guid.equals(read(SMALL)));
    console.log("  as JSON:", json.replace(/"BytesGuid":\{[^}]*\}/, '"BytesGuid":{…}'));
    console.log("  reads its JSON as:", text(() => read(JSON.parse(json).ID)));
    console.log("  reads braces as:", text(() => read(BRACES)));
};
show("guid-typescript", (value) => typescriptGuid.Guid.parse(value));
show("js-guid", (value) => new jsGuid.Guid(value));
console.log("uuid");
console.log("  brings capitals to:", uuid.stringify(uuid.parse(CAPITALS)));
console.log("  takes braces:", uuid.validate(BRACES));
EOF
seen=$(node guids.mjs 2>log) || { cat log; exit 2; }
expected='guid-typescript
  equals its small letters: false
  as JSON: {"ID":{"value":"B9BDF86E-4F5D-4B1E-9B0C-1A2B3C4D5E6F"}}
  reads its JSON as: 00000000-0000-0000-0000-000000000000
  reads braces as: 00000000-0000-0000-0000-000000000000
js-guid
  equals its small letters: false
  as JSON: {"ID":{"BytesGuid":{…},"StringGuid":"B9BDF86E-4F5D-4B1E-9B0C-1A2B3C4D5E6F"}}
  reads its JSON as: refused: UnSupported type! please specify one of the following: [Guid | string | Uint8Array]
  reads braces as: refused: Invalid Guid value! Please specify a valid value!
uuid
  brings capitals to: b9bdf86e-4f5d-4b1e-9b0c-1a2b3c4d5e6f
  takes braces: false'
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected"; exit 1; }
