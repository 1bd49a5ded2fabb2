/* HTTP/1.1 without sockets: writing a request, and reading an answer from whatever gives bytes. */
#ifndef SHIM_HTTP_H
#define SHIM_HTTP_H

#include <stdbool.h>
#include <stddef.h>

#include "buffer.h"
#include "url.h"

/* Larger answers are taken for nonsense, as are longer heads. */
#define HTTP_LARGEST_BODY (256u * 1024 * 1024)
#define HTTP_LARGEST_HEAD (64u * 1024)

struct http_request {
    const char *method;
    const char *path;    /* below the URL's own, with its query */
    const char *body;    /* NULL for none */
    size_t body_length;
    const char *token;   /* NULL or "" for none */
    const char *accept;  /* NULL for anything */
    const unsigned long long *last_event; /* Last-Event-ID, NULL for none */
    const char *process;  /* who calls, for the journal of the host; NULL or "" for nobody */
    const char *function; /* what it calls, where the path does not say it; NULL */
};

enum http_result {
    HTTP_OK,
    HTTP_NOBODY,   /* nobody listens there */
    HTTP_BROKEN,   /* the connection ended or failed */
    HTTP_TIMED_OUT,
    HTTP_NONSENSE, /* what came is no HTTP */
    HTTP_NO_MEMORY
};

/* Where the bytes of an answer come from. `fill` appends at least one byte and returns HTTP_OK. */
struct http_source {
    enum http_result (*fill)(void *context, struct buffer *pending);
    void *context;
    struct buffer pending; /* came, but was not read yet */
};

struct http_head {
    int status;
    long long length; /* of the body; -1 without Content-Length */
    bool chunked;
    bool keeps_alive;
    bool has_result;
    unsigned long result; /* the header Hns-Result */
};

void http_write_request(struct buffer *out, const struct url *url, const struct http_request *request);

enum http_result http_read_head(struct http_source *source, struct http_head *head);

/* Append the whole body to `body`. */
enum http_result http_read_body(struct http_source *source, struct http_head *head,
                                struct buffer *body);

/* Append the next piece of a body that has no end, such as a stream of events. */
enum http_result http_read_piece(struct http_source *source, const struct http_head *head,
                                 struct buffer *body);

#endif
