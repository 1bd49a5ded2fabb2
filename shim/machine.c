#include "machine.h"

#include <windows.h>

#include "library.h"
#include "text.h"
#include "wide.h"

static const WCHAR KEY[] = L"SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion";

typedef LONG(WINAPI *get_version)(RTL_OSVERSIONINFOEXW *);

static void append_member(struct buffer *out, const char *name, const struct buffer *text)
{
    buffer_append_text(out, ", \"");
    buffer_append_text(out, name);
    buffer_append_text(out, "\": \"");
    text_append_quoted(out, text->bytes == NULL ? "" : text->bytes, text->length);
    buffer_append_text(out, "\"");
}

static void append_from_registry(struct buffer *out, const char *name, PCWSTR value)
{
    WCHAR text[256] = L"";
    DWORD size = sizeof text - sizeof *text;
    struct buffer plain = BUFFER_EMPTY;
    if (RegGetValueW(HKEY_LOCAL_MACHINE, KEY, value, RRF_RT_REG_SZ, NULL, text, &size) == ERROR_SUCCESS)
        string_take(&plain, text);
    append_member(out, name, &plain);
    buffer_free(&plain);
}

static void append_version_of(struct buffer *out, const char *name, PCWSTR dll)
{
    struct buffer version = BUFFER_EMPTY;
    library_version(&version, dll);
    append_member(out, name, &version);
    buffer_free(&version);
}

void machine_describe(struct buffer *out)
{
    RTL_OSVERSIONINFOEXW seen = {.dwOSVersionInfoSize = sizeof seen};
    get_version call =
        (get_version)(void *)GetProcAddress(GetModuleHandleW(L"ntdll.dll"), "RtlGetVersion");
    if (call != NULL)
        call(&seen);
    DWORD revision = 0, size = sizeof revision;
    RegGetValueW(HKEY_LOCAL_MACHINE, KEY, L"UBR", RRF_RT_REG_DWORD, NULL, &revision, &size);
    buffer_append_text(out, "\"build\": ");
    buffer_append_number(out, seen.dwBuildNumber);
    buffer_append_text(out, ", \"revision\": ");
    buffer_append_number(out, revision);
    buffer_append_text(out, seen.wProductType == VER_NT_WORKSTATION ? ", \"product\": \"client\""
                                                                    : ", \"product\": \"server\"");
    append_from_registry(out, "edition", L"EditionID");
    append_from_registry(out, "title", L"ProductName");
    append_from_registry(out, "version", L"DisplayVersion");
    append_version_of(out, "computenetwork", L"computenetwork.dll");
    append_version_of(out, "vmcompute", L"vmcompute.dll");
}
