/* Prints what the service notifies, one line each, until its input ends.
 * A line is "<type> <status> <data>": two hexadecimal numbers and JSON. "registered" and "done"
 * stand around them. Exit code: 0, or 1 when a function failed, whose code is then printed. */
#include <stdio.h>
#include <windows.h>

typedef void *HCN_CALLBACK;
typedef void(CALLBACK *HCN_NOTIFICATION_CALLBACK)(DWORD, void *, HRESULT, PCWSTR);

HRESULT WINAPI HcnRegisterServiceCallback(HCN_NOTIFICATION_CALLBACK, void *, HCN_CALLBACK *);
HRESULT WINAPI HcnUnregisterServiceCallback(HCN_CALLBACK);

static CRITICAL_SECTION printing;

static void CALLBACK notified(DWORD type, void *context, HRESULT status, PCWSTR data) {
    char text[4096] = "";
    if (data != NULL)
        WideCharToMultiByte(CP_UTF8, 0, data, -1, text, sizeof text, NULL, NULL);
    EnterCriticalSection(&printing);
    /* the context comes back as it was given */
    printf("%lx %lx %s\n", context == &printing ? type : 0, status, text);
    fflush(stdout);
    LeaveCriticalSection(&printing);
}

static int failed(const char *function, HRESULT hr) {
    printf("%s: %#lx\n", function, (unsigned long)hr);
    return 1;
}

int main(void) {
    HCN_CALLBACK registration = NULL;
    InitializeCriticalSection(&printing);
    HRESULT hr = HcnRegisterServiceCallback(notified, &printing, &registration);
    if (FAILED(hr))
        return failed("HcnRegisterServiceCallback", hr);
    puts("registered");
    fflush(stdout);
    while (getchar() != EOF)
        continue;
    hr = HcnUnregisterServiceCallback(registration);
    if (FAILED(hr))
        return failed("HcnUnregisterServiceCallback", hr);
    puts("done");
    return 0;
}
