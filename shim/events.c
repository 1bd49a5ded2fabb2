#include "events.h"

#include <stdlib.h>
#include <string.h>

/* Return the value of a field when the line is one of that name. */
static const char *value_of(const char *line, size_t length, const char *name, size_t *value_length)
{
    size_t size = strlen(name);
    if (length <= size || memcmp(line, name, size) != 0 || line[size] != ':')
        return NULL;
    const char *value = line + size + 1;
    *value_length = length - size - 1;
    if (*value_length > 0 && *value == ' ')
        value++, (*value_length)--;
    return value;
}

static void read_field(struct event *event, const char *line, size_t length)
{
    size_t size;
    const char *value = value_of(line, length, "id", &size);
    if (value != NULL) {
        event->has_id = true;
        event->id = strtoull(value, NULL, 10);
    }
    value = value_of(line, length, "data", &size);
    if (value != NULL) {
        if (event->data.length > 0)
            buffer_append_text(&event->data, "\n");
        buffer_append(&event->data, value, size);
    }
}

bool event_take(struct buffer *stream, struct event *event)
{
    size_t start = 0;
    event->has_id = false;
    event->data.length = 0;
    while (start < stream->length) {
        const char *line = stream->bytes + start;
        const char *end = memchr(line, '\n', stream->length - start);
        if (end == NULL)
            return false;
        size_t length = (size_t)(end - line);
        start += length + 1;
        if (length > 0 && line[length - 1] == '\r')
            length--;
        if (length > 0) {
            read_field(event, line, length);
        } else if (event->has_id || event->data.length > 0 || event->data.failed) {
            buffer_drop(stream, start);
            return true;
        }
    }
    return false;
}
