/* What the seven functions of every HCN noun have in common.

   Out parameters are set to NULL first. `record` receives the error record of a refusal, nothing
   (NULL) on success and where no answer came; it may be NULL itself. A handle that is not open, or
   to another noun, gives E_HANDLE, a missing pointer E_POINTER. An empty or missing query is one
   for everything. */
#ifndef SHIM_OBJECTS_H
#define SHIM_OBJECTS_H

#include <windows.h>

#include "handles.h"
#include "service.h"

struct noun {
    enum kind kind;
    const char *path; /* of its collection, "/v2/networks" */
    const char *open; /* the function that opens one: its request is that of a query */
};

extern const struct noun NETWORKS, ENDPOINTS, NAMESPACES, LOAD_BALANCERS, SDN_ROUTES,
    GUEST_NETWORK_SERVICES;

HRESULT object_enumerate(const struct noun *noun, PCWSTR query, PWSTR *ids, PWSTR *record);

/* `parent` is the path of the collection to create in, NULL for the noun's own. An id that is not
   zero becomes the ID of a document that has none. */
HRESULT object_create(const struct noun *noun, const char *parent, REFGUID id, PCWSTR settings,
                      HANDLE *handle, PWSTR *record);

HRESULT object_open(const struct noun *noun, REFGUID id, HANDLE *handle, PWSTR *record);
HRESULT object_modify(const struct noun *noun, HANDLE handle, PCWSTR settings, PWSTR *record);

/* `part` is what follows the id in the path: "" for the object, "/stats" for its counters. */
HRESULT object_query(const struct noun *noun, HANDLE handle, const char *part, PCWSTR query,
                     PWSTR *properties, PWSTR *record);

HRESULT object_delete(const struct noun *noun, REFGUID id, PWSTR *record);
HRESULT object_close(const struct noun *noun, HANDLE handle);

/* Append the path of an object: its collection's, a slash and the id. */
void object_append_path(struct buffer *out, const struct noun *noun, const char *id);

#endif
