/* vmcompute.dll: compute systems.

   A container has no processes that do anything here. One that this program created is a record in it,
   see systems.h; its endpoints are attached through the service. Any other container exists while a
   namespace or an endpoint of the service names it: hcsshim's HotAttachEndpoint opens it and adds the
   endpoint to its network. A container that nobody names is answered as HCS answers for one that has
   ended. Source: clients.md section 1.5. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <windows.h>

#include "containers.h"
#include "handles.h"
#include "hcs.h"
#include "systems.h"
#include "watches.h"
#include "wide.h"

HRESULT WINAPI HcsEnumerateComputeSystems(PCWSTR Query, PWSTR *ComputeSystems, PWSTR *Result);
HRESULT WINAPI HcsCreateComputeSystem(PCWSTR Id, PCWSTR Configuration, HANDLE Identity, HANDLE *ComputeSystem,
                                      PWSTR *Result);
HRESULT WINAPI HcsOpenComputeSystem(PCWSTR Id, HANDLE *ComputeSystem, PWSTR *Result);
HRESULT WINAPI HcsCloseComputeSystem(HANDLE ComputeSystem);
HRESULT WINAPI HcsStartComputeSystem(HANDLE ComputeSystem, PCWSTR Options, PWSTR *Result);
HRESULT WINAPI HcsShutdownComputeSystem(HANDLE ComputeSystem, PCWSTR Options, PWSTR *Result);
HRESULT WINAPI HcsTerminateComputeSystem(HANDLE ComputeSystem, PCWSTR Options, PWSTR *Result);
HRESULT WINAPI HcsPauseComputeSystem(HANDLE ComputeSystem, PCWSTR Options, PWSTR *Result);
HRESULT WINAPI HcsResumeComputeSystem(HANDLE ComputeSystem, PCWSTR Options, PWSTR *Result);
HRESULT WINAPI HcsSaveComputeSystem(HANDLE ComputeSystem, PCWSTR Options, PWSTR *Result);
HRESULT WINAPI HcsGetComputeSystemProperties(HANDLE ComputeSystem, PCWSTR Query, PWSTR *Properties,
                                             PWSTR *Result);
HRESULT WINAPI HcsModifyComputeSystem(HANDLE ComputeSystem, PCWSTR Configuration, PWSTR *Result);
HRESULT WINAPI HcsRegisterComputeSystemCallback(HANDLE ComputeSystem, HCS_NOTIFICATION_CALLBACK Callback,
                                                void *Context, HANDLE *Registration);
HRESULT WINAPI HcsUnregisterComputeSystemCallback(HANDLE Registration);
HRESULT WINAPI HcsGetServiceProperties(PCWSTR Query, PWSTR *Properties, PWSTR *Result);
HRESULT WINAPI HcsModifyServiceSettings(PCWSTR Settings, PWSTR *Result);

static void forget(PWSTR *result)
{
    if (result != NULL)
        *result = NULL;
}

/* Tell which system an open handle is to; 0 for one that the service names. */
static bool number_of(HANDLE handle, uint64_t *number)
{
    char text[GUID_TEXT_SIZE];
    if (!handle_find(KIND_COMPUTE_SYSTEM, handle, text))
        return false;
    *number = strtoull(text, NULL, 10);
    return true;
}

static HANDLE open_handle(uint64_t number, const struct buffer *id)
{
    char text[GUID_TEXT_SIZE] = "";
    if (number != 0)
        snprintf(text, sizeof text, "%llu", (unsigned long long)number);
    char *copied = malloc(id->length + 1);
    if (copied == NULL)
        return NULL;
    memcpy(copied, id->bytes, id->length + 1);
    HANDLE handle = handle_open(KIND_COMPUTE_SYSTEM, text, copied);
    if (handle == NULL)
        free(copied);
    return handle;
}

/* `id` is a JSON string with its quotes. */
static void append_properties(struct buffer *out, struct json id, const char *owner, enum state state)
{
    static const char *const states[] = {"Created", "Running", "Stopped"};
    buffer_append_text(out, "{\"Id\":");
    buffer_append(out, id.start, id.length);
    if (owner != NULL && *owner != '\0') {
        buffer_append_text(out, ",\"Owner\":\"");
        text_append_quoted(out, owner, strlen(owner));
        buffer_append_text(out, "\"");
    }
    buffer_append_text(out, ",\"SystemType\":\"Container\",\"RuntimeOsType\":\"Windows\",\"State\":\"");
    buffer_append_text(out, states[state]);
    buffer_append_text(out, "\"}");
}

static void append_quoted_id(struct buffer *out, const char *id)
{
    buffer_append_text(out, "\"");
    text_append_quoted(out, id, strlen(id));
    buffer_append_text(out, "\"");
}

static void append_separator(struct buffer *out)
{
    if (out->length > 1)
        buffer_append_text(out, ",");
}

/* Append the systems of this program. */
static void append_own(struct buffer *list)
{
    AcquireSRWLockShared(&systems_lock);
    for (const struct system *system = systems_first(); system != NULL; system = system->next) {
        if (system->state == STATE_STOPPED)
            continue;
        struct buffer id = BUFFER_EMPTY;
        append_quoted_id(&id, system->id);
        append_separator(list);
        append_properties(list, (struct json){id.bytes, id.length}, system->owner, system->state);
        list->failed = list->failed || id.failed;
        buffer_free(&id);
    }
    ReleaseSRWLockShared(&systems_lock);
}

static bool is_own(struct json id)
{
    bool found = false;
    AcquireSRWLockShared(&systems_lock);
    for (const struct system *system = systems_first(); system != NULL && !found; system = system->next) {
        struct buffer own = BUFFER_EMPTY;
        append_quoted_id(&own, system->id);
        found = own.length == id.length && memcmp(own.bytes, id.start, id.length) == 0;
        buffer_free(&own);
    }
    ReleaseSRWLockShared(&systems_lock);
    return found;
}

/* Answer every container that this program created or that the service names, whatever the query asks
   for. */
HRESULT WINAPI HcsEnumerateComputeSystems(PCWSTR Query, PWSTR *ComputeSystems, PWSTR *Result)
{
    (void)Query;
    forget(Result);
    if (ComputeSystems == NULL)
        return E_POINTER;
    *ComputeSystems = NULL;
    struct containers known;
    HRESULT result = containers_read(&known);
    if (SUCCEEDED(result)) {
        struct buffer list = BUFFER_EMPTY;
        buffer_append_text(&list, "[");
        append_own(&list);
        for (size_t i = 0; i < known.count; i++) {
            if (is_own(known.ids[i]))
                continue;
            append_separator(&list);
            append_properties(&list, known.ids[i], NULL, STATE_RUNNING);
        }
        buffer_append_text(&list, "]");
        result = list.failed ? E_OUTOFMEMORY : string_give(ComputeSystems, list.bytes, list.length);
        buffer_free(&list);
    }
    containers_free(&known);
    return result;
}

/* Detach from the service what a system that has stopped had attached. */
static void detach_all(uint64_t number)
{
    for (;;) {
        struct buffer container = BUFFER_EMPTY, endpoint = BUFFER_EMPTY;
        AcquireSRWLockExclusive(&systems_lock);
        struct system *system = systems_by_number(number);
        bool has_more = system != NULL && system->endpoints != NULL;
        if (has_more) {
            buffer_append_text(&container, system->id);
            buffer_append_text(&endpoint, system->endpoints->id);
            system_forget(system, (struct json){system->endpoints->id, strlen(system->endpoints->id)});
        }
        ReleaseSRWLockExclusive(&systems_lock);
        if (has_more && !container.failed && !endpoint.failed)
            containers_change(container.bytes, (struct json){endpoint.bytes, endpoint.length}, false);
        buffer_free(&container);
        buffer_free(&endpoint);
        if (!has_more)
            return;
    }
}

/* End a system of this program. */
static HRESULT stop(HANDLE handle, DWORD exit_code)
{
    uint64_t number;
    if (!number_of(handle, &number))
        return E_HANDLE;
    if (number == 0)
        return HCS_E_INVALID_STATE; /* it belongs to the program that attached its endpoints */
    AcquireSRWLockShared(&systems_lock);
    const struct system *found = systems_by_number(number);
    bool is_stopped = found == NULL || found->state == STATE_STOPPED;
    ReleaseSRWLockShared(&systems_lock);
    if (is_stopped)
        return HCS_E_SYSTEM_ALREADY_STOPPED;
    detach_all(number);
    AcquireSRWLockExclusive(&systems_lock);
    struct system *system = systems_by_number(number);
    if (system != NULL)
        system_stop(system, exit_code);
    ReleaseSRWLockExclusive(&systems_lock);
    return HCS_E_OPERATION_PENDING; /* its end is told to the callbacks */
}

/* Attach every endpoint that the configuration lists; the first refusal ends it. */
static HRESULT attach_all(uint64_t number, const char *container, struct json configuration)
{
    struct json endpoints = json_member(configuration, "EndpointList");
    for (struct json item = {NULL, 0}; json_next(endpoints, &item);) {
        struct json endpoint = json_plain_string(item);
        if (endpoint.start == NULL)
            return HCS_E_INVALID_JSON;
        HRESULT result = containers_change(container, endpoint, true);
        if (FAILED(result))
            return result;
        AcquireSRWLockExclusive(&systems_lock);
        bool is_noted = system_note(systems_by_number(number), endpoint);
        ReleaseSRWLockExclusive(&systems_lock);
        if (!is_noted)
            return E_OUTOFMEMORY;
    }
    return S_OK;
}

/* Make the record, with a handle to it. */
static HRESULT add(const struct buffer *id, struct json configuration, uint64_t *number, HANDLE *handle)
{
    HRESULT result = HCS_E_SYSTEM_ALREADY_EXISTS;
    AcquireSRWLockExclusive(&systems_lock);
    if (systems_by_id(id->bytes) == NULL) {
        struct system *made = systems_add(id, json_plain_string(json_member(configuration, "Owner")));
        *handle = made == NULL ? NULL : open_handle(made->number, id);
        result = *handle == NULL ? E_OUTOFMEMORY : S_OK;
        if (made != NULL) {
            *number = made->number;
            made->handles = *handle == NULL ? 0 : 1;
            made->state = *handle == NULL ? STATE_STOPPED : STATE_CREATED;
            system_sweep(made);
        }
    }
    ReleaseSRWLockExclusive(&systems_lock);
    return result;
}

HRESULT WINAPI HcsCreateComputeSystem(PCWSTR Id, PCWSTR Configuration, HANDLE Identity, HANDLE *ComputeSystem,
                                      PWSTR *Result)
{
    (void)Identity;
    forget(Result);
    if (ComputeSystem == NULL || Id == NULL)
        return E_POINTER;
    *ComputeSystem = NULL;
    struct buffer id = BUFFER_EMPTY, text = BUFFER_EMPTY;
    string_take(&id, Id);
    string_take(&text, Configuration);
    struct json configuration = json_read(text.bytes, text.length);
    HRESULT result = id.failed || text.failed ? E_OUTOFMEMORY
                     : id.length == 0         ? E_INVALIDARG
                     : !json_is_object(configuration) ? HCS_E_INVALID_JSON
                                                      : S_OK;
    uint64_t number = 0;
    HANDLE handle = NULL;
    if (SUCCEEDED(result))
        result = add(&id, configuration, &number, &handle);
    if (SUCCEEDED(result)) {
        result = attach_all(number, id.bytes, configuration);
        if (SUCCEEDED(result)) {
            *ComputeSystem = handle;
        } else {
            stop(handle, TERMINATED_BY_DEBUGGER);
            HcsCloseComputeSystem(handle);
        }
    }
    buffer_free(&id);
    buffer_free(&text);
    return result;
}

HRESULT WINAPI HcsOpenComputeSystem(PCWSTR Id, HANDLE *ComputeSystem, PWSTR *Result)
{
    forget(Result);
    if (ComputeSystem == NULL || Id == NULL)
        return E_POINTER;
    *ComputeSystem = NULL;
    struct buffer id = BUFFER_EMPTY;
    string_take(&id, Id);
    if (id.failed)
        return E_OUTOFMEMORY;
    if (id.length == 0)
        return HCS_E_SYSTEM_NOT_FOUND;
    HRESULT result = S_OK;
    AcquireSRWLockExclusive(&systems_lock);
    struct system *own = systems_by_id(id.bytes);
    if (own != NULL) {
        *ComputeSystem = open_handle(own->number, &id);
        own->handles += *ComputeSystem != NULL;
    }
    ReleaseSRWLockExclusive(&systems_lock);
    if (own == NULL) {
        result = containers_find(id.bytes, id.length);
        if (SUCCEEDED(result))
            *ComputeSystem = open_handle(0, &id);
    }
    if (SUCCEEDED(result) && *ComputeSystem == NULL)
        result = E_OUTOFMEMORY;
    buffer_free(&id);
    return result;
}

HRESULT WINAPI HcsCloseComputeSystem(HANDLE ComputeSystem)
{
    char number[GUID_TEXT_SIZE];
    void *id;
    if (!handle_close(KIND_COMPUTE_SYSTEM, ComputeSystem, number, &id))
        return E_HANDLE;
    free(id);
    AcquireSRWLockExclusive(&systems_lock);
    struct system *own = systems_by_number(strtoull(number, NULL, 10));
    if (own != NULL) {
        own->handles--;
        system_sweep(own);
    }
    ReleaseSRWLockExclusive(&systems_lock);
    return S_OK;
}

HRESULT WINAPI HcsStartComputeSystem(HANDLE ComputeSystem, PCWSTR Options, PWSTR *Result)
{
    (void)Options;
    forget(Result);
    uint64_t number;
    if (!number_of(ComputeSystem, &number))
        return E_HANDLE;
    AcquireSRWLockExclusive(&systems_lock);
    struct system *own = systems_by_number(number);
    bool starts = own != NULL && own->state == STATE_CREATED;
    if (starts)
        own->state = STATE_RUNNING;
    ReleaseSRWLockExclusive(&systems_lock);
    return starts ? S_OK : HCS_E_INVALID_STATE;
}

HRESULT WINAPI HcsShutdownComputeSystem(HANDLE ComputeSystem, PCWSTR Options, PWSTR *Result)
{
    (void)Options;
    forget(Result);
    return stop(ComputeSystem, STOPPED_BY_CONTROL);
}

HRESULT WINAPI HcsTerminateComputeSystem(HANDLE ComputeSystem, PCWSTR Options, PWSTR *Result)
{
    (void)Options;
    forget(Result);
    return stop(ComputeSystem, TERMINATED_BY_DEBUGGER);
}

static HRESULT refuse(HANDLE handle, PWSTR *result)
{
    uint64_t number;
    forget(result);
    return number_of(handle, &number) ? E_NOTIMPL : E_HANDLE; /* as HCS does for process isolation */
}

HRESULT WINAPI HcsPauseComputeSystem(HANDLE ComputeSystem, PCWSTR Options, PWSTR *Result)
{
    (void)Options;
    return refuse(ComputeSystem, Result);
}

HRESULT WINAPI HcsResumeComputeSystem(HANDLE ComputeSystem, PCWSTR Options, PWSTR *Result)
{
    (void)Options;
    return refuse(ComputeSystem, Result);
}

HRESULT WINAPI HcsSaveComputeSystem(HANDLE ComputeSystem, PCWSTR Options, PWSTR *Result)
{
    (void)Options;
    return refuse(ComputeSystem, Result);
}

HRESULT WINAPI HcsGetComputeSystemProperties(HANDLE ComputeSystem, PCWSTR Query, PWSTR *Properties,
                                             PWSTR *Result)
{
    (void)Query;
    forget(Result);
    if (Properties == NULL)
        return E_POINTER;
    *Properties = NULL;
    uint64_t number;
    struct buffer id = BUFFER_EMPTY, quoted = BUFFER_EMPTY, text = BUFFER_EMPTY;
    if (!number_of(ComputeSystem, &number) || !handle_text(KIND_COMPUTE_SYSTEM, ComputeSystem, &id)) {
        buffer_free(&id);
        return E_HANDLE;
    }
    if (!id.failed)
        append_quoted_id(&quoted, id.bytes);
    struct json name = {quoted.bytes, quoted.length};
    AcquireSRWLockShared(&systems_lock);
    const struct system *own = systems_by_number(number);
    if (!id.failed && !quoted.failed)
        append_properties(&text, name, own == NULL ? NULL : own->owner,
                          own != NULL ? own->state : number == 0 ? STATE_RUNNING : STATE_STOPPED);
    ReleaseSRWLockShared(&systems_lock);
    bool failed = id.failed || quoted.failed || text.failed;
    HRESULT result = failed ? E_OUTOFMEMORY : string_give(Properties, text.bytes, text.length);
    buffer_free(&id);
    buffer_free(&quoted);
    buffer_free(&text);
    return result;
}

/* Return the string of the first of two members: requests of schema 1 and of schema 2 name them otherwise. */
static struct json either(struct json request, const char *first, const char *second)
{
    struct json found = json_plain_string(json_member(request, first));
    return found.start != NULL ? found : json_plain_string(json_member(request, second));
}

static bool says(struct json text, const char *word)
{
    return text.start != NULL && text.length == strlen(word) && memcmp(text.start, word, text.length) == 0;
}

/* Attach or detach, and keep in mind what to detach when the system stops. */
static HRESULT change_network(uint64_t number, const char *container, struct json endpoint, bool attaches)
{
    HRESULT result = containers_change(container, endpoint, attaches);
    if (FAILED(result) || number == 0)
        return result;
    AcquireSRWLockExclusive(&systems_lock);
    struct system *own = systems_by_number(number);
    bool is_noted = true;
    if (own != NULL && attaches)
        is_noted = system_note(own, endpoint);
    else if (own != NULL)
        system_forget(own, endpoint);
    ReleaseSRWLockExclusive(&systems_lock);
    return is_noted ? result : E_OUTOFMEMORY;
}

/* Add a network endpoint to a container or remove it; other resources are not emulated. */
HRESULT WINAPI HcsModifyComputeSystem(HANDLE ComputeSystem, PCWSTR Configuration, PWSTR *Result)
{
    forget(Result);
    uint64_t number = 0;
    struct buffer container = BUFFER_EMPTY, text = BUFFER_EMPTY;
    bool is_open = number_of(ComputeSystem, &number)
                   && handle_text(KIND_COMPUTE_SYSTEM, ComputeSystem, &container);
    HRESULT result = is_open ? S_OK : E_HANDLE;
    string_take(&text, Configuration);
    if (SUCCEEDED(result) && (container.failed || text.failed))
        result = E_OUTOFMEMORY;
    if (SUCCEEDED(result)) {
        struct json request = json_read(text.bytes, text.length);
        struct json resource = either(request, "ResourceType", "Resource");
        struct json verb = either(request, "RequestType", "Request");
        struct json endpoint = either(request, "Settings", "Data");
        bool attaches = says(verb, "Add");
        if (!json_is_object(request))
            result = HCS_E_INVALID_JSON;
        else if (!says(resource, "Network") || (!attaches && !says(verb, "Remove")) || endpoint.start == NULL)
            result = E_NOTIMPL;
        else
            result = change_network(number, container.bytes, endpoint, attaches);
    }
    buffer_free(&container);
    buffer_free(&text);
    return result;
}

/* A container that the service names never exits while it is open: its callback is never called. */
HRESULT WINAPI HcsRegisterComputeSystemCallback(HANDLE ComputeSystem, HCS_NOTIFICATION_CALLBACK Callback,
                                                void *Context, HANDLE *Registration)
{
    if (Callback == NULL || Registration == NULL)
        return E_POINTER;
    *Registration = NULL;
    uint64_t number;
    if (!number_of(ComputeSystem, &number))
        return E_HANDLE;
    AcquireSRWLockShared(&systems_lock);
    const struct system *own = systems_by_number(number);
    bool has_ended = number != 0 && (own == NULL || own->state == STATE_STOPPED);
    HRESULT result = watch_add(number, HcsNotificationSystemExited, has_ended, Callback, Context, Registration);
    ReleaseSRWLockShared(&systems_lock);
    return result;
}

HRESULT WINAPI HcsUnregisterComputeSystemCallback(HANDLE Registration)
{
    return watch_remove(Registration);
}

HRESULT WINAPI HcsGetServiceProperties(PCWSTR Query, PWSTR *Properties, PWSTR *Result)
{
    static const char none[] = "{\"Properties\":[]}";
    (void)Query;
    forget(Result);
    return Properties == NULL ? E_POINTER : string_give(Properties, none, sizeof none - 1);
}

HRESULT WINAPI HcsModifyServiceSettings(PCWSTR Settings, PWSTR *Result)
{
    (void)Settings;
    forget(Result);
    return S_OK;
}
