/* vmcompute.dll: the functions of HCS through which HNS 1 clients attach endpoints to containers.

   A container has no processes here: it exists while a namespace or an endpoint of the service names
   it. hcsshim's HotAttachEndpoint opens it and adds the endpoint to its network, which is the service's
   attach; a container that nobody names is answered as HCS answers for one that has ended.
   Source: clients.md section 1.5. */
#include <stdlib.h>
#include <string.h>

#include <windows.h>

#include "handles.h"
#include "json.h"
#include "service.h"
#include "wide.h"

#define HCS_E_SYSTEM_NOT_FOUND ((HRESULT)0xC037010E)
#define HCS_E_INVALID_JSON ((HRESULT)0xC037010D)

typedef void(CALLBACK *HCS_NOTIFICATION_CALLBACK)(DWORD Type, void *Context, HRESULT Status, PCWSTR Data);

HRESULT WINAPI HcsEnumerateComputeSystems(PCWSTR Query, PWSTR *ComputeSystems, PWSTR *Result);
HRESULT WINAPI HcsOpenComputeSystem(PCWSTR Id, HANDLE *ComputeSystem, PWSTR *Result);
HRESULT WINAPI HcsCloseComputeSystem(HANDLE ComputeSystem);
HRESULT WINAPI HcsGetComputeSystemProperties(HANDLE ComputeSystem, PCWSTR Query, PWSTR *Properties,
                                             PWSTR *Result);
HRESULT WINAPI HcsModifyComputeSystem(HANDLE ComputeSystem, PCWSTR Configuration, PWSTR *Result);
HRESULT WINAPI HcsRegisterComputeSystemCallback(HANDLE ComputeSystem, HCS_NOTIFICATION_CALLBACK Callback,
                                                void *Context, HANDLE *Registration);
HRESULT WINAPI HcsUnregisterComputeSystemCallback(HANDLE Registration);

/* The ids of the containers, each a JSON string with its quotes, in order and without doubles. */
struct containers {
    struct json *ids;
    size_t count;
    bool failed;
};

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

/* Ask the service for what names containers. The ids point into the replies: free those later. */
static HRESULT read_containers(struct containers *known, struct reply *namespaces, struct reply *endpoints)
{
    *namespaces = service_call("GET", "/v2/namespaces", NULL);
    *endpoints = service_call("GET", "/v1/endpoints/", NULL);
    if (FAILED(namespaces->result))
        return namespaces->result;
    if (FAILED(endpoints->result))
        return endpoints->result;
    note_of_namespaces(known, json_read(namespaces->body.bytes, namespaces->body.length));
    note_of_endpoints(known, json_read(endpoints->body.bytes, endpoints->body.length));
    return known->failed ? E_OUTOFMEMORY : S_OK;
}

static void forget(PWSTR *result)
{
    if (result != NULL)
        *result = NULL;
}

static void append_properties(struct buffer *out, struct json id)
{
    buffer_append_text(out, "{\"Id\":");
    buffer_append(out, id.start, id.length);
    buffer_append_text(out, ",\"SystemType\":\"Container\",\"RuntimeOsType\":\"Windows\",\"State\":\"Running\"}");
}

/* Answer every container that the service knows, whatever the query asks for. */
HRESULT WINAPI HcsEnumerateComputeSystems(PCWSTR Query, PWSTR *ComputeSystems, PWSTR *Result)
{
    (void)Query;
    forget(Result);
    if (ComputeSystems == NULL)
        return E_POINTER;
    *ComputeSystems = NULL;
    struct containers known = {NULL, 0, false};
    struct reply namespaces, endpoints;
    HRESULT result = read_containers(&known, &namespaces, &endpoints);
    if (SUCCEEDED(result)) {
        struct buffer list = BUFFER_EMPTY;
        buffer_append_text(&list, "[");
        for (size_t i = 0; i < known.count; i++) {
            if (i > 0)
                buffer_append_text(&list, ",");
            append_properties(&list, known.ids[i]);
        }
        buffer_append_text(&list, "]");
        result = list.failed ? E_OUTOFMEMORY : string_give(ComputeSystems, list.bytes, list.length);
        buffer_free(&list);
    }
    free(known.ids);
    buffer_free(&namespaces.body);
    buffer_free(&endpoints.body);
    return result;
}

/* Find the container among those that the service knows, by its id to the letter. */
static HRESULT look_up(const struct buffer *id)
{
    struct containers known = {NULL, 0, false};
    struct reply namespaces, endpoints;
    HRESULT result = read_containers(&known, &namespaces, &endpoints);
    if (SUCCEEDED(result)) {
        result = HCS_E_SYSTEM_NOT_FOUND;
        for (size_t i = 0; i < known.count; i++) {
            struct json plain = json_plain_string(known.ids[i]);
            if (plain.start != NULL && plain.length == id->length
                && memcmp(plain.start, id->bytes, id->length) == 0)
                result = S_OK;
        }
    }
    free(known.ids);
    buffer_free(&namespaces.body);
    buffer_free(&endpoints.body);
    return result;
}

HRESULT WINAPI HcsOpenComputeSystem(PCWSTR Id, HANDLE *ComputeSystem, PWSTR *Result)
{
    static const char no_guid[GUID_TEXT_SIZE] = "";
    forget(Result);
    if (ComputeSystem == NULL || Id == NULL)
        return E_POINTER;
    *ComputeSystem = NULL;
    struct buffer id = BUFFER_EMPTY;
    string_take(&id, Id);
    if (id.failed)
        return E_OUTOFMEMORY;
    HRESULT result = id.length == 0 ? HCS_E_SYSTEM_NOT_FOUND : look_up(&id);
    if (SUCCEEDED(result)) {
        *ComputeSystem = handle_open(KIND_COMPUTE_SYSTEM, no_guid, id.bytes);
        if (*ComputeSystem != NULL)
            return S_OK; /* the handle has the text now */
        result = E_OUTOFMEMORY;
    }
    buffer_free(&id);
    return result;
}

HRESULT WINAPI HcsCloseComputeSystem(HANDLE ComputeSystem)
{
    void *id;
    if (!handle_close(KIND_COMPUTE_SYSTEM, ComputeSystem, NULL, &id))
        return E_HANDLE;
    free(id);
    return S_OK;
}

HRESULT WINAPI HcsGetComputeSystemProperties(HANDLE ComputeSystem, PCWSTR Query, PWSTR *Properties,
                                             PWSTR *Result)
{
    (void)Query;
    forget(Result);
    if (Properties == NULL)
        return E_POINTER;
    *Properties = NULL;
    struct buffer quoted = BUFFER_EMPTY, text = BUFFER_EMPTY;
    buffer_append_text(&quoted, "\"");
    if (!handle_text(KIND_COMPUTE_SYSTEM, ComputeSystem, &quoted)) {
        buffer_free(&quoted);
        return E_HANDLE;
    }
    buffer_append_text(&quoted, "\"");
    if (!quoted.failed)
        append_properties(&text, (struct json){quoted.bytes, quoted.length});
    HRESULT result = quoted.failed || text.failed ? E_OUTOFMEMORY
                                                  : string_give(Properties, text.bytes, text.length);
    buffer_free(&quoted);
    buffer_free(&text);
    return result;
}

/* Return the string of the first of two members: requests of schema 1 and of schema 2 name them otherwise. */
static struct json either(struct json request, const char *first, const char *second)
{
    struct json found = json_plain_string(json_member(request, first));
    return found.start != NULL ? found : json_plain_string(json_member(request, second));
}

static bool says(struct json text, const char *word)
{
    return text.start != NULL && text.length == strlen(word) && memcmp(text.start, word, text.length) == 0;
}

/* Return what the envelope of HNS says: some releases refuse with S_OK beside Success false. */
static HRESULT result_of(const struct reply *reply)
{
    uint64_t code;
    struct json envelope = json_read(reply->body.bytes, reply->body.length);
    bool refused = json_number(json_member(envelope, "ErrorCode"), &code) && code != 0;
    return SUCCEEDED(reply->result) && refused ? (HRESULT)code : reply->result;
}

/* Attach the endpoint that the request names to the container, or detach it. */
static HRESULT change_network(const struct buffer *container, struct json endpoint, bool attaches)
{
    struct buffer path = BUFFER_EMPTY, body = BUFFER_EMPTY;
    buffer_append_text(&path, "/v1/endpoints/");
    text_append_escaped(&path, endpoint.start, endpoint.length);
    buffer_append_text(&path, attaches ? "/attach" : "/detach");
    buffer_append_text(&body, "{\"ContainerId\":\"");
    buffer_append(&body, container->bytes, container->length);
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

/* Add a network endpoint to a container or remove it; other resources are not emulated. */
HRESULT WINAPI HcsModifyComputeSystem(HANDLE ComputeSystem, PCWSTR Configuration, PWSTR *Result)
{
    forget(Result);
    struct buffer container = BUFFER_EMPTY, text = BUFFER_EMPTY;
    HRESULT result = handle_text(KIND_COMPUTE_SYSTEM, ComputeSystem, &container) ? S_OK : E_HANDLE;
    string_take(&text, Configuration);
    if (SUCCEEDED(result) && (container.failed || text.failed))
        result = E_OUTOFMEMORY;
    if (SUCCEEDED(result)) {
        struct json request = json_read(text.bytes, text.length);
        struct json resource = either(request, "ResourceType", "Resource");
        struct json verb = either(request, "RequestType", "Request");
        struct json endpoint = either(request, "Settings", "Data");
        bool attaches = says(verb, "Add");
        if (!json_is_object(request))
            result = HCS_E_INVALID_JSON;
        else if (!says(resource, "Network") || (!attaches && !says(verb, "Remove")) || endpoint.start == NULL)
            result = E_NOTIMPL;
        else
            result = change_network(&container, endpoint, attaches);
    }
    buffer_free(&container);
    buffer_free(&text);
    return result;
}

/* A container here never exits while it is open, so a callback is never called. */
HRESULT WINAPI HcsRegisterComputeSystemCallback(HANDLE ComputeSystem, HCS_NOTIFICATION_CALLBACK Callback,
                                                void *Context, HANDLE *Registration)
{
    static const char no_guid[GUID_TEXT_SIZE] = "";
    (void)Context;
    if (Callback == NULL || Registration == NULL)
        return E_POINTER;
    struct buffer id = BUFFER_EMPTY;
    bool is_open = handle_text(KIND_COMPUTE_SYSTEM, ComputeSystem, &id);
    buffer_free(&id);
    *Registration = is_open ? handle_open(KIND_CALLBACK, no_guid, NULL) : NULL;
    return !is_open ? E_HANDLE : *Registration == NULL ? E_OUTOFMEMORY : S_OK;
}

HRESULT WINAPI HcsUnregisterComputeSystemCallback(HANDLE Registration)
{
    return handle_close(KIND_CALLBACK, Registration, NULL, NULL) ? S_OK : E_HANDLE;
}
