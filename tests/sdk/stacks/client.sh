#!/usr/bin/env bash
# The scenario of ../test_stacks.py with curl.
# client.sh URL [OPTION OF CURL ...]
set -euo pipefail
url=$1
options=(--silent --show-error --header "Content-Type: application/json" "${@:2}")

# send STEP PATH [OPTION ...]: print the step, the status and the body
send() {
    : >body
    curl "${options[@]}" --dump-header headers --output "${output:-body}" "${@:3}" \
        --write-out "$1\t%{http_code}\t" "$url$2"
    cat body
    echo
}

document() { sed "s/@NETWORK@/${2:-}/" "documents/$1"; }

# the last part of the answer's Location
id() { sed -n 's/^location: .*\/\([^/\r]*\).*/\1/p' headers; }

send create /v2/networks --data-binary @documents/network.json
network=$(id)
# what comes from a pipe has no length
document endpoint.json "$network" |
    send chunked /v2/endpoints --request POST --upload-file - --header "Transfer-Encoding: chunked"
pod=$(id)
send modify "/v2/endpoints/$pod" --request PATCH --data-binary @documents/modify.json
send list "/v2/endpoints?query=$(cat documents/query.txt)"
send named "/host/vfp/ports/pod%20%C3%BC%2B%26%25%2F1"
output=/dev/null send head /v2/endpoints --head
send refused /v2/endpoints --data-binary "$(document refused.json "$network")"
send invalid /v2/networks --data-binary @documents/invalid.txt
send expect /v2/namespaces --data-binary @documents/namespace.json --header "Expect: 100-continue"
send empty "/v1/endpoints/$pod/refresh" --request POST
send delete "/v2/endpoints/$pod" --request DELETE
send missing "/v2/endpoints/$pod"
