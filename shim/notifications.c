/* Callbacks: a thread for each reads the stream of notifications and calls back, in their order.
   A stream that breaks is taken up again where it ended, so nothing is lost or told twice. */
#include <winsock2.h>

#include <stdlib.h>

#include <windows.h>

#include <computenetwork.h>
#include <objbase.h>

#include "connections.h"
#include "events.h"
#include "json.h"
#include "objects.h"
#include "service.h"
#include "socket.h"
#include "wide.h"

#define NOTIFICATIONS "/notifications"
#define SILENCE 60000    /* milliseconds: the service says something more often than that */
#define FIRST_PAUSE 100  /* before a broken stream is taken up again */
#define LONGEST_PAUSE 5000

struct subscription {
    HCN_NOTIFICATION_CALLBACK callback;
    void *context;
    struct buffer path;
    LONG holders; /* the handle and the thread; the last one frees */
    DWORD thread_id;
    HANDLE thread;
    HANDLE stopped; /* set by Unregister */
    HANDLE ready;   /* set once the first stream has begun, or never will */
    HRESULT result; /* of that */
    bool is_over; /* ServiceDisconnect was told: nothing follows it */
    bool has_last_event;
    unsigned long long last_event;
    SRWLOCK lock; /* of `reading`, the connection that Unregister breaks */
    struct connection *reading;
};

static void let_go(struct subscription *of)
{
    if (InterlockedDecrement(&of->holders) > 0)
        return;
    if (of->thread != NULL)
        CloseHandle(of->thread);
    if (of->stopped != NULL)
        CloseHandle(of->stopped);
    if (of->ready != NULL)
        CloseHandle(of->ready);
    buffer_free(&of->path);
    free(of);
}

static bool is_stopped(const struct subscription *of)
{
    return WaitForSingleObject(of->stopped, 0) == WAIT_OBJECT_0;
}

static void begin(struct subscription *of, HRESULT result)
{
    if (WaitForSingleObject(of->ready, 0) == WAIT_OBJECT_0)
        return;
    of->result = result;
    SetEvent(of->ready);
}

/* Call back with an event's data: {"NotificationType", "NotificationStatus", "NotificationData"}. */
static void tell(struct subscription *of, const struct event *event)
{
    uint64_t type, status = 0;
    struct json told = json_read(event->data.bytes, event->data.length);
    struct json data = json_member(told, "NotificationData");
    if (!json_number(json_member(told, "NotificationType"), &type) || type > UINT32_MAX)
        return;
    json_number(json_member(told, "NotificationStatus"), &status);
    of->is_over = type == (uint64_t)HcnNotificationServiceDisconnect;
    PWSTR text = NULL;
    if (data.start != NULL)
        string_give(&text, data.start, data.length);
    of->callback((DWORD)type, of->context, (HRESULT)status, text);
    CoTaskMemFree(text);
}

/* Read events until the stream breaks or Unregister breaks it. Comments count, too: the first one
   says where the stream begins, so that nothing is missed if it breaks before the first event. */
static void read_events(struct subscription *of, struct connection *connection,
                        const struct http_head *head)
{
    struct buffer stream = BUFFER_EMPTY;
    struct event event = EVENT_EMPTY;
    connection->deadline = 0;
    socket_limit(connection->socket, SILENCE);
    while (!is_stopped(of) &&
           http_read_piece(&connection->source, head, &stream) == HTTP_OK) {
        begin(of, S_OK);
        while (!is_stopped(of) && !of->is_over && event_take(&stream, &event) &&
               !event.data.failed) {
            if (event.data.length > 0)
                tell(of, &event);
            if (event.has_id)
                of->last_event = event.id;
            of->has_last_event |= event.has_id;
        }
    }
    buffer_free(&stream);
    buffer_free(&event.data);
}

static void set_reading(struct subscription *of, struct connection *connection)
{
    AcquireSRWLockExclusive(&of->lock);
    of->reading = connection;
    ReleaseSRWLockExclusive(&of->lock);
}

/* Ask for the stream and read it to its end. Return what became of it: S_OK when it had begun. */
static HRESULT follow(struct subscription *of)
{
    struct settings settings;
    HRESULT result = E_INVALIDARG;
    struct connection *connection = NULL;
    struct http_head head;
    if (settings_read(&settings)) {
        connection = connection_take(&settings);
        result = connection == NULL ? service_failure(HTTP_NOBODY) : S_OK;
    }
    if (connection != NULL) {
        struct http_request request = {.method = "GET",
                                       .path = of->path.bytes,
                                       .token = settings.token.bytes,
                                       .accept = "text/event-stream",
                                       .last_event = of->has_last_event ? &of->last_event : NULL};
        set_reading(of, connection);
        enum http_result read = connection_send(connection, &settings.url, &request);
        if (read == HTTP_OK)
            read = http_read_head(&connection->source, &head);
        result = service_failure(read);
        if (SUCCEEDED(result) && head.status == 200)
            read_events(of, connection, &head);
        else if (SUCCEEDED(result))
            result = head.has_result ? (HRESULT)head.result : E_FAIL;
        set_reading(of, NULL);
        connection_close(connection);
    }
    settings_free(&settings);
    return result;
}

static bool was_refused(HRESULT result)
{
    return FAILED(result) && result != service_failure(HTTP_NOBODY) &&
           result != service_failure(HTTP_BROKEN) && result != service_failure(HTTP_TIMED_OUT);
}

/* Follow the stream until Unregister or ServiceDisconnect, after which a callback is not called:
   the program registers again. A service that no longer has what follows the last event, or whose
   object is gone, counts as disconnected. */
static DWORD WINAPI run(void *parameter)
{
    struct subscription *of = parameter;
    DWORD pause = FIRST_PAUSE;
    do {
        HRESULT result = follow(of);
        bool was_begun = WaitForSingleObject(of->ready, 0) == WAIT_OBJECT_0;
        begin(of, result);
        if (!was_begun || of->is_over)
            break;
        if (was_refused(result)) {
            of->callback((DWORD)HcnNotificationServiceDisconnect, of->context, S_OK, NULL);
            break;
        }
        pause = SUCCEEDED(result) ? FIRST_PAUSE : pause * 2 > LONGEST_PAUSE ? LONGEST_PAUSE : pause * 2;
    } while (WaitForSingleObject(of->stopped, pause) == WAIT_TIMEOUT);
    let_go(of);
    return 0;
}

static struct subscription *subscribe(const char *path, HCN_NOTIFICATION_CALLBACK callback,
                                      void *context)
{
    struct subscription *made = calloc(1, sizeof *made);
    if (made == NULL)
        return NULL;
    made->callback = callback;
    made->context = context;
    made->holders = 1;
    InitializeSRWLock(&made->lock);
    buffer_append_text(&made->path, path);
    buffer_append_text(&made->path, NOTIFICATIONS);
    made->stopped = CreateEventW(NULL, TRUE, FALSE, NULL);
    made->ready = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (made->path.failed || made->stopped == NULL || made->ready == NULL) {
        let_go(made);
        return NULL;
    }
    made->holders = 2;
    made->thread = CreateThread(NULL, 0, run, made, 0, &made->thread_id);
    if (made->thread == NULL) {
        made->holders = 1;
        let_go(made);
        return NULL;
    }
    return made;
}

/* Stop the thread and wait until no callback runs any more, unless this is one. */
static void unsubscribe(struct subscription *of)
{
    SetEvent(of->stopped);
    AcquireSRWLockExclusive(&of->lock);
    if (of->reading != NULL)
        shutdown(of->reading->socket, SD_BOTH);
    ReleaseSRWLockExclusive(&of->lock);
    if (GetCurrentThreadId() != of->thread_id)
        WaitForSingleObject(of->thread, SILENCE);
    let_go(of);
}

/* Register and wait until the stream has begun: what happens after the return is told. */
static HRESULT add(const char *path, HCN_NOTIFICATION_CALLBACK callback, void *context,
                   HCN_CALLBACK *handle)
{
    static const char none[GUID_TEXT_SIZE] = "";
    struct subscription *made = subscribe(path, callback, context);
    if (made == NULL)
        return E_OUTOFMEMORY;
    WaitForSingleObject(made->ready, INFINITE); /* every step before it has a time limit */
    HRESULT result = made->result;
    if (SUCCEEDED(result)) {
        *handle = handle_open(KIND_CALLBACK, none, made);
        result = *handle == NULL ? E_OUTOFMEMORY : S_OK;
    }
    if (FAILED(result))
        unsubscribe(made);
    return result;
}

static HRESULT drop(HCN_CALLBACK handle)
{
    void *data;
    if (!handle_close(KIND_CALLBACK, handle, NULL, &data))
        return E_HANDLE;
    unsubscribe(data);
    return S_OK;
}

HRESULT WINAPI HcnRegisterServiceCallback(HCN_NOTIFICATION_CALLBACK Callback, void *Context,
                                          HCN_CALLBACK *CallbackHandle)
{
    if (CallbackHandle == NULL)
        return E_POINTER;
    *CallbackHandle = NULL;
    return Callback == NULL ? E_POINTER : add("/v2", Callback, Context, CallbackHandle);
}

HRESULT WINAPI HcnUnregisterServiceCallback(HCN_CALLBACK CallbackHandle)
{
    return drop(CallbackHandle);
}

HRESULT WINAPI HcnRegisterGuestNetworkServiceCallback(HCN_GUESTNETWORKSERVICE GuestNetworkService,
                                                      HCN_NOTIFICATION_CALLBACK Callback,
                                                      void *Context, HCN_CALLBACK *CallbackHandle)
{
    char id[GUID_TEXT_SIZE];
    if (CallbackHandle == NULL)
        return E_POINTER;
    *CallbackHandle = NULL;
    if (Callback == NULL)
        return E_POINTER;
    if (!handle_find(KIND_GUEST_NETWORK_SERVICE, GuestNetworkService, id))
        return E_HANDLE;
    struct buffer path = BUFFER_EMPTY;
    object_append_path(&path, &GUEST_NETWORK_SERVICES, id);
    HRESULT result =
        path.failed ? E_OUTOFMEMORY : add(path.bytes, Callback, Context, CallbackHandle);
    buffer_free(&path);
    return result;
}

HRESULT WINAPI HcnUnregisterGuestNetworkServiceCallback(HCN_CALLBACK CallbackHandle)
{
    return drop(CallbackHandle);
}
