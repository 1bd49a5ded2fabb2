/* keeper.exe FILE SECONDS: keeps Wine's server and services running between programs, as any running
   program does. Ends by itself when FILE has not been touched for so long, or is gone. */
#include <stdlib.h>
#include <wchar.h>

#include <windows.h>

#define TICKS_PER_SECOND 10000000ull
#define INTERVAL 1000

static ULONGLONG number_of(FILETIME time)
{
    return (ULONGLONG)time.dwHighDateTime << 32 | time.dwLowDateTime;
}

static BOOL is_used(PCWSTR file, ULONGLONG seconds)
{
    WIN32_FILE_ATTRIBUTE_DATA data;
    FILETIME now;
    if (!GetFileAttributesExW(file, GetFileExInfoStandard, &data))
        return FALSE;
    GetSystemTimeAsFileTime(&now);
    return number_of(now) < number_of(data.ftLastWriteTime) + seconds * TICKS_PER_SECOND;
}

int wmain(int count, WCHAR **arguments);

int wmain(int count, WCHAR **arguments)
{
    DWORD written;
    if (count != 3)
        return 2;
    /* Who waits for this knows now that the services are there. */
    WriteFile(GetStdHandle(STD_OUTPUT_HANDLE), "ready\n", 6, &written, NULL);
    while (is_used(arguments[1], wcstoul(arguments[2], NULL, 10)))
        Sleep(INTERVAL);
    return 0;
}
