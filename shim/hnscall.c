/* vmcompute.dll: HNSCall, the one function of HNS 1. */
#include <string.h>

#include <windows.h>

#include "service.h"
#include "wide.h"

#define HNS_1 "/v1"

HRESULT WINAPI HNSCall(PCWSTR Method, PCWSTR Path, PCWSTR Object, PWSTR *Response);

/* Append what may be a method: letters. */
static bool take_method(struct buffer *out, PCWSTR method)
{
    string_take(out, method);
    for (size_t i = 0; i < out->length; i++)
        if (out->bytes[i] < 'A' || out->bytes[i] > 'Z')
            return false;
    return out->length > 0;
}

/* Append the path below /v1, everything that is no path escaped. */
static void take_path(struct buffer *out, PCWSTR path)
{
    struct buffer text = BUFFER_EMPTY;
    string_take(&text, path);
    buffer_append_text(out, HNS_1);
    if (text.length == 0 || text.bytes[0] != '/')
        buffer_append_text(out, "/");
    const char *from = text.bytes, *end = from + text.length;
    while (from != NULL && from < end) {
        const char *slash = memchr(from, '/', (size_t)(end - from));
        const char *part = slash == NULL ? end : slash;
        text_append_escaped(out, from, (size_t)(part - from));
        if (slash != NULL)
            buffer_append_text(out, "/");
        from = slash == NULL ? end : slash + 1;
    }
    if (text.failed)
        out->failed = true;
    buffer_free(&text);
}

/* Return what HNSCall returns, and its envelope through Response where there is one: on S_OK, and
   beside an HRESULT, too. Source: hns-behaviour.md sections 1.1 and 6.1. */
HRESULT WINAPI HNSCall(PCWSTR Method, PCWSTR Path, PCWSTR Object, PWSTR *Response)
{
    if (Response == NULL)
        return E_POINTER;
    *Response = NULL;
    if (Method == NULL || Path == NULL)
        return E_POINTER;
    struct buffer method = BUFFER_EMPTY, path = BUFFER_EMPTY, body = BUFFER_EMPTY;
    bool is_method = take_method(&method, Method);
    take_path(&path, Path);
    string_take(&body, Object);
    HRESULT result = is_method ? S_OK : E_INVALIDARG;
    if (method.failed || path.failed || body.failed)
        result = E_OUTOFMEMORY;
    if (SUCCEEDED(result)) {
        struct reply reply =
            service_call(method.bytes, path.bytes, body.length == 0 ? NULL : &body);
        result = reply.result;
        if (reply.status != 0) {
            HRESULT given = string_give(Response, reply.body.bytes, reply.body.length);
            result = FAILED(given) ? given : result;
        }
        buffer_free(&reply.body);
    }
    buffer_free(&method);
    buffer_free(&path);
    buffer_free(&body);
    return result;
}
