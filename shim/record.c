/* hnsemu-record.exe [--dry-run] PLAN.json [RECORD.json]: plays a plan of calls through the DLLs of this Windows and
   writes what they answered, for `hnsemu parity check`. docs/parity.md says what it does to a machine. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include <windows.h>

#include "library.h"
#include "machine.h"
#include "play.h"
#include "wide.h"

#define LARGEST (4u << 20)
#define FINISHED 0
#define INCOMPLETE 1
#define WRONG 2
#define UNABLE 3
#define CLOSING_TIME 4500 /* ms that Windows gives a program whose window is closed, nearly */

static const char USAGE[] =
    "hnsemu-record.exe [--dry-run] PLAN.json [RECORD.json]\n"
    "hnsemu-record.exe --remove-leftovers\n\n"
    "Plays the calls of a plan, which `hnsemu parity plan` writes, through the Host Networking Service of this\n"
    "machine, removes what it made, and writes the answers to RECORD.json (record.json).\n\n"
    "  --dry-run            print every call and make none\n"
    "  --remove-leftovers   remove the networks that a run left which was killed\n";

static volatile long stopped;
static HANDLE finished;

static BOOL WINAPI on_control(DWORD event)
{
    if (!InterlockedExchange(&stopped, 1)) {
        fputs("hnsemu-record: stopping; what was made is removed first\n", stderr);
        fflush(stderr);
    }
    if (event != CTRL_C_EVENT && event != CTRL_BREAK_EVENT)
        WaitForSingleObject(finished, CLOSING_TIME); /* Windows ends the program when this returns */
    return TRUE;
}

static int fail(int code, PCWSTR file, const char *sentence)
{
    fprintf(stderr, "hnsemu-record: ");
    if (file != NULL)
        fprintf(stderr, "%ls: ", file);
    fprintf(stderr, "%s.\n", sentence);
    return code;
}

/* Read a file of UTF-8, or of UTF-16 as PowerShell writes it; return a sentence where that fails. */
static const char *read_file(struct buffer *out, PCWSTR path)
{
    FILE *file = _wfopen(path, L"rb");
    if (file == NULL)
        return "the file cannot be opened";
    struct buffer raw = BUFFER_EMPTY;
    size_t got = 0;
    char *place;
    while (raw.length <= LARGEST && (place = buffer_reserve(&raw, 65536)) != NULL &&
           (got = fread(place, 1, 65536, file)) > 0)
        raw.length += got;
    bool broken = raw.failed || ferror(file) != 0;
    fclose(file);
    if (raw.length <= LARGEST && raw.length >= 2 && memcmp(raw.bytes, "\xFF\xFE", 2) == 0) {
        buffer_append(&raw, "\0", 2);
        text_from_utf16(out, (const uint16_t *)(const void *)(raw.bytes + 2));
    } else {
        buffer_append(out, raw.bytes == NULL ? "" : raw.bytes, raw.length);
    }
    size_t length = raw.length;
    buffer_free(&raw);
    if (out->length >= 3 && memcmp(out->bytes, "\xEF\xBB\xBF", 3) == 0)
        buffer_drop(out, 3);
    if (length > LARGEST)
        return "it has more than 4 MiB, which no plan has";
    return broken || out->failed ? "it cannot be read" : NULL;
}

static const char *service_problem(HRESULT result)
{
    switch ((unsigned long)result) {
    case 0x80070005:
        return "Windows denies access: open the Command Prompt with \"Run as administrator\" and start "
               "hnsemu-record.exe there";
    case 0x800706BA:
    case 0x800706B5:
    case 0x80070422:
    case 0x80070424:
    case 0x80070426:
        return "the Host Networking Service does not answer: start it with `net start hns`; if it is unknown, turn "
               "on the Windows feature Containers or Hyper-V";
    default:
        return NULL;
    }
}

/* Ask HNS for its version, append the answer, and return a sentence where nothing can be played. */
static const char *ask_version(struct buffer *out)
{
    struct outcome outcome = library_hns_call("GET", "/globals/version", "");
    const char *problem = NULL;
    if (outcome.missing == NULL && FAILED(outcome.result))
        problem = service_problem(outcome.result);
    struct json answer = json_read(outcome.answer.bytes, outcome.answer.length);
    buffer_append_text(out, ", \"hns\": ");
    if (answer.start == NULL)
        buffer_append_text(out, "null");
    else
        buffer_append(out, answer.start, answer.length);
    outcome_free(&outcome);
    return problem;
}

/* Play the cases in their order until all are played, or Ctrl-C. */
static void play(struct json cases, struct buffer *record, struct buffer *leftovers)
{
    struct json one = {NULL, 0};
    const char *before = "";
    buffer_append_text(record, ",\n \"results\": [");
    while (!stopped && json_next(cases, &one)) {
        buffer_append_text(record, before);
        before = ",\n ";
        play_print_row(one);
        play_case(one, record, leftovers, &stopped);
    }
    buffer_append_text(record, "],\n \"leftovers\": [");
    if (leftovers->length > 0)
        buffer_append(record, leftovers->bytes, leftovers->length);
    buffer_append_text(record, stopped ? "],\n \"stopped\": true}\n" : "],\n \"stopped\": false}\n");
}

static int write_record(PCWSTR path, HANDLE file, const struct buffer *record, const struct buffer *leftovers)
{
    DWORD length = (DWORD)record->length, written = 0;
    bool is_written = !record->failed && record->length < UINT32_MAX &&
                      WriteFile(file, record->bytes, length, &written, NULL) && written == length;
    if (!CloseHandle(file) || !is_written)
        return fail(UNABLE, path, "the record could not be written");
    printf("%ls is written. Send it, or compare it yourself: hnsemu parity check %ls\n", path, path);
    if (leftovers->length > 0) {
        fprintf(stderr, "hnsemu-record: not removed: %s. Try hnsemu-record.exe --remove-leftovers.\n",
                leftovers->bytes);
        return INCOMPLETE;
    }
    return stopped ? INCOMPLETE : FINISHED;
}

static int record_plan(PCWSTR path, const struct buffer *plan, struct json cases)
{
    struct buffer record = BUFFER_EMPTY, leftovers = BUFFER_EMPTY;
    if (!library_load())
        return fail(UNABLE, NULL, "computenetwork.dll and vmcompute.dll are missing on this Windows: turn on the "
                                  "feature Containers or Hyper-V and start the machine again");
    buffer_append_text(&record, "{\"kind\": \"hnsemu-parity-record\", \"format\": 1,\n \"machine\": {");
    machine_describe(&record);
    const char *problem = ask_version(&record);
    buffer_append_text(&record, "},\n \"plan\": ");
    buffer_append(&record, plan->bytes, plan->length);
    HANDLE file = INVALID_HANDLE_VALUE;
    if (problem == NULL)
        file = CreateFileW(path, GENERIC_WRITE, 0, NULL, CREATE_NEW, FILE_ATTRIBUTE_NORMAL, NULL);
    int code;
    if (problem != NULL) {
        code = fail(UNABLE, NULL, problem);
    } else if (file == INVALID_HANDLE_VALUE) {
        code = fail(WRONG, path, "it exists already or cannot be written; name another file for the record");
    } else {
        play(cases, &record, &leftovers);
        code = write_record(path, file, &record, &leftovers);
    }
    buffer_free(&record);
    buffer_free(&leftovers);
    return code;
}

static int run(bool is_dry, PCWSTR plan_path, PCWSTR record_path)
{
    struct buffer text = BUFFER_EMPTY, problem = BUFFER_EMPTY;
    struct json cases, one = {NULL, 0};
    const char *unread = read_file(&text, plan_path);
    int code = FINISHED;
    if (unread != NULL) {
        code = fail(WRONG, plan_path, unread);
    } else if (!plan_read(&cases, text.bytes, text.length, &problem)) {
        code = fail(WRONG, plan_path, problem.bytes);
    } else if (is_dry) {
        printf("     HNSCall GET /globals/version\n");
        while (json_next(cases, &one))
            play_dry(one);
    } else {
        code = record_plan(record_path, &text, cases);
    }
    buffer_free(&text);
    buffer_free(&problem);
    return code;
}

static int remove_leftovers(void)
{
    if (!library_load() || !play_remove_leftovers())
        return fail(UNABLE, NULL, "the networks could not be listed or removed; start it as administrator, and "
                                  "see that the service hns runs");
    return FINISHED;
}

int wmain(int count, WCHAR **arguments);

int wmain(int count, WCHAR **arguments)
{
    bool is_dry = count > 1 && wcscmp(arguments[1], L"--dry-run") == 0;
    int first = is_dry ? 2 : 1;
    if (count == 2 && wcscmp(arguments[1], L"--help") == 0) {
        fputs(USAGE, stdout);
        return FINISHED;
    }
    finished = CreateEventW(NULL, TRUE, FALSE, NULL);
    SetConsoleCtrlHandler(on_control, TRUE);
    int code;
    if (count == 2 && wcscmp(arguments[1], L"--remove-leftovers") == 0)
        code = remove_leftovers();
    else if (count - first < 1 || count - first > 2 || *arguments[first] == L'-') {
        fputs(USAGE, stderr);
        code = WRONG;
    } else {
        code = run(is_dry, arguments[first], count - first == 2 ? arguments[first + 1] : L"record.json");
    }
    SetEvent(finished);
    return code;
}
