/* Handles that programs hold: numbers that are never given twice, so that one which was closed, or
   is of another kind, is told apart from every open one. */
#ifndef SHIM_HANDLES_H
#define SHIM_HANDLES_H

#include <stdbool.h>

#include <windows.h>

#include "text.h"

enum kind {
    KIND_NETWORK,
    KIND_ENDPOINT,
    KIND_NAMESPACE,
    KIND_LOAD_BALANCER,
    KIND_SDN_ROUTE,
    KIND_GUEST_NETWORK_SERVICE,
    KIND_PORT_RESERVATION,
    KIND_CALLBACK,
    KIND_COMPUTE_SYSTEM,
    KIND_PROCESS,
};

/* Open a handle to the object with that id; `data` is for the kind's own use. NULL without memory. */
HANDLE handle_open(enum kind kind, const char id[GUID_TEXT_SIZE], void *data);

/* Tell whether the handle is open and of that kind, and which object it is to. */
bool handle_find(enum kind kind, HANDLE handle, char id[GUID_TEXT_SIZE]);

/* Append the text that the handle's `data` is; false for a handle that is not open or of another kind. */
bool handle_text(enum kind kind, HANDLE handle, struct buffer *text);

/* Close a handle; true, its id and its data for one that was open and of that kind.
   `id` and `data` may be NULL. */
bool handle_close(enum kind kind, HANDLE handle, char id[GUID_TEXT_SIZE], void **data);

#endif
