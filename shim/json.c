#include "json.h"

#include <ctype.h>
#include <string.h>

#include "text.h"

/* Deeper than any document of HNS; what is nested deeper is no JSON to us. */
#define DEEPEST 200

static const struct json NOTHING = {NULL, 0};

static const char *skip_blanks(const char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r'))
        at++;
    return at;
}

/* Each skip_… returns the place behind what stands at `at`, NULL when it does not stand there. */

static const char *skip_string(const char *at, const char *end)
{
    if (at == end || *at++ != '"')
        return NULL;
    while (at < end && *at != '"') {
        if ((unsigned char)*at < 0x20)
            return NULL;
        at += *at == '\\' ? 2 : 1;
    }
    return at < end ? at + 1 : NULL;
}

static const char *skip_digits(const char *at, const char *end)
{
    const char *start = at;
    while (at < end && isdigit((unsigned char)*at))
        at++;
    return at > start ? at : NULL;
}

static const char *skip_number(const char *at, const char *end)
{
    if (at < end && *at == '-')
        at++;
    at = skip_digits(at, end);
    if (at != NULL && at < end && *at == '.')
        at = skip_digits(at + 1, end);
    if (at != NULL && at < end && (*at == 'e' || *at == 'E')) {
        at++;
        if (at < end && (*at == '+' || *at == '-'))
            at++;
        at = skip_digits(at, end);
    }
    return at;
}

static const char *skip_word(const char *at, const char *end)
{
    static const char *const words[] = {"true", "false", "null"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t length = strlen(words[i]);
        if ((size_t)(end - at) >= length && memcmp(at, words[i], length) == 0)
            return at + length;
    }
    return NULL;
}

static const char *skip_value(const char *at, const char *end, int depth);

/* Skip what stands before a value inside an object: its name and the colon. */
static const char *skip_name(const char *at, const char *end)
{
    at = skip_string(at, end);
    if (at == NULL)
        return NULL;
    at = skip_blanks(at, end);
    return at < end && *at == ':' ? skip_blanks(at + 1, end) : NULL;
}

static const char *skip_members(const char *at, const char *end, char last, int depth)
{
    at = skip_blanks(at + 1, end);
    if (at < end && *at == last)
        return at + 1;
    while (at != NULL) {
        if (last == '}')
            at = skip_name(at, end);
        if (at != NULL)
            at = skip_value(at, end, depth);
        if (at == NULL)
            return NULL;
        at = skip_blanks(at, end);
        if (at < end && *at == last)
            return at + 1;
        if (at == end || *at != ',')
            return NULL;
        at = skip_blanks(at + 1, end);
    }
    return NULL;
}

static const char *skip_value(const char *at, const char *end, int depth)
{
    if (at == end || depth == DEEPEST)
        return NULL;
    switch (*at) {
    case '{':
        return skip_members(at, end, '}', depth + 1);
    case '[':
        return skip_members(at, end, ']', depth + 1);
    case '"':
        return skip_string(at, end);
    default:
        return *at == '-' || isdigit((unsigned char)*at) ? skip_number(at, end)
                                                         : skip_word(at, end);
    }
}

struct json json_read(const char *text, size_t length)
{
    if (text == NULL)
        return NOTHING;
    const char *end = text + length;
    const char *start = skip_blanks(text, end);
    const char *behind = skip_value(start, end, 0);
    if (behind == NULL || skip_blanks(behind, end) != end)
        return NOTHING;
    return (struct json){start, (size_t)(behind - start)};
}

bool json_is_object(struct json value) { return value.start != NULL && *value.start == '{'; }

/* Return the value at `at`, which is known to be one. */
static struct json value_at(const char *at, const char *end)
{
    const char *behind = skip_value(at, end, 0);
    return behind == NULL ? NOTHING : (struct json){at, (size_t)(behind - at)};
}

/* Return the place of what follows the value before `at`, NULL when the object or list ends. */
static const char *next_at(const char *at, const char *end)
{
    at = skip_blanks(at, end);
    return at < end && *at == ',' ? skip_blanks(at + 1, end) : NULL;
}

struct json json_member(struct json object, const char *name)
{
    struct json found = NOTHING;
    if (!json_is_object(object))
        return found;
    const char *end = object.start + object.length;
    const char *at = skip_blanks(object.start + 1, end);
    size_t length = strlen(name);
    while (at != NULL && *at == '"') {
        const char *value = skip_name(at, end);
        if (value == NULL)
            break;
        struct json member = value_at(value, end);
        if (strncmp(at + 1, name, length) == 0 && at[length + 1] == '"')
            found = member;
        if (member.start == NULL)
            break;
        at = next_at(member.start + member.length, end);
    }
    return found;
}

bool json_next(struct json list, struct json *item)
{
    if (list.start == NULL || *list.start != '[')
        return false;
    const char *end = list.start + list.length;
    const char *at = item->start == NULL ? skip_blanks(list.start + 1, end)
                                         : next_at(item->start + item->length, end);
    if (at == NULL || *at == ']')
        return false;
    *item = value_at(at, end);
    return item->start != NULL;
}

bool json_number(struct json value, uint64_t *number)
{
    if (value.start == NULL)
        return false;
    uint64_t total = 0;
    for (size_t i = 0; i < value.length; i++) {
        if (!isdigit((unsigned char)value.start[i]))
            return false;
        uint64_t digit = (uint64_t)(value.start[i] - '0');
        if (total > (UINT64_MAX - digit) / 10)
            return false;
        total = total * 10 + digit;
    }
    *number = total;
    return true;
}

struct json json_plain_string(struct json value)
{
    if (value.start == NULL || *value.start != '"')
        return NOTHING;
    struct json inside = {value.start + 1, value.length - 2};
    return memchr(inside.start, '\\', inside.length) == NULL ? inside : NOTHING;
}

static bool read_unit(uint16_t *unit, const char *at, const char *end)
{
    *unit = 0;
    for (int i = 0; i < 4; i++, at++) {
        if (at >= end || !isxdigit((unsigned char)*at))
            return false;
        int digit = isdigit((unsigned char)*at) ? *at - '0' : (*at | 0x20) - 'a' + 10;
        *unit = (uint16_t)(*unit << 4 | digit);
    }
    return true;
}

/* Append what the escape at `at`, behind its backslash, stands for; return the place behind it. */
static const char *append_escaped(struct buffer *out, const char *at, const char *end)
{
    static const char letters[] = "bfnrt", meanings[] = "\b\f\n\r\t";
    uint16_t units[3] = {0, 0, 0};
    if (at < end && *at == 'u' && read_unit(&units[0], at + 1, end)) {
        at += 5;
        bool is_pair = units[0] >> 10 == 0xD800 >> 10 && end - at >= 6 && at[0] == '\\' && at[1] == 'u' &&
                       read_unit(&units[1], at + 2, end) && units[1] >> 10 == 0xDC00 >> 10;
        if (!is_pair)
            units[1] = 0;
        text_from_utf16(out, units);
        return is_pair ? at + 6 : at;
    }
    if (at < end) {
        const char *letter = strchr(letters, *at);
        buffer_append(out, letter == NULL || *letter == '\0' ? at : &meanings[letter - letters], 1);
        at++;
    }
    return at;
}

bool json_text(struct json value, struct buffer *out)
{
    if (value.start == NULL || *value.start != '"')
        return false;
    const char *at = value.start + 1, *end = value.start + value.length - 1;
    while (at < end) {
        const char *escape = memchr(at, '\\', (size_t)(end - at));
        buffer_append(out, at, (size_t)((escape == NULL ? end : escape) - at));
        at = escape == NULL ? end : append_escaped(out, escape + 1, end);
    }
    return true;
}
