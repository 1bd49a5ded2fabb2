/* The machine's own computenetwork.dll and vmcompute.dll, looked up at run time: a Windows may lack either. */
#ifndef SHIM_LIBRARY_H
#define SHIM_LIBRARY_H

#include <windows.h>

#include "plan.h"

/* What a call gave. `missing` is why it could not be made, else NULL. */
struct outcome {
    HRESULT result;
    struct buffer answer, error;
    const char *missing;
};

/* Load the DLLs; false where Windows has neither. */
bool library_load(void);

void outcome_free(struct outcome *outcome);

struct outcome library_hns_call(const char *method, const char *path, const char *document);
struct outcome library_enumerate(const char *noun, const char *query);

/* Create an object, in the network of the id `parent` unless that is NULL, and give its properties. */
struct outcome library_create(const char *noun, const char *parent, const char *document);

struct outcome library_open(const char *noun, const char *id);
struct outcome library_modify(const char *noun, const char *id, const char *document);
struct outcome library_query(const char *noun, const char *id, const char *query);
struct outcome library_delete(const char *noun, const char *id);

/* Append the version of a DLL of the system, such as 10.0.20348.1; nothing where it is missing. */
void library_version(struct buffer *out, PCWSTR dll);

#endif
