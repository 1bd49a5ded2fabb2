/* Replacing a function that a module of Wine exports, for all who ask for its address later. */
#ifndef SHIM_EXPORTS_H
#define SHIM_EXPORTS_H

#include <windows.h>

typedef void (*any_function)(void);

/* Let the module's table of exports lead to `replacement`; `*original` is then what it led to, else it is
   left as it is. A program that unloads the DLL of `replacement` would leave the table dangling: pin it. */
void exports_replace(HMODULE module, const char *name, any_function replacement, any_function *original);

#endif
