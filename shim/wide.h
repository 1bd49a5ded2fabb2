/* Strings that cross the border of the DLL: UTF-16, allocated so that the caller can CoTaskMemFree. */
#ifndef SHIM_WIDE_H
#define SHIM_WIDE_H

#include <windows.h>

#include "buffer.h"
#include "text.h"

/* Give UTF-8 to the caller through `out`, which may be NULL; E_OUTOFMEMORY leaves NULL there. */
HRESULT string_give(PWSTR *out, const char *text, size_t length);

/* Append a string of the caller as UTF-8; NULL counts as empty. */
void string_take(struct buffer *out, PCWSTR text);

/* Write a GUID as text, lower-case without braces. */
void guid_write(char out[GUID_TEXT_SIZE], REFGUID id);

/* Read GUID text that `text_read_guid` took. */
GUID guid_read(const char text[GUID_TEXT_SIZE]);

bool guid_is_zero(REFGUID id);

#endif
