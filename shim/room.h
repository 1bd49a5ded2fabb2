/* A caller's memory that is filled from its beginning, and measured where it is too small. */
#ifndef SHIM_ROOM_H
#define SHIM_ROOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ROOM_LARGEST 1024

/* `used` counts on where the memory ends: it is then what would have been needed. */
struct room {
    char *base; /* aligned for any type; NULL only measures */
    size_t size;
    size_t used;
    _Alignas(8) char nowhere[ROOM_LARGEST];
};

/* Return cleared memory for a structure of at most ROOM_LARGEST bytes. What does not fit goes nowhere:
   it may be written to and lives until the next call. */
void *room_take(struct room *room, size_t size);

/* Copy bytes and a NUL behind them; NULL when they do not fit. */
char *room_bytes(struct room *room, const char *bytes, size_t length);

/* Copy UTF-8 as UTF-16 with a NUL at its end; NULL when it does not fit. */
uint16_t *room_text(struct room *room, const char *text, size_t length);

bool room_is_enough(const struct room *room);

#endif
