/* Bytes that grow: every text of the shim is built in one, so none has a fixed size. */
#ifndef SHIM_BUFFER_H
#define SHIM_BUFFER_H

#include <stdbool.h>
#include <stddef.h>

/* `bytes` is always followed by a NUL that `length` does not count; NULL while empty.
   `failed` stays set once memory ran out, so that a text is checked once, when it is complete. */
struct buffer {
    char *bytes;
    size_t length;
    size_t capacity;
    bool failed;
};

#define BUFFER_EMPTY {NULL, 0, 0, false}

void buffer_append(struct buffer *buffer, const void *bytes, size_t length);
void buffer_append_text(struct buffer *buffer, const char *text);
void buffer_append_number(struct buffer *buffer, unsigned long long number);

/* Make room for `length` more bytes and return where they go; NULL when memory ran out.
   The caller adds what it wrote to `length`. */
char *buffer_reserve(struct buffer *buffer, size_t length);

/* Drop the first `length` bytes. */
void buffer_drop(struct buffer *buffer, size_t length);

void buffer_free(struct buffer *buffer);

#endif
