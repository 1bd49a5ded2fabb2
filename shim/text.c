#include "text.h"

#include <ctype.h>
#include <string.h>

#define REPLACEMENT 0xFFFDu

static bool is_high(uint16_t unit) { return unit >= 0xD800 && unit < 0xDC00; }
static bool is_low(uint16_t unit) { return unit >= 0xDC00 && unit < 0xE000; }

static void append_utf8(struct buffer *out, uint32_t point)
{
    unsigned char bytes[4];
    size_t length;
    if (point < 0x80) {
        bytes[0] = (unsigned char)point;
        length = 1;
    } else if (point < 0x800) {
        bytes[0] = (unsigned char)(0xC0 | point >> 6);
        bytes[1] = (unsigned char)(0x80 | (point & 0x3F));
        length = 2;
    } else if (point < 0x10000) {
        bytes[0] = (unsigned char)(0xE0 | point >> 12);
        bytes[1] = (unsigned char)(0x80 | (point >> 6 & 0x3F));
        bytes[2] = (unsigned char)(0x80 | (point & 0x3F));
        length = 3;
    } else {
        bytes[0] = (unsigned char)(0xF0 | point >> 18);
        bytes[1] = (unsigned char)(0x80 | (point >> 12 & 0x3F));
        bytes[2] = (unsigned char)(0x80 | (point >> 6 & 0x3F));
        bytes[3] = (unsigned char)(0x80 | (point & 0x3F));
        length = 4;
    }
    buffer_append(out, bytes, length);
}

void text_from_utf16(struct buffer *out, const uint16_t *text)
{
    if (text == NULL)
        return;
    while (*text != 0) {
        uint32_t point = *text++;
        if (is_high((uint16_t)point) && is_low(*text))
            point = 0x10000 + ((point - 0xD800) << 10) + (*text++ - 0xDC00u);
        else if (is_high((uint16_t)point) || is_low((uint16_t)point))
            point = REPLACEMENT;
        append_utf8(out, point);
    }
}

/* Read one character of UTF-8 and return how many bytes it took, at least one. */
static size_t read_utf8(uint32_t *point, const unsigned char *bytes, size_t length)
{
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t size = bytes[0] < 0x80 ? 1 : bytes[0] >> 5 == 6 ? 2 : bytes[0] >> 4 == 14 ? 3
                : bytes[0] >> 3 == 30 ? 4 : 0;
    *point = REPLACEMENT;
    if (size == 0 || size > length)
        return 1;
    uint32_t value = size == 1 ? bytes[0] : bytes[0] & (0x7Fu >> size);
    for (size_t i = 1; i < size; i++) {
        if (bytes[i] >> 6 != 2)
            return i;
        value = value << 6 | (bytes[i] & 0x3Fu);
    }
    if (value >= smallest[size] && value < 0x110000 && (value < 0xD800 || value > 0xDFFF))
        *point = value;
    return size;
}

size_t text_to_utf16(uint16_t *out, const char *text, size_t length)
{
    const unsigned char *bytes = (const unsigned char *)text;
    size_t written = 0;
    while (length > 0) {
        uint32_t point;
        size_t taken = read_utf8(&point, bytes, length);
        bytes += taken;
        length -= taken;
        if (point >= 0x10000) {
            out[written++] = (uint16_t)(0xD800 + ((point - 0x10000) >> 10));
            out[written++] = (uint16_t)(0xDC00 + ((point - 0x10000) & 0x3FF));
        } else {
            out[written++] = (uint16_t)point;
        }
    }
    out[written] = 0;
    return written;
}

void text_append_escaped(struct buffer *out, const char *text, size_t length)
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)text[i];
        if (byte < 0x80 && (isalnum(byte) || strchr("-._~", byte) != NULL)) {
            buffer_append(out, &byte, 1);
        } else {
            char escaped[3] = {'%', digits[byte >> 4], digits[byte & 15]};
            buffer_append(out, escaped, sizeof escaped);
        }
    }
}

void text_append_quoted(struct buffer *out, const char *text, size_t length)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)text[i];
        if (byte < 0x20) {
            char escaped[6] = {'\\', 'u', '0', '0', digits[byte >> 4], digits[byte & 15]};
            buffer_append(out, escaped, sizeof escaped);
        } else {
            if (byte == '"' || byte == '\\')
                buffer_append(out, "\\", 1);
            buffer_append(out, &byte, 1);
        }
    }
}

bool text_read_guid(char out[GUID_TEXT_SIZE], const char *text, size_t length)
{
    if (length == GUID_TEXT_SIZE + 1 && text[0] == '{' && text[length - 1] == '}') {
        text++;
        length -= 2;
    }
    if (length != GUID_TEXT_SIZE - 1)
        return false;
    for (size_t i = 0; i < length; i++) {
        bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
        if (hyphen ? text[i] != '-' : !isxdigit((unsigned char)text[i]))
            return false;
    }
    memcpy(out, text, length);
    out[length] = '\0';
    return true;
}
