/* One call of the service: a request, its answer, and the HRESULT that the answer means. */
#ifndef SHIM_SERVICE_H
#define SHIM_SERVICE_H

#include <windows.h>

#include "buffer.h"
#include "http.h"

struct reply {
    HRESULT result; /* what the HCN function or HNSCall returns */
    int status;     /* of HTTP; 0 when no answer came */
    struct buffer body;
};

/* Make a call. `body` is NULL for none, `path` begins with a slash. Free the reply's body.

   Without an answer the result is that of a service which is not there: 0x800706B5 when nobody
   listens, by which kube-proxy knows that HNS is not running, 0x800706BA when the connection broke, 0x800705B4 when it took too long, 0x800706BE when what came was
   nonsense, 0x80070057 when HNSEMU_URL cannot be read. */
struct reply service_call(const char *method, const char *path, const struct buffer *body);

/* The same, naming the function that makes the call: the journal of the host shows it. */
struct reply service_call_by(const char *function, const char *method, const char *path,
                             const struct buffer *body);

HRESULT service_failure(enum http_result result);

#endif
