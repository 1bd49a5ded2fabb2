#include "objects.h"

#include "json.h"
#include "wide.h"

const struct noun NETWORKS = {KIND_NETWORK, "/v2/networks", "HcnOpenNetwork"};
const struct noun ENDPOINTS = {KIND_ENDPOINT, "/v2/endpoints", "HcnOpenEndpoint"};
const struct noun NAMESPACES = {KIND_NAMESPACE, "/v2/namespaces", "HcnOpenNamespace"};
const struct noun LOAD_BALANCERS = {KIND_LOAD_BALANCER, "/v2/loadbalancers", "HcnOpenLoadBalancer"};
const struct noun SDN_ROUTES = {KIND_SDN_ROUTE, "/v2/sdnroutes", "HcnOpenSdnRoute"};
const struct noun GUEST_NETWORK_SERVICES = {KIND_GUEST_NETWORK_SERVICE, "/v2/guestnetworkservices",
                                            NULL};

static void clear(PWSTR *out)
{
    if (out != NULL)
        *out = NULL;
}

/* Call the service, give the error record of a refusal, and free both texts but the reply's. */
static struct reply call_by(const char *function, const char *method, struct buffer *path,
                            struct buffer *body, PWSTR *record)
{
    struct reply reply = {.result = E_OUTOFMEMORY, .status = 0, .body = BUFFER_EMPTY};
    if (!path->failed && (body == NULL || !body->failed))
        reply = service_call_by(function, method, path->bytes, body);
    if (FAILED(reply.result) && reply.status != 0)
        string_give(record, reply.body.bytes, reply.body.length);
    buffer_free(path);
    if (body != NULL)
        buffer_free(body);
    return reply;
}

static struct reply call(const char *method, struct buffer *path, struct buffer *body, PWSTR *record)
{
    return call_by(NULL, method, path, body, record);
}

/* Make a call of which nothing but success matters. */
static HRESULT order(const char *method, struct buffer *path, struct buffer *body, PWSTR *record)
{
    struct reply reply = call(method, path, body, record);
    buffer_free(&reply.body);
    return reply.result;
}

/* Make a call and give its answer. */
static HRESULT ask(struct buffer *path, PWSTR *answer, PWSTR *record)
{
    struct reply reply = call("GET", path, NULL, record);
    HRESULT result = reply.result;
    if (SUCCEEDED(result))
        result = string_give(answer, reply.body.bytes, reply.body.length);
    buffer_free(&reply.body);
    return result;
}

static void append_query(struct buffer *path, const char *before, PCWSTR query)
{
    if (query == NULL || *query == L'\0')
        return;
    struct buffer text = BUFFER_EMPTY;
    string_take(&text, query);
    buffer_append_text(path, before);
    if (text.failed)
        path->failed = true;
    else
        text_append_escaped(path, text.bytes, text.length);
    buffer_free(&text);
}

void object_append_path(struct buffer *out, const struct noun *noun, const char *id)
{
    buffer_append_text(out, noun->path);
    buffer_append_text(out, "/");
    buffer_append_text(out, id);
}

static struct buffer path_of(const struct noun *noun, REFGUID id)
{
    struct buffer path = BUFFER_EMPTY;
    char text[GUID_TEXT_SIZE];
    guid_write(text, id);
    object_append_path(&path, noun, text);
    return path;
}

HRESULT object_enumerate(const struct noun *noun, PCWSTR query, PWSTR *ids, PWSTR *record)
{
    clear(record);
    if (ids == NULL)
        return E_POINTER;
    *ids = NULL;
    struct buffer path = BUFFER_EMPTY;
    buffer_append_text(&path, noun->path);
    buffer_append_text(&path, "?view=ids");
    append_query(&path, "&query=", query);
    return ask(&path, ids, record);
}

/* Append the document, with the id as its ID when it has none. */
static void append_settings(struct buffer *out, REFGUID id, PCWSTR settings)
{
    struct buffer text = BUFFER_EMPTY;
    string_take(&text, settings);
    struct json document = json_read(text.bytes, text.length);
    bool adds = id != NULL && !guid_is_zero(id) && json_is_object(document) &&
                json_member(document, "ID").start == NULL;
    if (adds) {
        char number[GUID_TEXT_SIZE];
        guid_write(number, id);
        buffer_append_text(out, "{\"ID\":\"");
        buffer_append_text(out, number);
        buffer_append_text(out, "\"");
        const char *rest = document.start + 1;
        while (*rest == ' ' || *rest == '\t' || *rest == '\r' || *rest == '\n')
            rest++;
        if (*rest != '}')
            buffer_append_text(out, ",");
        buffer_append(out, rest, document.length - (size_t)(rest - document.start));
    } else {
        buffer_append(out, text.bytes, text.length);
    }
    if (text.failed)
        out->failed = true;
    buffer_free(&text);
}

HRESULT object_create(const struct noun *noun, const char *parent, REFGUID id, PCWSTR settings,
                      HANDLE *handle, PWSTR *record)
{
    clear(record);
    if (handle == NULL)
        return E_POINTER;
    *handle = NULL;
    if (settings == NULL)
        return E_POINTER;
    struct buffer path = BUFFER_EMPTY, body = BUFFER_EMPTY;
    buffer_append_text(&path, parent == NULL ? noun->path : parent);
    append_settings(&body, id, settings);
    struct reply reply = call("POST", &path, &body, record);
    HRESULT result = reply.result;
    if (SUCCEEDED(result)) {
        struct json made = json_plain_string(
            json_member(json_read(reply.body.bytes, reply.body.length), "ID"));
        char text[GUID_TEXT_SIZE];
        if (made.start == NULL || !text_read_guid(text, made.start, made.length))
            result = service_failure(HTTP_NONSENSE);
        else if ((*handle = handle_open(noun->kind, text, NULL)) == NULL)
            result = E_OUTOFMEMORY;
    }
    buffer_free(&reply.body);
    return result;
}

HRESULT object_open(const struct noun *noun, REFGUID id, HANDLE *handle, PWSTR *record)
{
    clear(record);
    if (handle == NULL || id == NULL) {
        if (handle != NULL)
            *handle = NULL;
        return E_POINTER;
    }
    *handle = NULL;
    struct buffer path = path_of(noun, id);
    struct reply reply = call_by(noun->open, "GET", &path, NULL, record);
    buffer_free(&reply.body);
    if (FAILED(reply.result))
        return reply.result;
    char text[GUID_TEXT_SIZE];
    guid_write(text, id);
    *handle = handle_open(noun->kind, text, NULL);
    return *handle == NULL ? E_OUTOFMEMORY : S_OK;
}

HRESULT object_modify(const struct noun *noun, HANDLE handle, PCWSTR settings, PWSTR *record)
{
    char id[GUID_TEXT_SIZE];
    clear(record);
    if (!handle_find(noun->kind, handle, id))
        return E_HANDLE;
    if (settings == NULL)
        return E_POINTER;
    struct buffer path = BUFFER_EMPTY, body = BUFFER_EMPTY;
    object_append_path(&path, noun, id);
    string_take(&body, settings);
    return order("PATCH", &path, &body, record);
}

HRESULT object_query(const struct noun *noun, HANDLE handle, const char *part, PCWSTR query,
                     PWSTR *properties, PWSTR *record)
{
    char id[GUID_TEXT_SIZE];
    clear(record);
    if (properties == NULL)
        return E_POINTER;
    *properties = NULL;
    if (!handle_find(noun->kind, handle, id))
        return E_HANDLE;
    struct buffer path = BUFFER_EMPTY;
    object_append_path(&path, noun, id);
    buffer_append_text(&path, part);
    append_query(&path, "?query=", query);
    return ask(&path, properties, record);
}

HRESULT object_delete(const struct noun *noun, REFGUID id, PWSTR *record)
{
    clear(record);
    if (id == NULL)
        return E_POINTER;
    struct buffer path = path_of(noun, id);
    return order("DELETE", &path, NULL, record);
}

HRESULT object_close(const struct noun *noun, HANDLE handle)
{
    return handle_close(noun->kind, handle, NULL, NULL) ? S_OK : E_HANDLE;
}
