#include "watches.h"

#include <stdlib.h>

#include "handles.h"

struct watch {
    struct watch *next;
    uint64_t target;
    DWORD type;
    HCS_NOTIFICATION_CALLBACK callback;
    void *context;
    bool is_told;
    bool is_removed;
    DWORD caller; /* the thread that calls the callback just now */
};

static SRWLOCK lock = SRWLOCK_INIT;
static CONDITION_VARIABLE called = CONDITION_VARIABLE_INIT;
static struct watch *watches;

/* Return the next watch that is to be called, and mark it. The caller holds the lock. */
static struct watch *take(uint64_t target)
{
    struct watch *found = watches;
    while (found != NULL && (found->target != target || found->is_told))
        found = found->next;
    if (found != NULL) {
        found->is_told = true;
        found->caller = GetCurrentThreadId();
    }
    return found;
}

static void unlink_and_free(struct watch *watch)
{
    struct watch **place = &watches;
    while (*place != watch)
        place = &(*place)->next;
    *place = watch->next;
    free(watch);
}

static DWORD WINAPI tell(void *parameter)
{
    uint64_t *target = parameter;
    AcquireSRWLockExclusive(&lock);
    for (struct watch *watch; (watch = take(*target)) != NULL;) {
        ReleaseSRWLockExclusive(&lock);
        watch->callback(watch->type, watch->context, S_OK, L"");
        AcquireSRWLockExclusive(&lock);
        watch->caller = 0;
        if (watch->is_removed)
            unlink_and_free(watch); /* by its own callback */
    }
    ReleaseSRWLockExclusive(&lock);
    WakeAllConditionVariable(&called);
    free(target);
    return 0;
}

static bool is_watched(uint64_t target)
{
    AcquireSRWLockShared(&lock);
    const struct watch *found = watches;
    while (found != NULL && (found->target != target || found->is_told))
        found = found->next;
    ReleaseSRWLockShared(&lock);
    return found != NULL;
}

void watch_tell(uint64_t target)
{
    uint64_t *parameter = is_watched(target) ? malloc(sizeof *parameter) : NULL;
    if (parameter == NULL)
        return;
    *parameter = target;
    HANDLE thread = CreateThread(NULL, 0, tell, parameter, 0, NULL);
    if (thread == NULL)
        free(parameter);
    else
        CloseHandle(thread);
}

HRESULT watch_add(uint64_t target, DWORD type, bool has_ended, HCS_NOTIFICATION_CALLBACK callback,
                  void *context, HANDLE *registration)
{
    static const char no_guid[GUID_TEXT_SIZE] = "";
    struct watch *made = calloc(1, sizeof *made);
    *registration = made == NULL ? NULL : handle_open(KIND_CALLBACK, no_guid, made);
    if (*registration == NULL) {
        free(made);
        return E_OUTOFMEMORY;
    }
    made->target = target;
    made->type = type;
    made->callback = callback;
    made->context = context;
    AcquireSRWLockExclusive(&lock);
    made->next = watches;
    watches = made;
    ReleaseSRWLockExclusive(&lock);
    if (has_ended)
        watch_tell(target);
    return S_OK;
}

HRESULT watch_remove(HANDLE registration)
{
    void *data;
    if (!handle_close(KIND_CALLBACK, registration, NULL, &data))
        return E_HANDLE;
    struct watch *watch = data;
    AcquireSRWLockExclusive(&lock);
    if (watch->caller == GetCurrentThreadId()) {
        watch->is_removed = true;
    } else {
        watch->is_told = true;
        while (watch->caller != 0)
            SleepConditionVariableSRW(&called, &lock, INFINITE, 0);
        unlink_and_free(watch);
    }
    ReleaseSRWLockExclusive(&lock);
    return S_OK;
}
