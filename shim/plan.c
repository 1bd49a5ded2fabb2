#include "plan.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define FORMAT 1
#define KIND "hnsemu-parity-plan"

static const char *const NOUNS[] = {"Network", "Endpoint", "Namespace", "LoadBalancer", "SdnRoute"};
static const char *const LISTS[] = {"networks", "endpoints", "namespaces", "policylists"};
static const char *const VERBS[] = {"Enumerate", "Create", "Open", "Modify", "Query", "Delete"};
static const char *const ENDS[] = {"s", "", "", "", "Properties", ""};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static bool is_text(struct json text, const char *wanted)
{
    struct json inside = json_plain_string(text);
    return inside.start != NULL && inside.length == strlen(wanted) &&
           memcmp(inside.start, wanted, inside.length) == 0;
}

static bool same(struct json one, struct json other)
{
    return one.length == other.length && memcmp(one.start, other.start, one.length) == 0;
}

/* Find the function of a name; false for one that no plan may call. */
static bool find_function(struct step *step)
{
    char name[64];
    if (is_text(step->call, "HNSCall")) {
        step->function = "HNSCall";
        step->verb = VERB_CALL;
        return true;
    }
    for (size_t verb = 0; verb < COUNT(VERBS); verb++)
        for (size_t noun = 0; noun < COUNT(NOUNS); noun++) {
            snprintf(name, sizeof name, "Hcn%s%s%s", VERBS[verb], NOUNS[noun], ENDS[verb]);
            if (is_text(step->call, name)) {
                step->verb = (enum verb)verb;
                step->noun = NOUNS[noun];
                return true;
            }
        }
    return false;
}

/* Return the list of HNS 1 that a path is, such as "networks" of "/networks/". */
static const char *list_of(struct json path)
{
    struct json inside = json_plain_string(path);
    while (inside.length > 0 && *inside.start == '/')
        inside.start++, inside.length--;
    while (inside.length > 0 && inside.start[inside.length - 1] == '/')
        inside.length--;
    for (size_t i = 0; i < COUNT(LISTS); i++)
        if (inside.length == strlen(LISTS[i]) && memcmp(inside.start, LISTS[i], inside.length) == 0)
            return LISTS[i];
    return NULL;
}

/* Read the members of a step; false where no plan may call its function. */
static bool read_step(struct step *step, struct json from)
{
    *step = (struct step){.function = NULL,
                          .call = json_member(from, "call"),
                          .name = json_plain_string(json_member(from, "name")),
                          .of = json_plain_string(json_member(from, "of")),
                          .document = json_member(from, "document"),
                          .method = json_member(from, "method"),
                          .path = json_member(from, "path")};
    if (!find_function(step))
        return false;
    if (step->verb == VERB_CALL && is_text(step->method, "POST"))
        step->list = list_of(step->path);
    return true;
}

struct step plan_step(struct json from)
{
    struct step step;
    read_step(&step, from);
    return step;
}

bool plan_creates(const struct step *step)
{
    return step->verb == VERB_CREATE || step->list != NULL;
}

bool plan_needs_object(const struct step *step)
{
    if (step->verb == VERB_CREATE)
        return strcmp(step->noun, "Endpoint") == 0;
    return step->verb != VERB_ENUMERATE && step->verb != VERB_CALL;
}

struct json plan_reference(const char *at, const char *end)
{
    for (; at != NULL && end - at >= 3; at++)
        if (at[0] == '$' && at[1] == '{') {
            const char *close = memchr(at, '}', (size_t)(end - at));
            if (close == NULL)
                break;
            return (struct json){at + 2, (size_t)(close - at - 2)};
        }
    return (struct json){NULL, 0};
}

void plan_document(struct buffer *out, const struct step *step)
{
    if (!json_text(step->document, out) && json_is_object(step->document))
        buffer_append(out, step->document.start, step->document.length);
}

/* What is known of a case while its steps are checked: the objects that they make. */
struct check {
    struct json made[PLAN_MOST_STEPS];
    size_t count;
    bool only_reads;
};

static bool is_made(const struct check *check, struct json name)
{
    static const struct json unknown = {"unknown", 7};
    for (size_t i = 0; i < check->count; i++)
        if (same(check->made[i], name))
            return true;
    return same(unknown, name);
}

static bool refers_to_made(const struct check *check, struct json text)
{
    if (text.start == NULL)
        return true;
    const char *at = text.start, *end = at + text.length;
    for (struct json name; (name = plan_reference(at, end)).start != NULL; at = name.start + name.length)
        if (!is_made(check, name))
            return false;
    return true;
}

static bool is_name(struct json name)
{
    if (name.length == 0 || name.length > 40 || !islower((unsigned char)*name.start))
        return false;
    for (size_t i = 0; i < name.length; i++) {
        unsigned char letter = (unsigned char)name.start[i];
        if (!islower(letter) && !isdigit(letter) && letter != '-')
            return false;
    }
    return true;
}

/* Tell whether a value is a string that begins so; what follows may have escapes. */
static bool begins(struct json text, const char *with)
{
    size_t length = strlen(with);
    return text.start != NULL && *text.start == '"' && text.length >= length + 2 &&
           memcmp(text.start + 1, with, length) == 0;
}

static bool reads(const struct step *step)
{
    if (step->verb == VERB_CALL)
        return is_text(step->method, "GET");
    return step->verb == VERB_ENUMERATE || step->verb == VERB_OPEN || step->verb == VERB_QUERY;
}

/* Return what is wrong with a call of HNSCall, NULL where nothing is. */
static const char *hns_call_problem(const struct step *step)
{
    struct json path = step->path;
    bool is_known = is_text(step->method, "GET") || is_text(step->method, "POST") ||
                    is_text(step->method, "DELETE");
    if (!is_known || !begins(path, "/"))
        return "HNSCall needs `method`, GET, POST or DELETE, and `path`";
    if (!reads(step) && step->list == NULL &&
        plan_reference(path.start, path.start + path.length).start == NULL)
        return "a plan changes only what it made: the path names no step";
    if (step->list != NULL && strcmp(step->list, "endpoints") == 0 &&
        !begins(json_member(step->document, "VirtualNetwork"), "${"))
        return "the VirtualNetwork of an endpoint of a plan is a step";
    return NULL;
}

static bool makes_network(const struct step *step)
{
    if (step->list != NULL)
        return strcmp(step->list, "networks") == 0;
    return step->verb == VERB_CREATE && strcmp(step->noun, "Network") == 0;
}

/* Return what is wrong with a step, NULL where nothing is; note what it makes. */
static const char *step_problem(struct json from, struct check *check)
{
    struct step step;
    if (!json_is_object(from) || !read_step(&step, from))
        return "no plan may call this function, or the step is no object";
    if (json_member(from, "name").start != NULL && !is_name(step.name))
        return "a name has small letters, digits and hyphens";
    if (step.name.start != NULL && is_made(check, step.name))
        return "an earlier step has this name";
    if (plan_needs_object(&step) != (step.of.start != NULL))
        return plan_needs_object(&step) ? "the function needs `of`" : "the function has no `of`";
    if ((step.of.start != NULL && !is_made(check, step.of)) || !refers_to_made(check, step.document) ||
        !refers_to_made(check, step.path))
        return "it refers to an object that no earlier step makes";
    const char *problem = step.verb == VERB_CALL ? hns_call_problem(&step) : NULL;
    if (problem != NULL)
        return problem;
    if (makes_network(&step) && !begins(json_member(step.document, "Name"), PLAN_PREFIX))
        return "the Name of a network of a plan begins with " PLAN_PREFIX;
    if (check->only_reads && !reads(&step))
        return "a case of risk read only reads";
    if (plan_creates(&step) && step.name.start != NULL)
        check->made[check->count++] = step.name;
    return NULL;
}

static void say(struct buffer *problem, size_t number, size_t step, const char *sentence)
{
    buffer_append_text(problem, "case ");
    buffer_append_number(problem, number);
    if (step > 0) {
        buffer_append_text(problem, ", step ");
        buffer_append_number(problem, step);
    }
    buffer_append_text(problem, ": ");
    buffer_append_text(problem, sentence);
}

static bool check_case(struct json from, size_t number, struct buffer *problem)
{
    struct check check = {.count = 0, .only_reads = is_text(json_member(from, "risk"), "read")};
    bool has_risk = check.only_reads || is_text(json_member(from, "risk"), "own") ||
                    is_text(json_member(from, "risk"), "host");
    if (!json_is_object(from) || !has_risk) {
        say(problem, number, 0, "`risk` is none of read, own, host");
        return false;
    }
    struct json steps = json_member(from, "steps"), step = {NULL, 0};
    size_t count = 0;
    while (json_next(steps, &step)) {
        const char *wrong = ++count > PLAN_MOST_STEPS ? "a case has at most 64 steps"
                                                      : step_problem(step, &check);
        if (wrong != NULL) {
            say(problem, number, count, wrong);
            return false;
        }
    }
    if (count == 0)
        say(problem, number, 0, "it has no steps");
    return count > 0;
}

bool plan_read(struct json *cases, const char *text, size_t length, struct buffer *problem)
{
    struct json plan = json_read(text, length);
    uint64_t format;
    if (plan.start == NULL) {
        buffer_append_text(problem, "it is not complete JSON; was it cut off, or nested too deeply? Write it again with "
                                    "`hnsemu parity plan`");
        return false;
    }
    if (!is_text(json_member(plan, "kind"), KIND) || !json_number(json_member(plan, "format"), &format)) {
        buffer_append_text(problem, "it is no plan; `hnsemu parity plan` writes one");
        return false;
    }
    if (format != FORMAT) {
        buffer_append_text(problem, "it has format ");
        buffer_append_number(problem, format);
        buffer_append_text(problem, ", this program reads 1; use the hnsemu-record.exe of the hnsemu that "
                                    "wrote the plan");
        return false;
    }
    *cases = json_member(plan, "cases");
    struct json one = {NULL, 0};
    size_t number = 0;
    while (json_next(*cases, &one))
        if (!check_case(one, ++number, problem))
            return false;
    if (number == 0)
        buffer_append_text(problem, "it has no cases");
    return number > 0;
}
