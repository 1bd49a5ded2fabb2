#include "wide.h"

#include <stdio.h>
#include <stdlib.h>

#include <objbase.h>

HRESULT string_give(PWSTR *out, const char *text, size_t length)
{
    if (out == NULL)
        return S_OK;
    uint16_t *given = CoTaskMemAlloc((length + 1) * sizeof *given);
    *out = (PWSTR)given;
    if (given == NULL)
        return E_OUTOFMEMORY;
    text_to_utf16(given, length == 0 ? "" : text, length);
    return S_OK;
}

void string_take(struct buffer *out, PCWSTR text)
{
    text_from_utf16(out, (const uint16_t *)text);
}

void guid_write(char out[GUID_TEXT_SIZE], REFGUID id)
{
    snprintf(out, GUID_TEXT_SIZE, "%08lx-%04x-%04x-%02x%02x-%02x%02x%02x%02x%02x%02x", id->Data1,
             id->Data2, id->Data3, id->Data4[0], id->Data4[1], id->Data4[2], id->Data4[3],
             id->Data4[4], id->Data4[5], id->Data4[6], id->Data4[7]);
}

GUID guid_read(const char text[GUID_TEXT_SIZE])
{
    GUID id = {0};
    id.Data1 = strtoul(text, NULL, 16);
    id.Data2 = (unsigned short)strtoul(text + 9, NULL, 16);
    id.Data3 = (unsigned short)strtoul(text + 14, NULL, 16);
    for (int i = 0; i < 8; i++) {
        char byte[3] = {text[19 + 2 * i + (i > 1)], text[20 + 2 * i + (i > 1)], '\0'};
        id.Data4[i] = (unsigned char)strtoul(byte, NULL, 16);
    }
    return id;
}

bool guid_is_zero(REFGUID id)
{
    static const GUID zero = {0};
    return IsEqualGUID(id, &zero);
}
