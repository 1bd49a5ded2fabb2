#include "library.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <objbase.h>

#include "wide.h"

/* What asks for the properties of an object, as hcsshim does. */
#define QUERY "{\"SchemaVersion\":{\"Major\":2,\"Minor\":0},\"Flags\":0}"

typedef void (*any_function)(void);
typedef HRESULT(WINAPI *hns_call)(PCWSTR, PCWSTR, PCWSTR, PWSTR *);
typedef HRESULT(WINAPI *enumerate)(PCWSTR, PWSTR *, PWSTR *);
typedef HRESULT(WINAPI *create)(REFGUID, PCWSTR, HANDLE *, PWSTR *);
typedef HRESULT(WINAPI *create_in)(HANDLE, REFGUID, PCWSTR, HANDLE *, PWSTR *);
typedef HRESULT(WINAPI *open_object)(REFGUID, HANDLE *, PWSTR *);
typedef HRESULT(WINAPI *modify)(HANDLE, PCWSTR, PWSTR *);
typedef HRESULT(WINAPI *query)(HANDLE, PCWSTR, PWSTR *, PWSTR *);
typedef HRESULT(WINAPI *delete_object)(REFGUID, PWSTR *);
typedef HRESULT(WINAPI *close_object)(HANDLE);

static HMODULE network, compute;

bool library_load(void)
{
    network = LoadLibraryExW(L"computenetwork.dll", NULL, LOAD_LIBRARY_SEARCH_SYSTEM32);
    compute = LoadLibraryExW(L"vmcompute.dll", NULL, LOAD_LIBRARY_SEARCH_SYSTEM32);
    return network != NULL || compute != NULL;
}

void outcome_free(struct outcome *outcome)
{
    buffer_free(&outcome->answer);
    buffer_free(&outcome->error);
}

/* Find Hcn<verb><noun><end>; where there is none, say so in the outcome. */
static any_function find(struct outcome *outcome, const char *verb, const char *noun, const char *end)
{
    char name[64];
    snprintf(name, sizeof name, "Hcn%s%s%s", verb, noun, end);
    any_function found = network == NULL ? NULL : (any_function)(void *)GetProcAddress(network, name);
    if (network == NULL)
        outcome->missing = "computenetwork.dll is missing: HCN came with Windows 10 version 1809";
    else if (found == NULL)
        outcome->missing = "computenetwork.dll of this Windows lacks the function";
    return found;
}

static struct outcome nothing(void)
{
    return (struct outcome){S_OK, BUFFER_EMPTY, BUFFER_EMPTY, NULL};
}

/* A text as Windows takes it; free it. NULL when memory ran out. */
static WCHAR *widened(const char *text)
{
    size_t length = text == NULL ? 0 : strlen(text);
    uint16_t *wide = malloc((length + 1) * sizeof *wide);
    if (wide != NULL)
        text_to_utf16(wide, length == 0 ? "" : text, length);
    return (WCHAR *)wide;
}

/* Take a text that Windows gave. */
static void take(struct buffer *out, PWSTR *text)
{
    string_take(out, *text);
    CoTaskMemFree(*text);
    *text = NULL;
}

struct outcome library_hns_call(const char *method, const char *path, const char *document)
{
    struct outcome outcome = nothing();
    hns_call call = compute == NULL ? NULL : (hns_call)(void *)GetProcAddress(compute, "HNSCall");
    if (call == NULL) {
        outcome.missing = "vmcompute.dll with HNSCall is missing on this Windows";
        return outcome;
    }
    WCHAR *words[] = {widened(method), widened(path), widened(document)};
    PWSTR response = NULL;
    outcome.result = E_OUTOFMEMORY;
    if (words[0] != NULL && words[1] != NULL && words[2] != NULL)
        outcome.result = call(words[0], words[1], words[2], &response);
    take(&outcome.answer, &response);
    for (size_t i = 0; i < 3; i++)
        free(words[i]);
    return outcome;
}

struct outcome library_enumerate(const char *noun, const char *asked)
{
    struct outcome outcome = nothing();
    enumerate call = (enumerate)find(&outcome, "Enumerate", noun, "s");
    if (call == NULL)
        return outcome;
    PWSTR answer = NULL, error = NULL;
    WCHAR *text = widened(*asked == '\0' ? QUERY : asked);
    outcome.result = text == NULL ? E_OUTOFMEMORY : call(text, &answer, &error);
    take(&outcome.answer, &answer);
    take(&outcome.error, &error);
    free(text);
    return outcome;
}

static HANDLE opened(struct outcome *outcome, const char *noun, const char *id)
{
    open_object call = (open_object)find(outcome, "Open", noun, "");
    if (call == NULL)
        return NULL;
    HANDLE handle = NULL;
    PWSTR error = NULL;
    GUID guid = guid_read(id);
    outcome->result = call(&guid, &handle, &error);
    take(&outcome->error, &error);
    return SUCCEEDED(outcome->result) ? handle : NULL;
}

static void closed(const char *noun, HANDLE handle)
{
    struct outcome ignored = nothing();
    close_object call = (close_object)find(&ignored, "Close", noun, "");
    if (call != NULL && handle != NULL)
        call(handle);
}

static void queried(struct outcome *outcome, const char *noun, HANDLE handle, const char *asked)
{
    query call = (query)find(outcome, "Query", noun, "Properties");
    if (call == NULL)
        return;
    PWSTR answer = NULL, error = NULL;
    WCHAR *text = widened(*asked == '\0' ? QUERY : asked);
    outcome->result = text == NULL ? E_OUTOFMEMORY : call(handle, text, &answer, &error);
    take(&outcome->answer, &answer);
    take(&outcome->error, &error);
    free(text);
}

struct outcome library_create(const char *noun, const char *parent, const char *document)
{
    struct outcome outcome = nothing();
    any_function call = find(&outcome, "Create", noun, "");
    HANDLE in = NULL, handle = NULL;
    if (call == NULL)
        return outcome;
    if (parent != NULL && (in = opened(&outcome, "Network", parent)) == NULL)
        return outcome;
    static const GUID zero; /* HNS chooses the id, as for hcsshim */
    PWSTR error = NULL;
    WCHAR *text = widened(document);
    if (text == NULL)
        outcome.result = E_OUTOFMEMORY;
    else if (parent != NULL)
        outcome.result = ((create_in)call)(in, &zero, text, &handle, &error);
    else
        outcome.result = ((create)call)(&zero, text, &handle, &error);
    take(&outcome.error, &error);
    free(text);
    if (SUCCEEDED(outcome.result)) {
        struct outcome shown = nothing();
        queried(&shown, noun, handle, "");
        outcome.answer = shown.answer;
        buffer_free(&shown.error);
    }
    closed(noun, handle);
    closed("Network", in);
    return outcome;
}

struct outcome library_open(const char *noun, const char *id)
{
    struct outcome outcome = nothing();
    closed(noun, opened(&outcome, noun, id));
    return outcome;
}

struct outcome library_modify(const char *noun, const char *id, const char *document)
{
    struct outcome outcome = nothing();
    modify call = (modify)find(&outcome, "Modify", noun, "");
    HANDLE handle = call == NULL ? NULL : opened(&outcome, noun, id);
    if (handle == NULL)
        return outcome;
    PWSTR error = NULL;
    WCHAR *text = widened(document);
    outcome.result = text == NULL ? E_OUTOFMEMORY : call(handle, text, &error);
    take(&outcome.error, &error);
    free(text);
    closed(noun, handle);
    return outcome;
}

struct outcome library_query(const char *noun, const char *id, const char *asked)
{
    struct outcome outcome = nothing();
    HANDLE handle = opened(&outcome, noun, id);
    if (handle == NULL)
        return outcome;
    queried(&outcome, noun, handle, asked);
    closed(noun, handle);
    return outcome;
}

struct outcome library_delete(const char *noun, const char *id)
{
    struct outcome outcome = nothing();
    delete_object call = (delete_object)find(&outcome, "Delete", noun, "");
    if (call == NULL)
        return outcome;
    PWSTR error = NULL;
    GUID guid = guid_read(id);
    outcome.result = call(&guid, &error);
    take(&outcome.error, &error);
    return outcome;
}

void library_version(struct buffer *out, PCWSTR dll)
{
    WCHAR path[MAX_PATH];
    UINT length = GetSystemDirectoryW(path, MAX_PATH);
    if (length == 0 || length + wcslen(dll) + 2 > MAX_PATH)
        return;
    wcscat(path, L"\\");
    wcscat(path, dll);
    DWORD unused, size = GetFileVersionInfoSizeW(path, &unused);
    void *block = size == 0 ? NULL : malloc(size);
    VS_FIXEDFILEINFO *info = NULL;
    UINT given = 0;
    if (block != NULL && GetFileVersionInfoW(path, 0, size, block) &&
        VerQueryValueW(block, L"\\", (void **)&info, &given) && given >= sizeof *info) {
        char text[64];
        snprintf(text, sizeof text, "%u.%u.%u.%u", HIWORD(info->dwFileVersionMS), LOWORD(info->dwFileVersionMS),
                 HIWORD(info->dwFileVersionLS), LOWORD(info->dwFileVersionLS));
        buffer_append_text(out, text);
    }
    free(block);
}
