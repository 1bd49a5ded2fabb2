#include "room.h"

#include <stdint.h>
#include <string.h>

#include "text.h"

#define ALIGNMENT 8

/* Return the place of the next `size` bytes; NULL when they do not fit. */
static char *place(struct room *room, size_t size)
{
    size_t at = (room->used + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    room->used = at + size;
    return room->base != NULL && room->used <= room->size ? room->base + at : NULL;
}

void *room_take(struct room *room, size_t size)
{
    char *found = place(room, size);
    if (found == NULL)
        found = room->nowhere;
    return memset(found, 0, size);
}

char *room_bytes(struct room *room, const char *bytes, size_t length)
{
    char *found = place(room, length + 1);
    if (found != NULL) {
        memcpy(found, bytes, length);
        found[length] = '\0';
    }
    return found;
}

uint16_t *room_text(struct room *room, const char *text, size_t length)
{
    /* UTF-16 has never more units than UTF-8 has bytes */
    char *found = place(room, (length + 1) * sizeof(uint16_t));
    if (found != NULL)
        text_to_utf16((uint16_t *)(void *)found, text, length);
    return (uint16_t *)(void *)found;
}

bool room_is_enough(const struct room *room) { return room->base != NULL && room->used <= room->size; }
