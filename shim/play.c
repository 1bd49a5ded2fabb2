#include "play.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "library.h"
#include "text.h"

/* An object that a step made. `list` is that of HNS 1, NULL for an object of HCN. */
struct object {
    struct json name;
    const char *noun, *list;
    char id[GUID_TEXT_SIZE];
};

struct objects {
    struct object all[PLAN_MOST_STEPS];
    size_t count;
};

static const char *id_of(const struct objects *made, struct json name)
{
    for (size_t i = 0; i < made->count; i++) {
        struct json known = made->all[i].name;
        if (known.start != NULL && known.length == name.length &&
            memcmp(known.start, name.start, name.length) == 0)
            return made->all[i].id;
    }
    return name.length == 7 && memcmp(name.start, "unknown", 7) == 0 ? PLAN_NOBODY : NULL;
}

/* Replace each ${name} in a text by the id; return a name that has none, else nothing. */
static struct json fill(struct buffer *text, const struct objects *made)
{
    struct buffer out = BUFFER_EMPTY;
    const char *at = text->bytes, *end = at + text->length;
    struct json name;
    while ((name = plan_reference(at, end)).start != NULL) {
        const char *id = id_of(made, name);
        if (id == NULL) {
            buffer_free(&out);
            return name;
        }
        buffer_append(&out, at, (size_t)(name.start - 2 - at));
        buffer_append_text(&out, id);
        at = name.start + name.length + 1;
    }
    buffer_append(&out, at, (size_t)(end - at));
    buffer_free(text);
    *text = out;
    return name;
}

/* Note the object that a step made; false where the answer has no id. */
static bool keep(const struct step *step, const struct buffer *answer, struct objects *made)
{
    struct json shown = json_read(answer->bytes, answer->length);
    if (step->list != NULL)
        shown = json_member(shown, "Output");
    struct json id = json_plain_string(json_member(shown, "ID"));
    struct object *object = &made->all[made->count];
    *object = (struct object){step->name, step->noun, step->list, ""};
    if (id.start == NULL || !text_read_guid(object->id, id.start, id.length))
        return false;
    made->count++;
    return true;
}

static struct outcome call(const struct step *step, const char *of, const struct buffer *document,
                           const struct buffer *path)
{
    const char *text = document->bytes == NULL ? "" : document->bytes;
    switch (step->verb) {
    case VERB_ENUMERATE:
        return library_enumerate(step->noun, text);
    case VERB_CREATE:
        return library_create(step->noun, of, text);
    case VERB_OPEN:
        return library_open(step->noun, of);
    case VERB_MODIFY:
        return library_modify(step->noun, of, text);
    case VERB_QUERY:
        return library_query(step->noun, of, text);
    case VERB_DELETE:
        return library_delete(step->noun, of);
    default: {
        char method[8] = "";
        struct json word = json_plain_string(step->method);
        memcpy(method, word.start, word.length < sizeof method ? word.length : 0);
        return library_hns_call(method, path->bytes, text);
    }
    }
}

static void append_value(struct buffer *out, const char *name, const struct buffer *text)
{
    if (text->length == 0)
        return;
    buffer_append_text(out, ", \"");
    buffer_append_text(out, name);
    buffer_append_text(out, "\": ");
    struct json value = json_read(text->bytes, text->length);
    if (value.start != NULL) {
        buffer_append(out, value.start, value.length);
        return;
    }
    buffer_append_text(out, "\"");
    text_append_quoted(out, text->bytes, text->length);
    buffer_append_text(out, "\"");
}

static void append_call(struct buffer *out, const struct step *step)
{
    buffer_append_text(out, "{\"call\": ");
    buffer_append(out, step->call.start, step->call.length);
}

static void append_skipped(struct buffer *out, const struct step *step, const char *reason, struct json name)
{
    append_call(out, step);
    buffer_append_text(out, ", \"skipped\": \"");
    text_append_quoted(out, reason, strlen(reason));
    if (name.start != NULL) {
        buffer_append(out, name.start, name.length);
        buffer_append_text(out, " made nothing");
    }
    buffer_append_text(out, "\"}");
}

static void append_outcome(struct buffer *out, const struct step *step, const struct outcome *outcome)
{
    char number[16];
    snprintf(number, sizeof number, "0x%08lx", (unsigned long)outcome->result);
    append_call(out, step);
    buffer_append_text(out, ", \"hresult\": \"");
    buffer_append_text(out, number);
    buffer_append_text(out, "\"");
    append_value(out, "answer", &outcome->answer);
    append_value(out, "error", &outcome->error);
    buffer_append_text(out, "}");
}

static void add_leftover(struct buffer *leftovers, const char *what, const char *id, HRESULT result)
{
    char text[160];
    snprintf(text, sizeof text, "%s%s %s (0x%08lx)", leftovers->length > 0 ? ", \"" : "\"", what, id,
             (unsigned long)result);
    buffer_append_text(leftovers, text);
    buffer_append_text(leftovers, "\"");
}

static void play_step(const struct step *step, struct buffer *out, struct objects *made,
                      struct buffer *leftovers)
{
    struct buffer document = BUFFER_EMPTY, path = BUFFER_EMPTY;
    const char *of = step->of.start == NULL ? NULL : id_of(made, step->of);
    plan_document(&document, step);
    json_text(step->path, &path);
    struct json lacking = step->of.start != NULL && of == NULL ? step->of : fill(&document, made);
    if (lacking.start == NULL)
        lacking = fill(&path, made);
    if (lacking.start != NULL) {
        append_skipped(out, step, "the step ", lacking);
    } else {
        struct outcome outcome = call(step, of, &document, &path);
        if (outcome.missing != NULL)
            append_skipped(out, step, outcome.missing, (struct json){NULL, 0});
        else
            append_outcome(out, step, &outcome);
        bool made_something = outcome.missing == NULL && SUCCEEDED(outcome.result) && plan_creates(step);
        if (made_something && !keep(step, &outcome.answer, made) && step->list == NULL)
            add_leftover(leftovers, step->noun, "without a known id", outcome.result);
        outcome_free(&outcome);
    }
    buffer_free(&document);
    buffer_free(&path);
}

/* Tell whether there is nothing to remove any more: a step, or the removal of its network, did so. */
static bool is_gone(HRESULT result)
{
    return result == (HRESULT)0x803B0001 || result == (HRESULT)0x803B0002 || /* HCN_E_…_NOT_FOUND */
           result == HRESULT_FROM_WIN32(ERROR_NOT_FOUND);
}

static void remove_object(const struct object *object, struct buffer *leftovers)
{
    struct outcome outcome;
    if (object->list != NULL) {
        char path[80];
        snprintf(path, sizeof path, "/%s/%s", object->list, object->id);
        outcome = library_hns_call("DELETE", path, "");
    } else {
        outcome = library_delete(object->noun, object->id);
    }
    if (outcome.missing == NULL && FAILED(outcome.result) && !is_gone(outcome.result))
        add_leftover(leftovers, object->list != NULL ? object->list : object->noun, object->id, outcome.result);
    outcome_free(&outcome);
}

void play_case(struct json from, struct buffer *out, struct buffer *leftovers, const volatile long *stopped)
{
    struct objects made = {.count = 0};
    struct json item = {NULL, 0}, steps = json_member(from, "steps");
    const char *before = "[";
    while (json_next(steps, &item)) {
        struct step step = plan_step(item);
        buffer_append_text(out, before);
        before = ",\n  ";
        if (*stopped)
            append_skipped(out, &step, "it was stopped by Ctrl-C", (struct json){NULL, 0});
        else
            play_step(&step, out, &made, leftovers);
    }
    buffer_append_text(out, "]");
    while (made.count > 0)
        remove_object(&made.all[--made.count], leftovers);
}

static void print(const char *words, struct json text)
{
    printf("%s%.*s", words, (int)text.length, text.start == NULL ? "" : text.start);
}

static void print_text(struct json text)
{
    struct buffer plain = BUFFER_EMPTY;
    json_text(text, &plain);
    printf("%s", plain.bytes == NULL ? "" : plain.bytes);
    buffer_free(&plain);
}

void play_print_row(struct json from)
{
    print_text(json_member(from, "section"));
    printf(": ");
    print_text(json_member(from, "row"));
    printf("\n");
    fflush(stdout);
}

/* Print a document on one line. */
static void print_document(struct json document)
{
    bool is_quoted = false;
    for (size_t i = 0; i < document.length; i++) {
        char letter = document.start[i];
        if (letter == '"' && (i == 0 || document.start[i - 1] != '\\'))
            is_quoted = !is_quoted;
        if (is_quoted || strchr(" \t\r\n", letter) == NULL)
            putchar(letter);
    }
}

/* Print what removes the object of a step. */
static void print_removal(const struct step *step, size_t number)
{
    if (step->list != NULL)
        printf("     HNSCall DELETE /%s/${", step->list);
    else
        printf("     HcnDelete%s ${", step->noun);
    if (step->name.start == NULL)
        printf("step %u", (unsigned)number);
    print("", step->name);
    printf("}\n");
}

static void print_step(const struct step *step, size_t number)
{
    const char *noun = step->verb == VERB_CREATE ? "Network" : step->noun;
    bool opens = plan_needs_object(step) && step->verb != VERB_DELETE && step->verb != VERB_OPEN;
    printf("%4u ", (unsigned)number);
    if (opens) {
        printf("HcnOpen%s", noun);
        print(" ${", step->of);
        printf("}, ");
    }
    print("", json_plain_string(step->call));
    print(step->method.start == NULL ? "" : " ", json_plain_string(step->method));
    if (step->path.start != NULL)
        printf(" ");
    print_text(step->path);
    if (!opens && step->of.start != NULL) {
        print(" ${", step->of);
        printf("}");
    }
    if (step->document.start != NULL)
        printf(" ");
    print_document(step->document);
    if (step->verb == VERB_CREATE)
        printf(", HcnQuery%sProperties, HcnClose%s", step->noun, step->noun);
    if (opens || step->verb == VERB_OPEN)
        printf(", HcnClose%s", noun);
    printf("\n");
}

void play_dry(struct json from)
{
    struct step made[PLAN_MOST_STEPS];
    size_t numbers[PLAN_MOST_STEPS], count = 0, number = 0;
    struct json item = {NULL, 0}, steps = json_member(from, "steps");
    print_text(json_member(from, "risk"));
    printf(": ");
    play_print_row(from);
    while (json_next(steps, &item)) {
        struct step step = plan_step(item);
        print_step(&step, ++number);
        if (plan_creates(&step)) {
            made[count] = step;
            numbers[count++] = number;
        }
    }
    if (count > 0)
        printf("     then, for what was made:\n");
    for (; count > 0; count--)
        print_removal(&made[count - 1], numbers[count - 1]);
}

bool play_remove_leftovers(void)
{
    struct outcome outcome = library_hns_call("GET", "/networks/", "");
    struct json list = json_member(json_read(outcome.answer.bytes, outcome.answer.length), "Output");
    struct json item = {NULL, 0};
    struct buffer leftovers = BUFFER_EMPTY;
    bool listed = outcome.missing == NULL && SUCCEEDED(outcome.result) && list.start != NULL;
    while (json_next(list, &item)) {
        struct json name = json_plain_string(json_member(item, "Name"));
        struct object object = {name, NULL, "networks", ""};
        struct json id = json_plain_string(json_member(item, "ID"));
        if (name.length < strlen(PLAN_PREFIX) || memcmp(name.start, PLAN_PREFIX, strlen(PLAN_PREFIX)) != 0 ||
            id.start == NULL || !text_read_guid(object.id, id.start, id.length))
            continue;
        printf("removing network %.*s\n", (int)name.length, name.start);
        remove_object(&object, &leftovers);
    }
    if (leftovers.length > 0)
        fprintf(stderr, "not removed: %s\n", leftovers.bytes);
    bool removed = leftovers.length == 0;
    buffer_free(&leftovers);
    outcome_free(&outcome);
    return listed && removed;
}
