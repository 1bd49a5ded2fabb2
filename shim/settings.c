#include "settings.h"

#include <stdint.h>
#include <stdlib.h>

#include <windows.h>

#include "text.h"

#define DEFAULT_TIMEOUT 60000

static void read_variable(struct buffer *out, const wchar_t *name)
{
    DWORD size = GetEnvironmentVariableW(name, NULL, 0);
    if (size == 0)
        return;
    wchar_t *value = malloc(size * sizeof *value);
    if (value == NULL) {
        out->failed = true;
        return;
    }
    if (GetEnvironmentVariableW(name, value, size) < size)
        text_from_utf16(out, (const uint16_t *)value);
    free(value);
}

static unsigned long read_timeout(void)
{
    struct buffer text = BUFFER_EMPTY;
    read_variable(&text, L"HNSEMU_TIMEOUT");
    unsigned long timeout = text.length == 0 ? 0 : strtoul(text.bytes, NULL, 10);
    buffer_free(&text);
    return timeout == 0 || timeout > INT32_MAX ? DEFAULT_TIMEOUT : timeout;
}

bool settings_read(struct settings *settings)
{
    *settings = (struct settings){.url_text = BUFFER_EMPTY, .token = BUFFER_EMPTY};
    read_variable(&settings->url_text, L"HNSEMU_URL");
    if (settings->url_text.length == 0)
        buffer_append_text(&settings->url_text, URL_DEFAULT);
    read_variable(&settings->token, L"HNSEMU_TOKEN");
    settings->timeout = read_timeout();
    return !settings->url_text.failed && !settings->token.failed &&
           url_read(&settings->url, settings->url_text.bytes);
}

void settings_free(struct settings *settings)
{
    buffer_free(&settings->url_text);
    buffer_free(&settings->token);
}
