/* Go 1.26 removes files with FileDispositionInformationEx. Windows before 1607 answers
   STATUS_INVALID_INFO_CLASS, upon which Go takes the older way; Wine 8 answers STATUS_NOT_IMPLEMENTED,
   and every test that used t.TempDir() fails with "Invalid function". Here the answer is put right. */
#include <stdbool.h>

#include <windows.h>

#include <winternl.h>

#include "exports.h"
#include "goprograms.h"

#define DISPOSITION_EX 64
#define STATUS_NOT_IMPLEMENTED_NT ((NTSTATUS)0xC0000002)
#define STATUS_INVALID_INFO_CLASS_NT ((NTSTATUS)0xC0000003)

typedef NTSTATUS(NTAPI *set_information_function)(HANDLE, PIO_STATUS_BLOCK, PVOID, ULONG, int);

static any_function original;

static NTSTATUS NTAPI set_information(HANDLE file, PIO_STATUS_BLOCK block, PVOID information, ULONG length,
                                      int class)
{
    NTSTATUS status = ((set_information_function)original)(file, block, information, length, class);
    bool is_unknown = class == DISPOSITION_EX && status == STATUS_NOT_IMPLEMENTED_NT;
    return is_unknown ? STATUS_INVALID_INFO_CLASS_NT : status;
}

void deletion_install(void)
{
    exports_replace(GetModuleHandleW(L"ntdll.dll"), "NtSetInformationFile", (any_function)set_information, &original);
}
