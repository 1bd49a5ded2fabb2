#include "http.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

void http_write_request(struct buffer *out, const struct url *url, const struct http_request *request)
{
    buffer_append_text(out, request->method);
    buffer_append_text(out, " ");
    buffer_append(out, url->path, url->path_length);
    buffer_append_text(out, request->path);
    buffer_append_text(out, " HTTP/1.1\r\nHost: ");
    buffer_append(out, url->authority, url->authority_length);
    if (request->token != NULL && *request->token != '\0') {
        buffer_append_text(out, "\r\nAuthorization: Bearer ");
        buffer_append_text(out, request->token);
    }
    if (request->accept != NULL) {
        buffer_append_text(out, "\r\nAccept: ");
        buffer_append_text(out, request->accept);
    }
    if (request->last_event != NULL) {
        buffer_append_text(out, "\r\nLast-Event-ID: ");
        buffer_append_number(out, *request->last_event);
    }
    if (request->process != NULL && *request->process != '\0') {
        buffer_append_text(out, "\r\nHns-Process: ");
        buffer_append_text(out, request->process);
    }
    if (request->function != NULL) {
        buffer_append_text(out, "\r\nHns-Function: ");
        buffer_append_text(out, request->function);
    }
    if (request->body != NULL) {
        buffer_append_text(out, "\r\nContent-Type: application/json\r\nContent-Length: ");
        buffer_append_number(out, request->body_length);
    }
    buffer_append_text(out, "\r\n\r\n");
    if (request->body != NULL)
        buffer_append(out, request->body, request->body_length);
}

static enum http_result fill(struct http_source *source)
{
    enum http_result result = source->fill(source->context, &source->pending);
    return source->pending.failed ? HTTP_NO_MEMORY : result;
}

/* Read a line; `*length` is its length without CR LF, which are still to be dropped with it. */
static enum http_result read_line(struct http_source *source, size_t *length)
{
    size_t searched = 0;
    for (;;) {
        const char *bytes = source->pending.bytes;
        const char *end = source->pending.length == searched
                              ? NULL
                              : memchr(bytes + searched, '\n', source->pending.length - searched);
        if (end != NULL) {
            *length = (size_t)(end - bytes);
            if (*length > 0 && bytes[*length - 1] == '\r')
                (*length)--;
            return HTTP_OK;
        }
        searched = source->pending.length;
        if (searched > HTTP_LARGEST_HEAD)
            return HTTP_NONSENSE;
        enum http_result result = fill(source);
        if (result != HTTP_OK)
            return result;
    }
}

static void drop_line(struct http_source *source, size_t length)
{
    size_t end = source->pending.bytes[length] == '\r' ? 2 : 1;
    buffer_drop(&source->pending, length + end);
}

static bool equals(const char *text, size_t length, const char *wanted)
{
    if (length != strlen(wanted))
        return false;
    for (size_t i = 0; i < length; i++)
        if (tolower((unsigned char)text[i]) != wanted[i])
            return false;
    return true;
}

/* Read a number in digits of `base`, to the end of the text or to the semicolon of an extension. */
static bool read_number(const char *text, size_t length, int base, unsigned long long *number)
{
    unsigned long long total = 0;
    size_t i = 0;
    for (; i < length && text[i] != ';' && text[i] != ' '; i++) {
        int byte = tolower((unsigned char)text[i]);
        int digit = isdigit(byte) ? byte - '0' : byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : base;
        if (digit >= base || total > HTTP_LARGEST_BODY * 16ull)
            return false;
        total = total * (unsigned)base + (unsigned)digit;
    }
    *number = total;
    return i > 0;
}

static enum http_result read_header(struct http_head *head, const char *line, size_t length)
{
    const char *colon = memchr(line, ':', length);
    if (colon == NULL)
        return HTTP_NONSENSE;
    size_t name = (size_t)(colon - line);
    const char *value = colon + 1;
    size_t rest = length - name - 1;
    while (rest > 0 && (*value == ' ' || *value == '\t'))
        value++, rest--;
    unsigned long long number;
    if (equals(line, name, "content-length")) {
        if (!read_number(value, rest, 10, &number) || number > HTTP_LARGEST_BODY)
            return HTTP_NONSENSE;
        head->length = (long long)number;
    } else if (equals(line, name, "transfer-encoding")) {
        head->chunked = equals(value, rest, "chunked");
        if (!head->chunked)
            return HTTP_NONSENSE;
    } else if (equals(line, name, "connection")) {
        head->keeps_alive = !equals(value, rest, "close");
    } else if (equals(line, name, "hns-result") && rest > 2) {
        head->has_result = read_number(value + 2, rest - 2, 16, &number) && number <= 0xFFFFFFFF;
        head->result = head->has_result ? (unsigned long)number : 0;
    }
    return HTTP_OK;
}

static bool read_status(struct http_head *head, const char *line, size_t length)
{
    if (length < 12 || strncmp(line, "HTTP/1.", 7) != 0 || line[8] != ' ')
        return false;
    for (size_t i = 9; i < 12; i++)
        if (!isdigit((unsigned char)line[i]))
            return false;
    head->status = (line[9] - '0') * 100 + (line[10] - '0') * 10 + (line[11] - '0');
    head->keeps_alive = line[7] == '1';
    return length == 12 || line[12] == ' ';
}

enum http_result http_read_head(struct http_source *source, struct http_head *head)
{
    size_t length;
    *head = (struct http_head){.length = -1};
    enum http_result result = read_line(source, &length);
    if (result != HTTP_OK)
        return result;
    if (!read_status(head, source->pending.bytes, length))
        return HTTP_NONSENSE;
    drop_line(source, length);
    size_t total = 0;
    for (;;) {
        result = read_line(source, &length);
        if (result != HTTP_OK)
            return result;
        total += length;
        if (total > HTTP_LARGEST_HEAD)
            return HTTP_NONSENSE;
        if (length > 0)
            result = read_header(head, source->pending.bytes, length);
        drop_line(source, length);
        if (length == 0 || result != HTTP_OK)
            return result;
    }
}

/* Move `length` bytes to the body. */
static enum http_result take(struct http_source *source, struct buffer *body, size_t length)
{
    if (length > HTTP_LARGEST_BODY - body->length)
        return HTTP_NONSENSE;
    while (length > 0) {
        if (source->pending.length == 0) {
            enum http_result result = fill(source);
            if (result != HTTP_OK)
                return result;
        }
        size_t part = source->pending.length < length ? source->pending.length : length;
        buffer_append(body, source->pending.bytes, part);
        buffer_drop(&source->pending, part);
        length -= part;
        if (body->failed)
            return HTTP_NO_MEMORY;
    }
    return HTTP_OK;
}

/* Read a chunk; `*size` is 0 for the last one. */
static enum http_result read_chunk(struct http_source *source, struct buffer *body,
                                   unsigned long long *size)
{
    size_t length;
    enum http_result result = read_line(source, &length);
    if (result != HTTP_OK)
        return result;
    if (!read_number(source->pending.bytes, length, 16, size) || *size > HTTP_LARGEST_BODY)
        return HTTP_NONSENSE;
    drop_line(source, length);
    result = take(source, body, (size_t)*size);
    if (result != HTTP_OK)
        return result;
    result = read_line(source, &length);
    if (result != HTTP_OK)
        return result;
    if (length != 0)
        return HTTP_NONSENSE; /* trailers too: our service sends none */
    drop_line(source, length);
    return HTTP_OK;
}

enum http_result http_read_body(struct http_source *source, struct http_head *head,
                                struct buffer *body)
{
    if (head->status == 204 || head->status == 304)
        return HTTP_OK;
    if (!head->chunked && head->length >= 0)
        return take(source, body, (size_t)head->length);
    if (head->chunked) {
        unsigned long long size = 1;
        while (size > 0) {
            enum http_result result = read_chunk(source, body, &size);
            if (result != HTTP_OK)
                return result;
        }
        return HTTP_OK;
    }
    head->keeps_alive = false; /* the body ends with the connection */
    for (;;) {
        enum http_result result = fill(source);
        if (result == HTTP_BROKEN)
            return take(source, body, source->pending.length);
        if (result != HTTP_OK)
            return result;
        if (source->pending.length > HTTP_LARGEST_BODY)
            return HTTP_NONSENSE;
    }
}

enum http_result http_read_piece(struct http_source *source, const struct http_head *head,
                                 struct buffer *body)
{
    if (head->chunked) {
        unsigned long long size;
        enum http_result result = read_chunk(source, body, &size);
        return result == HTTP_OK && size == 0 ? HTTP_BROKEN : result;
    }
    if (source->pending.length == 0) {
        enum http_result result = fill(source);
        if (result != HTTP_OK)
            return result;
    }
    return take(source, body, source->pending.length);
}
