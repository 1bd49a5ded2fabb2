/* Plans of hnsemu-record.exe: calls that are played through the DLLs of Windows. `hnsemu parity plan`
   writes them; app/hnsemu/parity/plans.py has the same rules. Everything here points into the plan's text. */
#ifndef SHIM_PLAN_H
#define SHIM_PLAN_H

#include "json.h"

#define PLAN_PREFIX "hnsemu-parity-"
#define PLAN_MOST_STEPS 64

/* The id of the object `unknown`, which no host has. */
#define PLAN_NOBODY "ab5e17ed-0000-4000-8000-00000000fade"

enum verb { VERB_ENUMERATE, VERB_CREATE, VERB_OPEN, VERB_MODIFY, VERB_QUERY, VERB_DELETE, VERB_CALL };

/* One call. `noun` is as in HcnCreateEndpoint, NULL for HNSCall. `list` is the list of HNS 1 that HNSCall
   adds an object to, such as "networks", else NULL. Members that a step does not have are nothing. */
struct step {
    const char *function;
    enum verb verb;
    const char *noun;
    const char *list;
    struct json call, name, of, document, method, path;
};

/* Read the cases of a plan. False with a sentence in `problem` for what is no plan, or for one that does more
   than a plan may. */
bool plan_read(struct json *cases, const char *text, size_t length, struct buffer *problem);

/* Read a step of a plan that plan_read took. */
struct step plan_step(struct json step);

/* Tell whether the step makes an object unless it is refused. */
bool plan_creates(const struct step *step);

/* Tell whether the function needs an object, or for an endpoint a network. */
bool plan_needs_object(const struct step *step);

/* Find the next ${name} in a text from `at` on; the slice is the name, nothing at the end. */
struct json plan_reference(const char *at, const char *end);

/* Append the text of the document of a step: an object as it stands, a string as what it says. */
void plan_document(struct buffer *out, const struct step *step);

#endif
