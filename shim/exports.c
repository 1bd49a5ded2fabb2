#include "exports.h"

#include <string.h>

#define PAGE 0x10000u
#define REACH 0xFFFF0000u /* an entry of the table is an offset of 32 bits from the module */

/* Return the table's entry for a function, NULL without one. */
static DWORD *export_of(char *module, const char *name)
{
    const IMAGE_DOS_HEADER *dos = (const IMAGE_DOS_HEADER *)module;
    const IMAGE_NT_HEADERS *headers = (const IMAGE_NT_HEADERS *)(module + dos->e_lfanew);
    DWORD table = headers->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_EXPORT].VirtualAddress;
    if (table == 0)
        return NULL;
    const IMAGE_EXPORT_DIRECTORY *exports = (const IMAGE_EXPORT_DIRECTORY *)(module + table);
    const DWORD *names = (const DWORD *)(module + exports->AddressOfNames);
    const WORD *ordinals = (const WORD *)(module + exports->AddressOfNameOrdinals);
    for (DWORD i = 0; i < exports->NumberOfNames; i++)
        if (strcmp(module + names[i], name) == 0)
            return (DWORD *)(module + exports->AddressOfFunctions) + ordinals[i];
    return NULL;
}

/* Write a jump to `target` to where the table can point, behind the module; NULL without room. */
static unsigned char *jump_behind(char *module, any_function target)
{
    for (DWORD offset = PAGE; offset < REACH; offset += PAGE) {
        unsigned char *jump = VirtualAlloc(module + offset, PAGE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
        if (jump == NULL)
            continue;
        static const unsigned char load[] = {0x48, 0xB8}, leave[] = {0xFF, 0xE0}; /* mov rax, …; jmp rax */
        memcpy(jump, load, sizeof load);
        memcpy(jump + sizeof load, &target, sizeof target);
        memcpy(jump + sizeof load + sizeof target, leave, sizeof leave);
        DWORD before;
        return VirtualProtect(jump, PAGE, PAGE_EXECUTE_READ, &before) ? jump : NULL;
    }
    return NULL;
}

void exports_replace(HMODULE module, const char *name, any_function replacement, any_function *original)
{
    char *base = (char *)module;
    DWORD *entry = module == NULL ? NULL : export_of(base, name);
    DWORD before;
    if (entry == NULL || !VirtualProtect(entry, sizeof *entry, PAGE_READWRITE, &before))
        return;
    unsigned char *jump = jump_behind(base, replacement);
    if (jump != NULL) {
        char *address = base + *entry;
        memcpy(original, &address, sizeof *original);
        *entry = (DWORD)(jump - (unsigned char *)base);
    }
    VirtualProtect(entry, sizeof *entry, before, &before);
}
