/* bcryptprimitives.dll is the one DLL that each Go program loads when it starts: what is put right for them
   is put right here, before the program can ask for a function. */
#include <windows.h>

#include "goprograms.h"

BOOL WINAPI DllMain(HINSTANCE self, DWORD reason, LPVOID reserved);

BOOL WINAPI DllMain(HINSTANCE self, DWORD reason, LPVOID reserved)
{
    (void)reserved;
    HMODULE pinned;
    /* A program that unloads the DLL would leave the replaced functions dangling: it stays. */
    if (reason == DLL_PROCESS_ATTACH
        && GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_PIN | GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS, (PCWSTR)self,
                              &pinned)) {
        deletion_install();
        datagrams_install();
    }
    return TRUE;
}
