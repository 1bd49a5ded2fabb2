/* What the environment says, read again for each call: programs may change it while they run. */
#ifndef SHIM_SETTINGS_H
#define SHIM_SETTINGS_H

#include <stdbool.h>

#include "buffer.h"
#include "url.h"

struct settings {
    struct buffer url_text; /* HNSEMU_URL, http://127.0.0.1:8420 without it */
    struct buffer token;    /* HNSEMU_TOKEN, empty without it */
    struct url url;         /* points into url_text */
    unsigned long timeout;  /* HNSEMU_TIMEOUT, milliseconds; a whole call may take twice as long */
};

/* Return false when memory ran out or HNSEMU_URL cannot be read; free the settings in any case. */
bool settings_read(struct settings *settings);

void settings_free(struct settings *settings);

#endif
