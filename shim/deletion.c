/* Go 1.26 removes files with FileDispositionInformationEx. Windows before 1607 answers
   STATUS_INVALID_INFO_CLASS, upon which Go takes the older way; Wine 8 answers STATUS_NOT_IMPLEMENTED,
   and every test that used t.TempDir() fails with "Invalid function". Here the answer is put right, in
   the one DLL that each Go program loads when it starts: the entry of NtSetInformationFile in ntdll's
   table of exports leads to this file. */
#include <stdbool.h>
#include <string.h>

#include <windows.h>

#include <winternl.h>

#define DISPOSITION_EX 64
#define STATUS_NOT_IMPLEMENTED_NT ((NTSTATUS)0xC0000002)
#define STATUS_INVALID_INFO_CLASS_NT ((NTSTATUS)0xC0000003)

#define PAGE 0x10000u
#define REACH 0xFFFF0000u /* an entry of the table is an offset of 32 bits from the module */

typedef NTSTATUS(NTAPI *set_information_function)(HANDLE, PIO_STATUS_BLOCK, PVOID, ULONG, int);

static set_information_function original;

static NTSTATUS NTAPI set_information(HANDLE file, PIO_STATUS_BLOCK block, PVOID information, ULONG length,
                                      int class)
{
    NTSTATUS status = original(file, block, information, length, class);
    bool is_unknown = class == DISPOSITION_EX && status == STATUS_NOT_IMPLEMENTED_NT;
    return is_unknown ? STATUS_INVALID_INFO_CLASS_NT : status;
}

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
static unsigned char *jump_behind(char *module, const void *target)
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

BOOL WINAPI DllMain(HINSTANCE self, DWORD reason, LPVOID reserved);

BOOL WINAPI DllMain(HINSTANCE self, DWORD reason, LPVOID reserved)
{
    (void)reserved;
    HMODULE pinned;
    char *ntdll = (char *)GetModuleHandleW(L"ntdll.dll");
    DWORD *entry = reason == DLL_PROCESS_ATTACH ? export_of(ntdll, "NtSetInformationFile") : NULL;
    DWORD before;
    /* A program that unloads the DLL would leave the jump dangling: it stays. */
    if (entry == NULL
        || !GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_PIN | GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS,
                               (PCWSTR)self, &pinned)
        || !VirtualProtect(entry, sizeof *entry, PAGE_READWRITE, &before))
        return TRUE;
    const set_information_function replacement = set_information;
    const void *target;
    memcpy(&target, &replacement, sizeof target);
    unsigned char *jump = jump_behind(ntdll, target);
    if (jump != NULL) {
        char *address = ntdll + *entry;
        memcpy(&original, &address, sizeof original);
        *entry = (DWORD)(jump - (unsigned char *)ntdll);
    }
    VirtualProtect(entry, sizeof *entry, before, &before);
    return TRUE;
}
