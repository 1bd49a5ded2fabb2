#include <winsock2.h>

#include "service.h"

#include <stdint.h>
#include <wchar.h>

#include "connections.h"
#include "json.h"
#include "settings.h"
#include "text.h"

/* Where an answer has no HRESULT, HTTP's own word decides. */
#define FIRST_REFUSAL 400

HRESULT service_failure(enum http_result result)
{
    switch (result) {
    case HTTP_OK:
        return S_OK;
    case HTTP_NOBODY:
        return HRESULT_FROM_WIN32(RPC_S_UNKNOWN_IF);
    case HTTP_TIMED_OUT:
        return HRESULT_FROM_WIN32(ERROR_TIMEOUT);
    case HTTP_NONSENSE:
        return HRESULT_FROM_WIN32(RPC_S_CALL_FAILED);
    case HTTP_NO_MEMORY:
        return E_OUTOFMEMORY;
    default:
        return HRESULT_FROM_WIN32(RPC_S_SERVER_UNAVAILABLE);
    }
}

/* Return the HRESULT that the service names: in its header, or in the error record. */
static HRESULT result_of(const struct http_head *head, const struct buffer *body)
{
    if (head->has_result)
        return (HRESULT)head->result;
    if (head->status < FIRST_REFUSAL)
        return S_OK;
    uint64_t code;
    struct json record = json_read(body->bytes, body->length);
    if (json_number(json_member(record, "ErrorCode"), &code) && code <= UINT32_MAX && code != 0)
        return (HRESULT)code;
    return E_FAIL;
}

static enum http_result exchange(struct connection *connection, const struct settings *settings,
                                 const struct http_request *request, struct reply *reply)
{
    struct http_head head;
    enum http_result result = connection_send(connection, &settings->url, request);
    if (result == HTTP_OK)
        result = http_read_head(&connection->source, &head);
    if (result == HTTP_OK)
        result = http_read_body(&connection->source, &head, &reply->body);
    if (result != HTTP_OK) {
        connection_close(connection);
        buffer_free(&reply->body);
        return result;
    }
    if (head.keeps_alive)
        connection_keep(connection);
    else
        connection_close(connection);
    reply->status = head.status;
    reply->result = result_of(&head, &reply->body);
    return HTTP_OK;
}

/* Append the name of this program and the number of its process: "flannel.exe (1234)". */
static void append_process(struct buffer *out)
{
    wchar_t path[MAX_PATH];
    DWORD length = GetModuleFileNameW(NULL, path, MAX_PATH);
    if (length == 0 || length >= MAX_PATH)
        return;
    const wchar_t *name = wcsrchr(path, L'\\');
    struct buffer text = BUFFER_EMPTY;
    text_from_utf16(&text, (const uint16_t *)(name == NULL ? path : name + 1));
    if (!text.failed)
        text_append_escaped(out, text.bytes, text.length);
    buffer_free(&text);
    buffer_append_text(out, " (");
    buffer_append_number(out, GetCurrentProcessId());
    buffer_append_text(out, ")");
}

struct reply service_call(const char *method, const char *path, const struct buffer *body)
{
    return service_call_by(NULL, method, path, body);
}

struct reply service_call_by(const char *function, const char *method, const char *path,
                             const struct buffer *body)
{
    struct buffer process = BUFFER_EMPTY;
    struct reply reply = {.result = E_INVALIDARG, .status = 0, .body = BUFFER_EMPTY};
    struct settings settings;
    append_process(&process);
    if (settings_read(&settings)) {
        struct http_request request = {
            .method = method,
            .path = path,
            .body = body == NULL ? NULL : body->length == 0 ? "" : body->bytes,
            .body_length = body == NULL ? 0 : body->length,
            .token = settings.token.bytes,
            .process = process.failed ? NULL : process.bytes,
            .function = function,
        };
        struct connection *connection = connection_take(&settings);
        enum http_result result = connection == NULL
                                      ? HTTP_NOBODY
                                      : exchange(connection, &settings, &request, &reply);
        if (result != HTTP_OK)
            reply.result = service_failure(result);
    }
    settings_free(&settings);
    buffer_free(&process);
    return reply;
}
