#include "buffer.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *buffer_reserve(struct buffer *buffer, size_t length)
{
    if (buffer->failed || length >= SIZE_MAX / 2 - buffer->length) {
        buffer->failed = true;
        return NULL;
    }
    size_t needed = buffer->length + length + 1;
    if (needed > buffer->capacity) {
        size_t capacity = needed < 256 ? 256 : needed + needed / 2;
        char *bytes = realloc(buffer->bytes, capacity);
        if (bytes == NULL) {
            buffer->failed = true;
            return NULL;
        }
        buffer->bytes = bytes;
        buffer->capacity = capacity;
    }
    buffer->bytes[buffer->length + length] = '\0';
    return buffer->bytes + buffer->length;
}

void buffer_append(struct buffer *buffer, const void *bytes, size_t length)
{
    char *place = buffer_reserve(buffer, length);
    if (place == NULL)
        return;
    if (length > 0)
        memcpy(place, bytes, length);
    buffer->length += length;
}

void buffer_append_text(struct buffer *buffer, const char *text)
{
    buffer_append(buffer, text, strlen(text));
}

void buffer_append_number(struct buffer *buffer, unsigned long long number)
{
    char text[24];
    snprintf(text, sizeof text, "%llu", number);
    buffer_append_text(buffer, text);
}

void buffer_drop(struct buffer *buffer, size_t length)
{
    if (length == 0)
        return;
    memmove(buffer->bytes, buffer->bytes + length, buffer->length - length + 1);
    buffer->length -= length;
}

void buffer_free(struct buffer *buffer)
{
    free(buffer->bytes);
    *buffer = (struct buffer)BUFFER_EMPTY;
}
