#include "containers.h"

#include <stdlib.h>
#include <string.h>

#include "hcs.h"
#include "text.h"

static bool same(struct json one, struct json other)
{
    return one.length == other.length && memcmp(one.start, other.start, one.length) == 0;
}

static void note(struct containers *known, struct json id)
{
    if (id.start == NULL || id.length <= 2)
        return;
    for (size_t i = 0; i < known->count; i++)
        if (same(known->ids[i], id))
            return;
    struct json *more = realloc(known->ids, (known->count + 1) * sizeof *more);
    if (more == NULL) {
        known->failed = true;
        return;
    }
    known->ids = more;
    known->ids[known->count++] = id;
}

static void note_of_namespaces(struct containers *known, struct json namespaces)
{
    for (struct json namespace = {NULL, 0}; json_next(namespaces, &namespace);) {
        struct json resources = json_member(namespace, "Resources");
        for (struct json resource = {NULL, 0}; json_next(resources, &resource);) {
            struct json type = json_plain_string(json_member(resource, "Type"));
            if (type.start != NULL && type.length == 9 && memcmp(type.start, "Container", 9) == 0)
                note(known, json_member(json_member(resource, "Data"), "Id"));
        }
    }
}

static void note_of_endpoints(struct containers *known, struct json envelope)
{
    struct json endpoints = json_member(envelope, "Output");
    for (struct json endpoint = {NULL, 0}; json_next(endpoints, &endpoint);) {
        struct json sharing = json_member(endpoint, "SharedContainers");
        for (struct json id = {NULL, 0}; json_next(sharing, &id);)
            note(known, id);
    }
}

HRESULT containers_read(struct containers *known)
{
    *known = (struct containers){.ids = NULL};
    known->namespaces = service_call("GET", "/v2/namespaces", NULL);
    known->endpoints = service_call("GET", "/v1/endpoints/", NULL);
    if (FAILED(known->namespaces.result))
        return known->namespaces.result;
    if (FAILED(known->endpoints.result))
        return known->endpoints.result;
    note_of_namespaces(known, json_read(known->namespaces.body.bytes, known->namespaces.body.length));
    note_of_endpoints(known, json_read(known->endpoints.body.bytes, known->endpoints.body.length));
    return known->failed ? E_OUTOFMEMORY : S_OK;
}

void containers_free(struct containers *known)
{
    free(known->ids);
    buffer_free(&known->namespaces.body);
    buffer_free(&known->endpoints.body);
}

HRESULT containers_find(const char *id, size_t length)
{
    struct containers known;
    HRESULT result = containers_read(&known);
    if (SUCCEEDED(result)) {
        result = HCS_E_SYSTEM_NOT_FOUND;
        for (size_t i = 0; i < known.count; i++) {
            struct json plain = json_plain_string(known.ids[i]);
            if (plain.start != NULL && plain.length == length && memcmp(plain.start, id, length) == 0)
                result = S_OK;
        }
    }
    containers_free(&known);
    return result;
}

/* Return what the envelope of HNS says: some releases refuse with S_OK beside Success false. */
static HRESULT result_of(const struct reply *reply)
{
    uint64_t code;
    struct json envelope = json_read(reply->body.bytes, reply->body.length);
    bool refused = json_number(json_member(envelope, "ErrorCode"), &code) && code != 0;
    return SUCCEEDED(reply->result) && refused ? (HRESULT)code : reply->result;
}

HRESULT containers_change(const char *container, struct json endpoint, bool attaches)
{
    struct buffer path = BUFFER_EMPTY, body = BUFFER_EMPTY;
    buffer_append_text(&path, "/v1/endpoints/");
    text_append_escaped(&path, endpoint.start, endpoint.length);
    buffer_append_text(&path, attaches ? "/attach" : "/detach");
    buffer_append_text(&body, "{\"ContainerId\":\"");
    text_append_quoted(&body, container, strlen(container));
    buffer_append_text(&body, "\",\"SystemType\":\"Container\"}");
    HRESULT result = E_OUTOFMEMORY;
    if (!path.failed && !body.failed) {
        struct reply reply = service_call("POST", path.bytes, &body);
        result = result_of(&reply);
        buffer_free(&reply.body);
    }
    buffer_free(&path);
    buffer_free(&body);
    return result;
}
