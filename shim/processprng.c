/* bcryptprimitives.dll for Wine that has none: Go takes its random numbers from it. */
#include <windows.h>

#include <ntsecapi.h>

BOOL WINAPI ProcessPrng(PBYTE Data, SIZE_T Length);

BOOL WINAPI ProcessPrng(PBYTE Data, SIZE_T Length)
{
    while (Length > 0) {
        ULONG part = Length > 1 << 20 ? 1 << 20 : (ULONG)Length;
        if (!RtlGenRandom(Data, part))
            return FALSE;
        Data += part;
        Length -= part;
    }
    return TRUE;
}
