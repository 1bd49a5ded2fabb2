/* UTF-16 of Windows to and from UTF-8 of HTTP. Lone surrogates become U+FFFD, as do bytes that are
   no UTF-8: a text is never refused for its encoding. */
#ifndef SHIM_TEXT_H
#define SHIM_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buffer.h"

/* Append a NUL-terminated UTF-16 text as UTF-8; NULL appends nothing. */
void text_from_utf16(struct buffer *out, const uint16_t *text);

/* Write UTF-8 as UTF-16 with a NUL at the end to `out`, which has room for `length + 1` units.
   Return how many units were written, the NUL not counted. */
size_t text_to_utf16(uint16_t *out, const char *text, size_t length);

/* Append what may stand in the query of a URL: everything but letters, digits and -._~ escaped. */
void text_append_escaped(struct buffer *out, const char *text, size_t length);

/* Append what may stand between the quotes of a JSON string. */
void text_append_quoted(struct buffer *out, const char *text, size_t length);

/* Room for 8-4-4-4-12 hexadecimal digits and a NUL. */
#define GUID_TEXT_SIZE 37

/* Tell whether `text` is a GUID with hyphens, with braces or without, and write it without them. */
bool text_read_guid(char out[GUID_TEXT_SIZE], const char *text, size_t length);

#endif
