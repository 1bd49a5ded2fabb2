/* How long a call through the DLL takes: `shim_calls.exe COUNT` prints microseconds. */
#include <stdio.h>
#include <stdlib.h>

#include <windows.h>

#include <computenetwork.h>
#include <objbase.h>

static const GUID ZERO;

int main(int count, char **arguments)
{
    HCN_NETWORK network;
    PWSTR text;
    LARGE_INTEGER frequency, start, end;
    int calls = count > 1 ? atoi(arguments[1]) : 1000;
    if (FAILED(HcnCreateNetwork(&ZERO, L"{\"Type\":\"Private\"}", &network, NULL)))
        return 1;
    QueryPerformanceFrequency(&frequency);
    for (int i = -100; i < calls; i++) {
        if (i == 0)
            QueryPerformanceCounter(&start);
        if (FAILED(HcnQueryNetworkProperties(network, L"", &text, NULL)))
            return 1;
        CoTaskMemFree(text);
    }
    QueryPerformanceCounter(&end);
    printf("%.1f\n", (double)(end.QuadPart - start.QuadPart) * 1e6 / (double)frequency.QuadPart / calls);
    return 0;
}
