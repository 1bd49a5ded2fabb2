/* The containers that the service names: in a namespace, or at an endpoint that they share. */
#ifndef SHIM_CONTAINERS_H
#define SHIM_CONTAINERS_H

#include "json.h"
#include "service.h"

/* Their ids, each a JSON string with its quotes, in order and without doubles. They point into the
   replies. */
struct containers {
    struct json *ids;
    size_t count;
    bool failed;
    struct reply namespaces, endpoints;
};

/* Ask the service. Free what was read, whatever the result. */
HRESULT containers_read(struct containers *known);

void containers_free(struct containers *known);

/* Return S_OK when the service names a container of that id, to the letter; HCS' refusal otherwise. */
HRESULT containers_find(const char *id, size_t length);

/* Attach an endpoint to a container, or detach it. `endpoint` is its id as text. */
HRESULT containers_change(const char *container, struct json endpoint, bool attaches);

#endif
