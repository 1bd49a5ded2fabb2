#include "systems.h"

#include <stdlib.h>
#include <string.h>

#include "watches.h"

SRWLOCK systems_lock = SRWLOCK_INIT;

static struct system *systems;

uint64_t systems_number(void)
{
    static volatile LONG64 last;
    return (uint64_t)InterlockedIncrement64(&last);
}

static char *copy(const char *text, size_t length)
{
    char *copied = malloc(length + 1);
    if (copied != NULL) {
        if (length > 0)
            memcpy(copied, text, length);
        copied[length] = '\0';
    }
    return copied;
}

struct system *systems_add(const struct buffer *id, struct json owner)
{
    struct system *made = calloc(1, sizeof *made);
    if (made == NULL)
        return NULL;
    made->id = copy(id->bytes, id->length);
    made->owner = copy(owner.start, owner.length);
    if (made->id == NULL || made->owner == NULL) {
        free(made->id);
        free(made->owner);
        free(made);
        return NULL;
    }
    made->number = systems_number();
    made->next = systems;
    systems = made;
    return made;
}

struct system *systems_first(void) { return systems; }

struct system *systems_by_number(uint64_t number)
{
    struct system *found = systems;
    while (found != NULL && found->number != number)
        found = found->next;
    return found;
}

struct system *systems_by_id(const char *id)
{
    struct system *found = systems;
    while (found != NULL && (found->state == STATE_STOPPED || strcmp(found->id, id) != 0))
        found = found->next;
    return found;
}

static bool is_called(const struct endpoint *endpoint, struct json id)
{
    return strlen(endpoint->id) == id.length && _strnicmp(endpoint->id, id.start, id.length) == 0;
}

bool system_note(struct system *system, struct json endpoint)
{
    struct endpoint *made = malloc(sizeof *made);
    char *id = copy(endpoint.start, endpoint.length);
    if (made == NULL || id == NULL) {
        free(made);
        free(id);
        return false;
    }
    made->id = id;
    made->next = system->endpoints;
    system->endpoints = made;
    return true;
}

static void drop(struct endpoint **place)
{
    struct endpoint *dropped = *place;
    *place = dropped->next;
    free(dropped->id);
    free(dropped);
}

void system_forget(struct system *system, struct json endpoint)
{
    for (struct endpoint **place = &system->endpoints; *place != NULL;) {
        if (is_called(*place, endpoint))
            drop(place);
        else
            place = &(*place)->next;
    }
}

void process_end(struct process *process, DWORD exit_code)
{
    if (process->has_exited)
        return;
    process->has_exited = true;
    process->exit_code = exit_code;
    for (size_t i = 0; i < 3; i++) {
        if (process->pipes[i] != NULL)
            CloseHandle(process->pipes[i]);
        process->pipes[i] = NULL;
    }
    watch_tell(process->number);
}

void system_stop(struct system *system, DWORD exit_code)
{
    if (system->state == STATE_STOPPED)
        return;
    for (struct process *process = system->processes; process != NULL; process = process->next)
        process_end(process, exit_code);
    system->state = STATE_STOPPED;
    watch_tell(system->number);
}

void system_sweep(struct system *system)
{
    for (struct process **place = &system->processes; *place != NULL;) {
        struct process *process = *place;
        if (!process->has_exited || process->handles > 0) {
            place = &process->next;
            continue;
        }
        *place = process->next;
        free(process);
    }
    if (system->state != STATE_STOPPED || system->handles > 0 || system->processes != NULL)
        return;
    struct system **place = &systems;
    while (*place != system)
        place = &(*place)->next;
    *place = system->next;
    while (system->endpoints != NULL)
        drop(&system->endpoints);
    free(system->id);
    free(system->owner);
    free(system);
}
