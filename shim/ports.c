/* Port reservations of guest network services. A reservation is leased: a thread renews it while
   the process lives, so that ports of a process that died are free again after LEASE seconds. */
#include <stdlib.h>

#include <windows.h>

#include <computenetwork.h>
#include <objbase.h>

#include "json.h"
#include "objects.h"
#include "wide.h"

#define LEASE 30
#define RENEWALS 3 /* within one lease */
#define RESERVATIONS "/v2/portreservations"

struct reservation {
    char id[GUID_TEXT_SIZE];
    struct reservation *next;
};

static SRWLOCK lock = SRWLOCK_INIT;
static CONDITION_VARIABLE changed = CONDITION_VARIABLE_INIT;
static struct reservation *held;
static bool renewing;

static HRESULT renew(const char *id)
{
    struct buffer path = BUFFER_EMPTY, body = BUFFER_EMPTY;
    buffer_append_text(&path, RESERVATIONS "/");
    buffer_append_text(&path, id);
    buffer_append_text(&body, "{\"LeaseSeconds\":");
    buffer_append_number(&body, LEASE);
    buffer_append_text(&body, "}");
    HRESULT result = E_OUTOFMEMORY;
    if (!path.failed && !body.failed) {
        struct reply reply = service_call("PATCH", path.bytes, &body);
        result = reply.result;
        buffer_free(&reply.body);
    }
    buffer_free(&path);
    buffer_free(&body);
    return result;
}

/* Renew every reservation once; the lock is not held while the service answers. */
static void renew_all(void)
{
    size_t count = 0;
    for (struct reservation *each = held; each != NULL; each = each->next)
        count++;
    char(*ids)[GUID_TEXT_SIZE] = count == 0 ? NULL : malloc(count * sizeof *ids);
    if (ids == NULL)
        return;
    size_t i = 0;
    for (struct reservation *each = held; each != NULL; each = each->next)
        memcpy(ids[i++], each->id, GUID_TEXT_SIZE);
    ReleaseSRWLockExclusive(&lock);
    for (i = 0; i < count; i++)
        renew(ids[i]);
    free(ids);
    AcquireSRWLockExclusive(&lock);
}

/* Renew until nothing is held any more. */
static DWORD WINAPI keep_renewing(void *unused)
{
    (void)unused;
    AcquireSRWLockExclusive(&lock);
    while (held != NULL) {
        BOOL woken = SleepConditionVariableSRW(&changed, &lock, LEASE * 1000 / RENEWALS, 0);
        if (!woken)
            renew_all();
    }
    renewing = false;
    ReleaseSRWLockExclusive(&lock);
    return 0;
}

static bool hold(const char *id)
{
    struct reservation *made = malloc(sizeof *made);
    if (made == NULL)
        return false;
    memcpy(made->id, id, GUID_TEXT_SIZE);
    AcquireSRWLockExclusive(&lock);
    if (!renewing) {
        HANDLE thread = CreateThread(NULL, 0, keep_renewing, NULL, 0, NULL);
        renewing = thread != NULL;
        if (renewing)
            CloseHandle(thread);
    }
    bool holds = renewing;
    if (holds) {
        made->next = held;
        held = made;
    } else {
        free(made);
    }
    ReleaseSRWLockExclusive(&lock);
    return holds;
}

static void let_go(const char *id)
{
    AcquireSRWLockExclusive(&lock);
    struct reservation **place = &held;
    while (*place != NULL && memcmp((*place)->id, id, GUID_TEXT_SIZE) != 0)
        place = &(*place)->next;
    struct reservation *gone = *place;
    if (gone != NULL)
        *place = gone->next;
    if (held == NULL)
        WakeConditionVariable(&changed);
    ReleaseSRWLockExclusive(&lock);
    free(gone);
}

static HRESULT release(const char *id)
{
    struct buffer path = BUFFER_EMPTY;
    buffer_append_text(&path, RESERVATIONS "/");
    buffer_append_text(&path, id);
    struct reply reply = {.result = E_OUTOFMEMORY, .body = BUFFER_EMPTY};
    if (!path.failed)
        reply = service_call("DELETE", path.bytes, NULL);
    buffer_free(&reply.body);
    buffer_free(&path);
    return reply.result;
}

/* Read a port of a reservation. */
static bool read_port(struct json made, const char *name, USHORT *port)
{
    uint64_t number;
    if (!json_number(json_member(made, name), &number) || number > 0xFFFF)
        return false;
    *port = (USHORT)number;
    return true;
}

/* Open a handle to the reservation that a reply tells of, and renew its lease from now on. */
static HRESULT keep(const struct buffer *body, HCN_PORT_RANGE_RESERVATION *range, HANDLE *handle)
{
    char id[GUID_TEXT_SIZE];
    struct json made = json_read(body->bytes, body->length);
    struct json text = json_plain_string(json_member(made, "ID"));
    if (text.start == NULL || !text_read_guid(id, text.start, text.length) ||
        !read_port(made, "StartingPort", &range->startingPort) ||
        !read_port(made, "EndingPort", &range->endingPort))
        return service_failure(HTTP_NONSENSE);
    if (hold(id)) {
        *handle = handle_open(KIND_PORT_RESERVATION, id, NULL);
        if (*handle != NULL)
            return S_OK;
        let_go(id);
    }
    release(id);
    return E_OUTOFMEMORY;
}

/* Reserve what `asked` says: the last members of the request. */
static HRESULT reserve(HCN_GUESTNETWORKSERVICE service, struct buffer *asked,
                       HCN_PORT_RANGE_RESERVATION *range, HANDLE *handle)
{
    char id[GUID_TEXT_SIZE];
    HRESULT result = E_HANDLE;
    struct buffer path = BUFFER_EMPTY;
    buffer_append_text(asked, ",\"LeaseSeconds\":");
    buffer_append_number(asked, LEASE);
    buffer_append_text(asked, "}");
    if (handle_find(KIND_GUEST_NETWORK_SERVICE, service, id)) {
        object_append_path(&path, &GUEST_NETWORK_SERVICES, id);
        buffer_append_text(&path, "/portreservations");
        result = path.failed || asked->failed ? E_OUTOFMEMORY : S_OK;
    }
    if (SUCCEEDED(result)) {
        struct reply reply = service_call("POST", path.bytes, asked);
        result = reply.result;
        if (SUCCEEDED(result))
            result = keep(&reply.body, range, handle);
        buffer_free(&reply.body);
    }
    buffer_free(&path);
    buffer_free(asked);
    return result;
}

HRESULT WINAPI HcnReserveGuestNetworkServicePort(HCN_GUESTNETWORKSERVICE GuestNetworkService,
                                                 HCN_PORT_PROTOCOL Protocol,
                                                 HCN_PORT_ACCESS Access, USHORT Port,
                                                 HANDLE *PortReservationHandle)
{
    if (PortReservationHandle == NULL)
        return E_POINTER;
    *PortReservationHandle = NULL;
    HCN_PORT_RANGE_RESERVATION range;
    struct buffer asked = BUFFER_EMPTY;
    buffer_append_text(&asked, "{\"Protocol\":");
    buffer_append_number(&asked, (unsigned)Protocol);
    buffer_append_text(&asked, ",\"Access\":");
    buffer_append_number(&asked, (unsigned)Access);
    buffer_append_text(&asked, ",\"Port\":");
    buffer_append_number(&asked, Port);
    return reserve(GuestNetworkService, &asked, &range, PortReservationHandle);
}

/* The signature names neither protocol nor access: a range is for both protocols, exclusively. */
HRESULT WINAPI HcnReserveGuestNetworkServicePortRange(
    HCN_GUESTNETWORKSERVICE GuestNetworkService, USHORT PortCount,
    HCN_PORT_RANGE_RESERVATION *PortRangeReservation, HANDLE *PortReservationHandle)
{
    if (PortReservationHandle == NULL)
        return E_POINTER;
    *PortReservationHandle = NULL;
    if (PortRangeReservation == NULL)
        return E_POINTER;
    *PortRangeReservation = (HCN_PORT_RANGE_RESERVATION){0, 0};
    struct buffer asked = BUFFER_EMPTY;
    buffer_append_text(&asked, "{\"Protocol\":3,\"Access\":1,\"PortCount\":");
    buffer_append_number(&asked, PortCount);
    return reserve(GuestNetworkService, &asked, PortRangeReservation, PortReservationHandle);
}

HRESULT WINAPI HcnReleaseGuestNetworkServicePortReservationHandle(HANDLE PortReservationHandle)
{
    char id[GUID_TEXT_SIZE];
    if (!handle_close(KIND_PORT_RESERVATION, PortReservationHandle, id, NULL))
        return E_HANDLE;
    let_go(id);
    return release(id);
}

static const struct {
    const char *name;
    HCN_PORT_PROTOCOL protocol;
} PROTOCOLS[] = {
    {"TCP", HCN_PORT_PROTOCOL_TCP},
    {"UDP", HCN_PORT_PROTOCOL_UDP},
    {"Both", HCN_PORT_PROTOCOL_BOTH},
};

static bool read_entry(struct json item, HCN_PORT_RANGE_ENTRY *entry)
{
    char owner[GUID_TEXT_SIZE];
    struct json service = json_plain_string(json_member(item, "GuestNetworkService"));
    struct json protocol = json_plain_string(json_member(item, "Protocol"));
    *entry = (HCN_PORT_RANGE_ENTRY){0};
    if (service.start == NULL || protocol.start == NULL ||
        !text_read_guid(owner, service.start, service.length))
        return false;
    entry->OwningPartitionId = guid_read(owner);
    for (size_t i = 0; i < sizeof PROTOCOLS / sizeof *PROTOCOLS; i++)
        if (strlen(PROTOCOLS[i].name) == protocol.length &&
            memcmp(PROTOCOLS[i].name, protocol.start, protocol.length) == 0)
            entry->Protocol = PROTOCOLS[i].protocol;
    return entry->Protocol != 0 && read_port(item, "StartingPort", &entry->StartingPort) &&
           read_port(item, "EndingPort", &entry->EndingPort);
}

static HRESULT read_entries(struct json list, ULONG *count, HCN_PORT_RANGE_ENTRY **entries)
{
    ULONG length = 0;
    struct json item = {NULL, 0};
    while (json_next(list, &item))
        length++;
    HCN_PORT_RANGE_ENTRY *made = CoTaskMemAlloc((length == 0 ? 1 : length) * sizeof *made);
    if (made == NULL)
        return E_OUTOFMEMORY;
    item = (struct json){NULL, 0};
    for (ULONG i = 0; json_next(list, &item); i++) {
        if (!read_entry(item, &made[i])) {
            CoTaskMemFree(made);
            return service_failure(HTTP_NONSENSE);
        }
    }
    *count = length;
    *entries = made;
    return S_OK;
}

/* The partition that owns a range is told as the guest network service's id. */
HRESULT WINAPI HcnEnumerateGuestNetworkPortReservations(ULONG *ReturnCount,
                                                        HCN_PORT_RANGE_ENTRY **PortEntries)
{
    if (ReturnCount == NULL || PortEntries == NULL)
        return E_POINTER;
    *ReturnCount = 0;
    *PortEntries = NULL;
    struct reply reply = service_call("GET", RESERVATIONS, NULL);
    HRESULT result = reply.result;
    if (SUCCEEDED(result)) {
        struct json list = json_read(reply.body.bytes, reply.body.length);
        result = list.start != NULL && *list.start == '['
                     ? read_entries(list, ReturnCount, PortEntries)
                     : service_failure(HTTP_NONSENSE);
    }
    buffer_free(&reply.body);
    return result;
}

void WINAPI HcnFreeGuestNetworkPortReservations(HCN_PORT_RANGE_ENTRY *PortEntries)
{
    CoTaskMemFree(PortEntries);
}
