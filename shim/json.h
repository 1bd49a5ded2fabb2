/* As much JSON as the shim reads: members of an object, items of a list. Nothing is copied; a slice
   points into the text it was found in. */
#ifndef SHIM_JSON_H
#define SHIM_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buffer.h"

/* A JSON value as it stands in a text; `start` is NULL where there is none. */
struct json {
    const char *start;
    size_t length;
};

/* Return the one value that `text` is, or nothing when it is no JSON or something follows it. */
struct json json_read(const char *text, size_t length);

/* Return the member of an object, the last one of that name; nothing without one. */
struct json json_member(struct json object, const char *name);

/* Step through a list: `*item` is the first item while it is nothing, then the one behind it.
   Return false at the end. */
bool json_next(struct json list, struct json *item);

bool json_is_object(struct json value);

/* Tell whether the value is an integer from 0 to 2^64 - 1, and which. */
bool json_number(struct json value, uint64_t *number);

/* Return what stands between the quotes of a string without escapes; nothing for other values. */
struct json json_plain_string(struct json value);

/* Append the text of a string, escapes resolved; return false for other values. */
bool json_text(struct json value, struct buffer *out);

#endif
