/* The compute systems that this process has created, and the processes in them. They are records:
   nothing runs in them. */
#ifndef SHIM_SYSTEMS_H
#define SHIM_SYSTEMS_H

#include <stdbool.h>
#include <stdint.h>

#include <windows.h>

#include "buffer.h"
#include "json.h"

enum state { STATE_CREATED, STATE_RUNNING, STATE_STOPPED };

struct process {
    struct process *next;
    uint64_t number; /* never given twice, to systems neither */
    DWORD id;
    unsigned handles;
    bool has_exited;
    DWORD exit_code;
    HANDLE pipes[3]; /* our ends of its streams */
};

struct endpoint {
    struct endpoint *next;
    char *id;
};

struct system {
    struct system *next;
    uint64_t number;
    char *id;
    char *owner;
    enum state state;
    unsigned handles;
    struct endpoint *endpoints; /* what was attached to it, and is detached when it stops */
    struct process *processes;
};

/* Held around every use of what stands above. */
extern SRWLOCK systems_lock;

uint64_t systems_number(void);

/* The functions below are called with the lock held. */

struct system *systems_add(const struct buffer *id, struct json owner);
struct system *systems_by_number(uint64_t number);
struct system *systems_by_id(const char *id); /* one that has not stopped */
struct system *systems_first(void);
bool system_note(struct system *system, struct json endpoint);
void system_forget(struct system *system, struct json endpoint);

/* End it and its processes and tell who waits. Detach its endpoints afterwards, without the lock. */
void system_stop(struct system *system, DWORD exit_code);

void process_end(struct process *process, DWORD exit_code);

/* Free the system when it has stopped and nobody holds a handle to it or to a process in it. */
void system_sweep(struct system *system);

#endif
