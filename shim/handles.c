#include "handles.h"

#include <stdlib.h>
#include <string.h>

struct entry {
    uintptr_t number;
    enum kind kind;
    char id[GUID_TEXT_SIZE];
    void *data;
    struct entry *next;
};

/* Numbers go up in steps of four, as handles of Windows do; entries hang in a table of lists. */
#define STEP 4
#define LISTS 1024

static SRWLOCK lock = SRWLOCK_INIT;
static uintptr_t last = 0x1000;
static struct entry *lists[LISTS];

static struct entry **list_of(uintptr_t number) { return &lists[number / STEP % LISTS]; }

/* Return the place that points to the entry, or to nothing. The caller holds the lock. */
static struct entry **place_of(enum kind kind, uintptr_t number)
{
    struct entry **place = list_of(number);
    while (*place != NULL && ((*place)->number != number || (*place)->kind != kind))
        place = &(*place)->next;
    return place;
}

HANDLE handle_open(enum kind kind, const char id[GUID_TEXT_SIZE], void *data)
{
    struct entry *made = malloc(sizeof *made);
    if (made == NULL)
        return NULL;
    made->kind = kind;
    made->data = data;
    memcpy(made->id, id, GUID_TEXT_SIZE);
    AcquireSRWLockExclusive(&lock);
    made->number = last += STEP;
    struct entry **list = list_of(made->number);
    made->next = *list;
    *list = made;
    HANDLE handle = (HANDLE)made->number;
    ReleaseSRWLockExclusive(&lock);
    return handle;
}

bool handle_find(enum kind kind, HANDLE handle, char id[GUID_TEXT_SIZE])
{
    AcquireSRWLockShared(&lock);
    const struct entry *found = *place_of(kind, (uintptr_t)handle);
    if (found != NULL)
        memcpy(id, found->id, GUID_TEXT_SIZE);
    ReleaseSRWLockShared(&lock);
    return found != NULL;
}

bool handle_text(enum kind kind, HANDLE handle, struct buffer *text)
{
    AcquireSRWLockShared(&lock);
    const struct entry *found = *place_of(kind, (uintptr_t)handle);
    if (found != NULL)
        buffer_append_text(text, found->data);
    ReleaseSRWLockShared(&lock);
    return found != NULL;
}

bool handle_close(enum kind kind, HANDLE handle, char id[GUID_TEXT_SIZE], void **data)
{
    AcquireSRWLockExclusive(&lock);
    struct entry **place = place_of(kind, (uintptr_t)handle);
    struct entry *closed = *place;
    if (closed != NULL)
        *place = closed->next;
    ReleaseSRWLockExclusive(&lock);
    if (closed == NULL)
        return false;
    if (id != NULL)
        memcpy(id, closed->id, GUID_TEXT_SIZE);
    if (data != NULL)
        *data = closed->data;
    free(closed);
    return true;
}
