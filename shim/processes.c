/* vmcompute.dll: processes in compute systems. They are records with an id, streams and an exit code.

   The first process of a system runs until somebody stops it, as a server would; one that is started
   beside it, or through a shell's /c, says that nothing runs here and ends. A shell's `exit N` ends
   with N, so that what depends on exit codes can be tried. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include <windows.h>

#include "handles.h"
#include "hcs.h"
#include "systems.h"
#include "watches.h"
#include "wide.h"

#define PIPE_SIZE 65536
/* No program ends sooner, and clients want to see it run. */
#define BRIEF 100

static const char SAYS[] = "hnsemu: nothing runs in this container, it is a record\r\n";

/* Source: the documentation of HCS_PROCESS_INFORMATION. */
typedef struct {
    DWORD ProcessId;
    DWORD Reserved;
    HANDLE StdInput;
    HANDLE StdOutput;
    HANDLE StdError;
} HCS_PROCESS_INFORMATION;

HRESULT WINAPI HcsCreateProcess(HANDLE ComputeSystem, PCWSTR Parameters, HCS_PROCESS_INFORMATION *Information,
                                HANDLE *Process, PWSTR *Result);
HRESULT WINAPI HcsOpenProcess(HANDLE ComputeSystem, DWORD ProcessId, HANDLE *Process, PWSTR *Result);
HRESULT WINAPI HcsCloseProcess(HANDLE Process);
HRESULT WINAPI HcsTerminateProcess(HANDLE Process, PWSTR *Result);
HRESULT WINAPI HcsSignalProcess(HANDLE Process, PCWSTR Options, PWSTR *Result);
HRESULT WINAPI HcsGetProcessInfo(HANDLE Process, HCS_PROCESS_INFORMATION *Information, PWSTR *Result);
HRESULT WINAPI HcsGetProcessProperties(HANDLE Process, PWSTR *Properties, PWSTR *Result);
HRESULT WINAPI HcsModifyProcess(HANDLE Process, PCWSTR Settings, PWSTR *Result);
HRESULT WINAPI HcsRegisterProcessCallback(HANDLE Process, HCS_NOTIFICATION_CALLBACK Callback, void *Context,
                                          HANDLE *Registration);
HRESULT WINAPI HcsUnregisterProcessCallback(HANDLE Registration);

/* A process and the system that it is in, by their numbers. */
struct place {
    uint64_t system;
    uint64_t process;
};

static void forget(PWSTR *result)
{
    if (result != NULL)
        *result = NULL;
}

/* Return the process at a place, or nothing. The caller holds the lock. */
static struct process *process_at(const struct place *place, struct system **system)
{
    *system = systems_by_number(place->system);
    struct process *found = *system == NULL ? NULL : (*system)->processes;
    while (found != NULL && found->number != place->process)
        found = found->next;
    return found;
}

static bool read_place(const char *text, struct place *place)
{
    char *behind;
    place->system = strtoull(text, &behind, 10);
    place->process = strtoull(behind, NULL, 10);
    return place->process != 0;
}

/* Return the process of an open handle; it lives while the handle is open and the lock held. */
static struct process *process_of(HANDLE handle)
{
    char text[GUID_TEXT_SIZE];
    struct place place;
    struct system *system;
    bool is_open = handle_find(KIND_PROCESS, handle, text) && read_place(text, &place);
    return is_open ? process_at(&place, &system) : NULL;
}

static HANDLE open_handle(const struct system *system, struct process *process)
{
    char text[GUID_TEXT_SIZE] = "";
    snprintf(text, sizeof text, "%llu %llu", (unsigned long long)system->number,
             (unsigned long long)process->number);
    HANDLE handle = handle_open(KIND_PROCESS, text, NULL);
    process->handles += handle != NULL;
    return handle;
}

/* Open both ends of a stream: ours is for waiting on, theirs is what go-winio expects. */
static bool open_pipe(HANDLE *ours, HANDLE *theirs)
{
    WCHAR name[80];
    swprintf(name, sizeof name / sizeof *name, L"\\\\.\\pipe\\hnsemu-%lu-%llu", GetCurrentProcessId(),
             (unsigned long long)systems_number());
    *theirs = CreateNamedPipeW(name, PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED | FILE_FLAG_FIRST_PIPE_INSTANCE,
                               PIPE_TYPE_BYTE | PIPE_WAIT, 1, PIPE_SIZE, PIPE_SIZE, 0, NULL);
    if (*theirs == INVALID_HANDLE_VALUE) {
        *theirs = NULL;
        return false;
    }
    *ours = CreateFileW(name, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    if (*ours == INVALID_HANDLE_VALUE) {
        *ours = NULL;
        return false;
    }
    return true;
}

static bool open_pipes(struct process *process, struct json parameters, HCS_PROCESS_INFORMATION *information)
{
    static const char *const members[] = {"CreateStdInPipe", "CreateStdOutPipe", "CreateStdErrPipe"};
    HANDLE *theirs[] = {&information->StdInput, &information->StdOutput, &information->StdError};
    bool is_complete = true;
    for (size_t i = 0; i < 3; i++) {
        struct json wanted = json_member(parameters, members[i]);
        if (wanted.start != NULL && *wanted.start == 't')
            is_complete = open_pipe(&process->pipes[i], theirs[i]) && is_complete;
    }
    return is_complete;
}

static void close_theirs(HCS_PROCESS_INFORMATION *information)
{
    HANDLE theirs[] = {information->StdInput, information->StdOutput, information->StdError};
    for (size_t i = 0; i < 3; i++)
        if (theirs[i] != NULL)
            CloseHandle(theirs[i]);
    memset(information, 0, sizeof *information);
}

struct brief {
    struct place place;
    DWORD exit_code;
};

/* Let a process say its line and end. */
static DWORD WINAPI run_briefly(void *parameter)
{
    struct brief *brief = parameter;
    struct system *system;
    Sleep(BRIEF);
    AcquireSRWLockExclusive(&systems_lock);
    struct process *process = process_at(&brief->place, &system);
    if (process != NULL) {
        DWORD written;
        if (process->pipes[1] != NULL)
            WriteFile(process->pipes[1], SAYS, sizeof SAYS - 1, &written, NULL);
        process_end(process, brief->exit_code);
        system_sweep(system);
    }
    ReleaseSRWLockExclusive(&systems_lock);
    free(brief);
    return 0;
}

static void end_soon(const struct system *system, const struct process *process, DWORD exit_code)
{
    struct brief *brief = malloc(sizeof *brief);
    if (brief == NULL)
        return;
    *brief = (struct brief){{system->number, process->number}, exit_code};
    HANDLE thread = CreateThread(NULL, 0, run_briefly, brief, 0, NULL);
    if (thread == NULL)
        free(brief);
    else
        CloseHandle(thread);
}

static struct process *add(struct system *system)
{
    static DWORD last = 4000;
    struct process *made = calloc(1, sizeof *made);
    if (made == NULL)
        return NULL;
    made->number = systems_number();
    made->id = last += 4;
    made->next = system->processes;
    system->processes = made;
    return made;
}

/* Start it in a running system. The caller holds the lock. */
static HRESULT start(struct system *system, const struct buffer *text, HCS_PROCESS_INFORMATION *information,
                     HANDLE *handle)
{
    const char *shell = strstr(text->bytes, " /c "), *leaves = strstr(text->bytes, "exit ");
    bool is_first = system->processes == NULL;
    struct process *made = add(system);
    if (made == NULL)
        return E_OUTOFMEMORY;
    bool is_complete = open_pipes(made, json_read(text->bytes, text->length), information);
    *handle = is_complete ? open_handle(system, made) : NULL;
    if (*handle == NULL) {
        close_theirs(information);
        process_end(made, TERMINATED_BY_DEBUGGER);
        system_sweep(system);
        return E_OUTOFMEMORY;
    }
    information->ProcessId = made->id;
    if (!is_first || shell != NULL)
        end_soon(system, made, shell != NULL && leaves != NULL ? strtoul(leaves + 5, NULL, 10) : 0);
    return S_OK;
}

static uint64_t number_of_system(HANDLE handle)
{
    char text[GUID_TEXT_SIZE];
    return handle_find(KIND_COMPUTE_SYSTEM, handle, text) ? strtoull(text, NULL, 10) : UINT64_MAX;
}

HRESULT WINAPI HcsCreateProcess(HANDLE ComputeSystem, PCWSTR Parameters, HCS_PROCESS_INFORMATION *Information,
                                HANDLE *Process, PWSTR *Result)
{
    forget(Result);
    if (Information == NULL || Process == NULL)
        return E_POINTER;
    *Process = NULL;
    memset(Information, 0, sizeof *Information);
    uint64_t number = number_of_system(ComputeSystem);
    if (number == UINT64_MAX)
        return E_HANDLE;
    struct buffer text = BUFFER_EMPTY;
    string_take(&text, Parameters);
    HRESULT result = text.failed ? E_OUTOFMEMORY
                     : !json_is_object(json_read(text.bytes, text.length)) ? HCS_E_INVALID_JSON
                                                                           : S_OK;
    if (SUCCEEDED(result)) {
        AcquireSRWLockExclusive(&systems_lock);
        struct system *system = systems_by_number(number);
        bool runs = system != NULL && system->state == STATE_RUNNING;
        result = runs ? start(system, &text, Information, Process) : HCS_E_INVALID_STATE;
        ReleaseSRWLockExclusive(&systems_lock);
    }
    buffer_free(&text);
    return result;
}

HRESULT WINAPI HcsOpenProcess(HANDLE ComputeSystem, DWORD ProcessId, HANDLE *Process, PWSTR *Result)
{
    forget(Result);
    if (Process == NULL)
        return E_POINTER;
    *Process = NULL;
    uint64_t number = number_of_system(ComputeSystem);
    if (number == UINT64_MAX)
        return E_HANDLE;
    HRESULT result = HRESULT_FROM_WIN32(ERROR_NOT_FOUND);
    AcquireSRWLockExclusive(&systems_lock);
    struct system *system = systems_by_number(number);
    struct process *process = system == NULL ? NULL : system->processes;
    while (process != NULL && (process->id != ProcessId || process->has_exited))
        process = process->next;
    if (process != NULL) {
        *Process = open_handle(system, process);
        result = *Process == NULL ? E_OUTOFMEMORY : S_OK;
    }
    ReleaseSRWLockExclusive(&systems_lock);
    return result;
}

HRESULT WINAPI HcsCloseProcess(HANDLE Process)
{
    char text[GUID_TEXT_SIZE];
    struct place place;
    struct system *system;
    if (!handle_close(KIND_PROCESS, Process, text, NULL) || !read_place(text, &place))
        return E_HANDLE;
    AcquireSRWLockExclusive(&systems_lock);
    struct process *process = process_at(&place, &system);
    if (process != NULL) {
        process->handles--;
        system_sweep(system);
    }
    ReleaseSRWLockExclusive(&systems_lock);
    return S_OK;
}

static HRESULT end(HANDLE handle)
{
    AcquireSRWLockExclusive(&systems_lock);
    struct process *process = process_of(handle);
    bool has_exited = process != NULL && process->has_exited;
    if (process != NULL)
        process_end(process, STOPPED_BY_CONTROL);
    ReleaseSRWLockExclusive(&systems_lock);
    return process == NULL ? E_HANDLE : has_exited ? HRESULT_FROM_WIN32(ERROR_NOT_FOUND) : S_OK;
}

HRESULT WINAPI HcsTerminateProcess(HANDLE Process, PWSTR *Result)
{
    forget(Result);
    return end(Process);
}

HRESULT WINAPI HcsSignalProcess(HANDLE Process, PCWSTR Options, PWSTR *Result)
{
    (void)Options;
    forget(Result);
    return end(Process);
}

HRESULT WINAPI HcsGetProcessInfo(HANDLE Process, HCS_PROCESS_INFORMATION *Information, PWSTR *Result)
{
    forget(Result);
    if (Information == NULL)
        return E_POINTER;
    memset(Information, 0, sizeof *Information); /* the streams were given when it was created */
    AcquireSRWLockShared(&systems_lock);
    const struct process *process = process_of(Process);
    if (process != NULL)
        Information->ProcessId = process->id;
    ReleaseSRWLockShared(&systems_lock);
    return process == NULL ? E_HANDLE : S_OK;
}

HRESULT WINAPI HcsGetProcessProperties(HANDLE Process, PWSTR *Properties, PWSTR *Result)
{
    char text[160];
    forget(Result);
    if (Properties == NULL)
        return E_POINTER;
    *Properties = NULL;
    AcquireSRWLockShared(&systems_lock);
    const struct process *process = process_of(Process);
    if (process != NULL)
        snprintf(text, sizeof text, "{\"ProcessId\":%lu,\"Exited\":%s,\"ExitCode\":%lu,\"LastWaitResult\":0}",
                 process->id, process->has_exited ? "true" : "false", process->exit_code);
    ReleaseSRWLockShared(&systems_lock);
    return process == NULL ? E_HANDLE : string_give(Properties, text, strlen(text));
}

/* A console has any size, and nobody reads what was written to a process. */
HRESULT WINAPI HcsModifyProcess(HANDLE Process, PCWSTR Settings, PWSTR *Result)
{
    (void)Settings;
    forget(Result);
    AcquireSRWLockShared(&systems_lock);
    bool is_open = process_of(Process) != NULL;
    ReleaseSRWLockShared(&systems_lock);
    return is_open ? S_OK : E_HANDLE;
}

HRESULT WINAPI HcsRegisterProcessCallback(HANDLE Process, HCS_NOTIFICATION_CALLBACK Callback, void *Context,
                                          HANDLE *Registration)
{
    if (Callback == NULL || Registration == NULL)
        return E_POINTER;
    *Registration = NULL;
    AcquireSRWLockShared(&systems_lock);
    const struct process *process = process_of(Process);
    HRESULT result = process == NULL ? E_HANDLE
                                     : watch_add(process->number, HcsNotificationProcessExited,
                                                 process->has_exited, Callback, Context, Registration);
    ReleaseSRWLockShared(&systems_lock);
    return result;
}

HRESULT WINAPI HcsUnregisterProcessCallback(HANDLE Registration)
{
    return watch_remove(Registration);
}
