/* Server-Sent Events as they come: a stream of bytes in, one event after another out. */
#ifndef SHIM_EVENTS_H
#define SHIM_EVENTS_H

#include <stdbool.h>

#include "buffer.h"

struct event {
    bool has_id;
    unsigned long long id;
    struct buffer data; /* its data lines, joined by line feeds; empty for one that only counts */
};

#define EVENT_EMPTY {false, 0, BUFFER_EMPTY}

/* Take the first whole event out of `stream`, which keeps what is not yet complete. What has
   neither data nor an id is passed over. False when there is no whole event; check
   `event->data.failed` otherwise. */
bool event_take(struct buffer *stream, struct event *event);

#endif
