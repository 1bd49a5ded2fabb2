/* Callbacks that wait for the end of a compute system or a process. */
#ifndef SHIM_WATCHES_H
#define SHIM_WATCHES_H

#include <stdbool.h>
#include <stdint.h>

#include "hcs.h"

/* Call `callback` once `target` ends; at once when `has_ended`. */
HRESULT watch_add(uint64_t target, DWORD type, bool has_ended, HCS_NOTIFICATION_CALLBACK callback,
                  void *context, HANDLE *registration);

/* After this the callback is not called any more; waits for a call that is under way. */
HRESULT watch_remove(HANDLE registration);

/* Call those who wait for `target`, from a thread of its own: who ended it may hold locks that they need. */
void watch_tell(uint64_t target);

#endif
