/* Calls of the DLLs as a Windows program makes them: `calls.exe NAME`, one of the functions below.
   Ends with 0 when all holds; prints where it does not. */
#include <winsock2.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include <windows.h>

#include <computenetwork.h>
#include <iphlpapi.h>
#include <objbase.h>
#include <psapi.h>

#define CHECK(holds)                                              \
    do {                                                          \
        if (!(holds)) {                                           \
            printf("%s:%d: %s\n", __FILE__, __LINE__, #holds);    \
            fflush(stdout);                                       \
            ExitProcess(1);                                       \
        }                                                         \
    } while (0)

#define GIVES(call, expected)                                                              \
    do {                                                                                   \
        HRESULT given = (call);                                                            \
        if (given != (HRESULT)(expected)) {                                                \
            printf("%s:%d: %s gave 0x%08lx\n", __FILE__, __LINE__, #call, (unsigned long)given); \
            fflush(stdout);                                                                \
            ExitProcess(1);                                                                \
        }                                                                                  \
    } while (0)

#define OK(call) GIVES(call, S_OK)

HRESULT WINAPI HNSCall(PCWSTR Method, PCWSTR Path, PCWSTR Object, PWSTR *Response);
HRESULT WINAPI HcsEnumerateComputeSystems(PCWSTR Query, PWSTR *ComputeSystems, PWSTR *Result);
HRESULT WINAPI HcsOpenComputeSystem(PCWSTR Id, HANDLE *ComputeSystem, PWSTR *Result);
HRESULT WINAPI HcsCloseComputeSystem(HANDLE ComputeSystem);
HRESULT WINAPI HcsGetComputeSystemProperties(HANDLE ComputeSystem, PCWSTR Query, PWSTR *Properties, PWSTR *Result);
HRESULT WINAPI HcsModifyComputeSystem(HANDLE ComputeSystem, PCWSTR Configuration, PWSTR *Result);
HRESULT WINAPI HcsRegisterComputeSystemCallback(HANDLE ComputeSystem, void(CALLBACK *Callback)(DWORD, void *, HRESULT, PCWSTR), void *Context, HANDLE *Registration);
HRESULT WINAPI HcsUnregisterComputeSystemCallback(HANDLE Registration);
HRESULT WINAPI HcsCreateComputeSystem(PCWSTR Id, PCWSTR Configuration, HANDLE Identity, HANDLE *ComputeSystem, PWSTR *Result);
HRESULT WINAPI HcsStartComputeSystem(HANDLE ComputeSystem, PCWSTR Options, PWSTR *Result);
HRESULT WINAPI HcsShutdownComputeSystem(HANDLE ComputeSystem, PCWSTR Options, PWSTR *Result);
HRESULT WINAPI HcsTerminateComputeSystem(HANDLE ComputeSystem, PCWSTR Options, PWSTR *Result);
HRESULT WINAPI HcsPauseComputeSystem(HANDLE ComputeSystem, PCWSTR Options, PWSTR *Result);
HRESULT WINAPI HcsCreateProcess(HANDLE ComputeSystem, PCWSTR Parameters, void *Information, HANDLE *Process, PWSTR *Result);
HRESULT WINAPI HcsOpenProcess(HANDLE ComputeSystem, DWORD ProcessId, HANDLE *Process, PWSTR *Result);
HRESULT WINAPI HcsCloseProcess(HANDLE Process);
HRESULT WINAPI HcsTerminateProcess(HANDLE Process, PWSTR *Result);
HRESULT WINAPI HcsGetProcessProperties(HANDLE Process, PWSTR *Properties, PWSTR *Result);
HRESULT WINAPI HcsRegisterProcessCallback(HANDLE Process, void(CALLBACK *Callback)(DWORD, void *, HRESULT, PCWSTR), void *Context, HANDLE *Registration);
HRESULT WINAPI HcsUnregisterProcessCallback(HANDLE Registration);
HRESULT WINAPI CreateLayer(void *Info, PCWSTR Id, PCWSTR Parent);
HRESULT WINAPI CreateSandboxLayer(void *Info, PCWSTR Id, PCWSTR Parent, void *Parents, DWORD Count);
HRESULT WINAPI ActivateLayer(void *Info, PCWSTR Id);
HRESULT WINAPI DestroyLayer(void *Info, PCWSTR Id);
HRESULT WINAPI LayerExists(void *Info, PCWSTR Id, DWORD *Exists);
HRESULT WINAPI GetLayerMountPath(void *Info, PCWSTR Id, SIZE_T *Length, PWSTR Path);
HRESULT WINAPI NameToGuid(PCWSTR Name, GUID *Id);

static void CALLBACK on_compute_system(DWORD type, void *context, HRESULT status, PCWSTR data)
{
    (void)type, (void)context, (void)status, (void)data;
}

#define NO_SUCH_SYSTEM 0xC037010E
#define INVALID_JSON 0xC037010D
#define INVALID_STATE 0xC0370105
#define ALREADY_EXISTS 0xC037010F
#define ALREADY_STOPPED 0xC0370110
#define PENDING 0xC0370103
#define OWN_TEXT L"0a0b0c0d-1e1f-4a4b-8c8d-010203040506"
#define PORT_ALREADY_EXISTS 0x803B0013
#define V2 L"\"SchemaVersion\":{\"Major\":2,\"Minor\":0}"

static const GUID ZERO;
static const GUID UNKNOWN = {0x11111111, 0x2222, 0x3333, {0x44, 0x44, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55}};
static const GUID OWN = {0x0a0b0c0d, 0x1e1f, 0x4a4b, {0x8c, 0x8d, 1, 2, 3, 4, 5, 6}};

static HCN_NETWORK create_network(PCWSTR settings)
{
    HCN_NETWORK network;
    PWSTR record = NULL;
    OK(HcnCreateNetwork(&ZERO, settings, &network, &record));
    CHECK(network != NULL && record == NULL);
    return network;
}

static GUID id_of(PCWSTR properties)
{
    GUID id;
    WCHAR text[40];
    PCWSTR found = wcsstr(properties, L"\"ID\":\"");
    CHECK(found != NULL);
    text[0] = L'{';
    wmemcpy(text + 1, found + 6, 36);
    wcscpy(text + 37, L"}");
    OK(CLSIDFromString(text, &id));
    return id;
}

static GUID id_of_network(HCN_NETWORK network)
{
    PWSTR properties;
    OK(HcnQueryNetworkProperties(network, L"{}", &properties, NULL));
    GUID id = id_of(properties);
    CoTaskMemFree(properties);
    return id;
}

static HCN_GUESTNETWORKSERVICE create_service(void)
{
    HCN_GUESTNETWORKSERVICE service;
    OK(HcnCreateGuestNetworkService(&ZERO, L"{" V2 L"}", &service, NULL));
    return service;
}

static void null_pointers(void)
{
    PWSTR text = (PWSTR)1, record = (PWSTR)1;
    HCN_NETWORK network = (HCN_NETWORK)1;
    GIVES(HcnEnumerateNetworks(L"{}", NULL, &record), E_POINTER);
    CHECK(record == NULL);
    GIVES(HcnCreateNetwork(&ZERO, NULL, &network, NULL), E_POINTER);
    CHECK(network == NULL);
    GIVES(HcnCreateNetwork(&ZERO, L"{}", NULL, NULL), E_POINTER);
    GIVES(HcnOpenNetwork(NULL, &network, NULL), E_POINTER);
    GIVES(HcnOpenNetwork(&UNKNOWN, NULL, NULL), E_POINTER);
    GIVES(HcnDeleteNetwork(NULL, NULL), E_POINTER);
    GIVES(HcnModifyNetwork(NULL, L"{}", NULL), E_HANDLE);
    GIVES(HcnQueryNetworkProperties(NULL, L"{}", &text, NULL), E_HANDLE);
    CHECK(text == NULL);
    GIVES(HcnQueryNetworkProperties(NULL, L"{}", NULL, NULL), E_POINTER);
    GIVES(HcnCreateEndpoint(NULL, &ZERO, L"{}", &network, NULL), E_HANDLE);
    GIVES(HcnRegisterServiceCallback(NULL, NULL, &network), E_POINTER);
    GIVES(HcnRegisterServiceCallback(NULL, NULL, NULL), E_POINTER);
    GIVES(HcnEnumerateGuestNetworkPortReservations(NULL, NULL), E_POINTER);
    HcnFreeGuestNetworkPortReservations(NULL);
    GIVES(HNSCall(L"GET", L"/networks/", L"", NULL), E_POINTER);
    GIVES(HNSCall(NULL, L"/networks/", L"", &text), E_POINTER);
    GIVES(HNSCall(L"GET", NULL, L"", &text), E_POINTER);
    /* what is optional may be missing */
    OK(HcnEnumerateNetworks(NULL, &text, NULL));
    CHECK(text != NULL && *text == L'[');
    CoTaskMemFree(text);
    OK(HNSCall(L"GET", L"/networks/", NULL, &text));
    CoTaskMemFree(text);
}

static void bad_handles(void)
{
    PWSTR text;
    HCN_NETWORK network = create_network(L"{\"Type\":\"Private\"," V2 L"}");
    GUID id = id_of_network(network);
    GIVES(HcnQueryEndpointProperties(network, L"", &text, NULL), E_HANDLE); /* of another noun */
    GIVES(HcnCloseEndpoint(network), E_HANDLE);
    GIVES(HcnCloseNetwork((HANDLE)0x12345678), E_HANDLE);
    GIVES(HcnUnregisterServiceCallback(network), E_HANDLE);
    GIVES(HcnReleaseGuestNetworkServicePortReservationHandle(network), E_HANDLE);
    OK(HcnDeleteNetwork(&id, NULL));
    GIVES(HcnQueryNetworkProperties(network, L"", &text, NULL), 0x803B0001); /* open, but gone */
    OK(HcnCloseNetwork(network));
    GIVES(HcnQueryNetworkProperties(network, L"", &text, NULL), E_HANDLE);
    GIVES(HcnCloseNetwork(network), E_HANDLE);
}

static void refusals(void)
{
    HCN_NETWORK network;
    PWSTR record = NULL;
    GIVES(HcnCreateNetwork(&ZERO, L"{\"Type\":", &network, &record), 0x803B001B);
    CHECK(network == NULL && record != NULL && wcsstr(record, L"\"ErrorCode\":2151350299") != NULL);
    CoTaskMemFree(record);
    GIVES(HcnOpenNetwork(&UNKNOWN, &network, &record), 0x803B0001);
    CHECK(wcsstr(record, L"\"Success\":false") != NULL);
    CoTaskMemFree(record);
    GIVES(HcnOpenNetwork(&UNKNOWN, &network, NULL), 0x803B0001); /* nobody wants the record */
    GIVES(HcnDeleteNamespace(&UNKNOWN, NULL), 0x80070490);
    PWSTR text;
    GIVES(HcnEnumerateNetworks(L"no json", &text, NULL), 0x803B001B);
    CHECK(text == NULL);

    size_t size = 17 * 1024 * 1024;
    PWSTR large = malloc((size + 40) * sizeof *large);
    wcscpy(large, L"{\"Name\":\"");
    wmemset(large + 9, L'x', size);
    wcscpy(large + 9 + size, L"\"}");
    GIVES(HcnCreateNetwork(&ZERO, large, &network, &record), E_INVALIDARG);
    CHECK(wcsstr(record, L"HNSEMU_BODY_LIMIT") != NULL);
    CoTaskMemFree(record);
    free(large);
}

static void hns_calls(void)
{
    PWSTR text;
    OK(HNSCall(L"GET", L"/networks", L"", &text));
    CHECK(wcsstr(text, L"\"Success\":true") != NULL);
    CoTaskMemFree(text);
    OK(HNSCall(L"GET", L"/networks/11111111-2222-3333-4444-555555555555", L"", &text));
    CHECK(wcsstr(text, L"\"Success\":false") != NULL);
    CoTaskMemFree(text);
    GIVES(HNSCall(L"POST", L"/networks/", L"{\"Type\":\"nat\",\"Subnets\":[{\"AddressPrefix\":\"x\"}]}", &text),
          0x803B0030);
    CHECK(wcsstr(text, L"\"Success\":false") != NULL);
    CoTaskMemFree(text);
    GIVES(HNSCall(L"GE T", L"/networks/", L"", &text), E_INVALIDARG);
    OK(HNSCall(L"GET", L"/no such\r\npath?x", L"", &text)); /* the envelope tells */
    CHECK(wcsstr(text, L"\"ErrorCode\":2147943568") != NULL);
    CoTaskMemFree(text);
}

/* Containers through HCS: known while the service names them; handles that are none are refused. */
static void compute_systems(void)
{
    HANDLE system = NULL, watch = NULL;
    PWSTR text = NULL, result = NULL;
    OK(HcsEnumerateComputeSystems(NULL, &text, &result));
    CHECK(wcscmp(text, L"[]") == 0 && result == NULL);
    CoTaskMemFree(text);
    GIVES(HcsOpenComputeSystem(L"web", &system, &result), NO_SUCH_SYSTEM);
    GIVES(HcsOpenComputeSystem(L"", &system, &result), NO_SUCH_SYSTEM);
    CHECK(system == NULL);
    OK(HNSCall(L"POST", L"/networks/", L"{\"Name\":\"n\",\"Type\":\"private\"}", &text));
    CoTaskMemFree(text);
    HCN_NETWORK network = create_network(L"{\"Type\":\"Private\"," V2 L"}");
    HCN_ENDPOINT endpoint;
    OK(HcnCreateEndpoint(network, &OWN, L"{" V2 L"}", &endpoint, NULL));
    OK(HNSCall(L"POST", L"/endpoints/" OWN_TEXT L"/attach", L"{\"ContainerId\":\"web\",\"SystemType\":\"Container\"}", &text));
    CoTaskMemFree(text);
    OK(HcsOpenComputeSystem(L"web", &system, NULL));
    OK(HcsGetComputeSystemProperties(system, L"", &text, NULL));
    CHECK(wcsstr(text, L"\"Id\":\"web\"") != NULL);
    CoTaskMemFree(text);
    OK(HcsRegisterComputeSystemCallback(system, on_compute_system, NULL, &watch));
    GIVES(HcsModifyComputeSystem(system, L"nonsense", NULL), INVALID_JSON);
    GIVES(HcsModifyComputeSystem(system, L"{}", NULL), E_NOTIMPL);
    OK(HcsModifyComputeSystem(system, L"{\"Resource\":\"Network\",\"Request\":\"Remove\",\"Data\":\"" OWN_TEXT L"\"}", NULL));
    CHECK(FAILED(HcsModifyComputeSystem(system, L"{\"ResourceType\":\"Network\",\"RequestType\":\"Add\",\"Settings\":\"x\"}", NULL)));
    OK(HcsUnregisterComputeSystemCallback(watch));
    GIVES(HcsUnregisterComputeSystemCallback(watch), E_HANDLE);
    OK(HcsCloseComputeSystem(system));
    GIVES(HcsCloseComputeSystem(system), E_HANDLE);
    GIVES(HcsModifyComputeSystem(system, L"{}", NULL), E_HANDLE);
    GIVES(HcsGetComputeSystemProperties(system, L"", &text, NULL), E_HANDLE);
    GIVES(HcsOpenComputeSystem(L"web", &system, NULL), NO_SUCH_SYSTEM); /* nobody names it any more */
}

static volatile LONG exits[2]; /* of systems, of processes */

static void CALLBACK on_exit_of(DWORD type, void *context, HRESULT status, PCWSTR data)
{
    CHECK(context == (void *)exits && status == S_OK && data != NULL);
    CHECK(type == 1 || type == 0x10000);
    InterlockedIncrement(&exits[type != 1]);
}

static void wait_for_exit(int kind, LONG wanted)
{
    for (int tries = 0; tries < 500 && exits[kind] < wanted; tries++)
        Sleep(10);
    CHECK(exits[kind] == wanted);
}

/* An endpoint that a system can have: OWN on a network of HNS 1. */
static void create_own_endpoint(void)
{
    PWSTR text;
    OK(HNSCall(L"POST", L"/networks/", L"{\"Name\":\"n\",\"Type\":\"private\"}", &text));
    PCWSTR id = wcsstr(text, L"\"ID\":\"");
    WCHAR request[200];
    CHECK(id != NULL);
    swprintf(request, 200, L"{\"ID\":\"" OWN_TEXT L"\",\"VirtualNetwork\":\"%.36ls\"}", id + 6);
    CoTaskMemFree(text);
    OK(HNSCall(L"POST", L"/endpoints/", request, &text));
    CHECK(wcsstr(text, L"\"Success\":true") != NULL);
    CoTaskMemFree(text);
}

static void check_sharing(bool is_attached)
{
    PWSTR text;
    OK(HNSCall(L"GET", L"/endpoints/" OWN_TEXT, L"", &text));
    CHECK((wcsstr(text, L"\"we \\\"b\"") != NULL) == is_attached);
    CoTaskMemFree(text);
}

/* What dockerd does with a container: its endpoints are attached while it lives. */
static void created_systems(void)
{
    static const WCHAR *const document = L"{\"SystemType\":\"Container\",\"Owner\":\"docker\",\"EndpointList\":[\"" OWN_TEXT L"\"]}";
    HANDLE system, again, watch, late;
    PWSTR text;
    create_own_endpoint();
    GIVES(HcsCreateComputeSystem(L"we \"b", L"nonsense", NULL, &system, NULL), INVALID_JSON);
    GIVES(HcsCreateComputeSystem(L"", document, NULL, &system, NULL), E_INVALIDARG);
    GIVES(HcsCreateComputeSystem(NULL, document, NULL, &system, NULL), E_POINTER);
    OK(HcsCreateComputeSystem(L"we \"b", document, NULL, &system, NULL));
    check_sharing(true);
    GIVES(HcsCreateComputeSystem(L"we \"b", document, NULL, &again, NULL), ALREADY_EXISTS);
    CHECK(again == NULL);
    OK(HcsOpenComputeSystem(L"we \"b", &again, NULL));
    OK(HcsGetComputeSystemProperties(again, L"", &text, NULL));
    CHECK(wcsstr(text, L"\"Owner\":\"docker\"") != NULL && wcsstr(text, L"\"Created\"") != NULL);
    CoTaskMemFree(text);
    OK(HcsCloseComputeSystem(again));
    OK(HcsEnumerateComputeSystems(L"{}", &text, NULL));
    CHECK(wcsstr(wcsstr(text, L"docker") + 1, L"\"Id\"") == NULL); /* once, though the service names it, too */
    CoTaskMemFree(text);
    OK(HcsStartComputeSystem(system, L"", NULL));
    GIVES(HcsStartComputeSystem(system, L"", NULL), INVALID_STATE);
    GIVES(HcsPauseComputeSystem(system, L"", NULL), E_NOTIMPL);
    OK(HcsRegisterComputeSystemCallback(system, on_exit_of, (void *)exits, &watch));
    OK(HcsModifyComputeSystem(system, L"{\"ResourceType\":\"Network\",\"RequestType\":\"Remove\",\"Settings\":\"" OWN_TEXT L"\"}", NULL));
    check_sharing(false);
    OK(HcsModifyComputeSystem(system, L"{\"ResourceType\":\"Network\",\"RequestType\":\"Add\",\"Settings\":\"" OWN_TEXT L"\"}", NULL));
    check_sharing(true);
    GIVES(HcsTerminateComputeSystem(system, L"", NULL), PENDING);
    check_sharing(false);
    wait_for_exit(0, 1);
    GIVES(HcsShutdownComputeSystem(system, L"", NULL), ALREADY_STOPPED);
    OK(HcsRegisterComputeSystemCallback(system, on_exit_of, (void *)exits, &late));
    wait_for_exit(0, 2); /* who asks late is told at once */
    GIVES(HcsOpenComputeSystem(L"we \"b", &again, NULL), NO_SUCH_SYSTEM);
    OK(HcsUnregisterComputeSystemCallback(watch));
    OK(HcsUnregisterComputeSystemCallback(late));
    OK(HcsCloseComputeSystem(system));
    GIVES(HcsTerminateComputeSystem(system, L"", NULL), E_HANDLE);
    OK(HcsCreateComputeSystem(L"we \"b", L"{}", NULL, &system, NULL)); /* the name is free again */
    OK(HcsCloseComputeSystem(system));
    /* a refused endpoint leaves nothing behind */
    CHECK(FAILED(HcsCreateComputeSystem(L"half", L"{\"EndpointList\":[\"" OWN_TEXT L"\",\"11111111-2222-3333-4444-555555555555\"]}", NULL, &system, NULL)));
    OK(HNSCall(L"GET", L"/endpoints/" OWN_TEXT, L"", &text));
    CHECK(system == NULL && wcsstr(text, L"half") == NULL);
    CoTaskMemFree(text);
    GIVES(HcsOpenComputeSystem(L"half", &system, NULL), NO_SUCH_SYSTEM);
}

static HANDLE create_process(HANDLE system, PCWSTR parameters, DWORD *id, HANDLE *output)
{
    struct {
        DWORD id, reserved;
        HANDLE in, out, error;
    } information;
    HANDLE process;
    OK(HcsCreateProcess(system, parameters, &information, &process, NULL));
    CHECK(information.in == NULL && information.error == NULL);
    *id = information.id;
    *output = information.out;
    return process;
}

static void check_process(HANDLE process, PCWSTR expected)
{
    PWSTR text;
    OK(HcsGetProcessProperties(process, &text, NULL));
    CHECK(wcsstr(text, expected) != NULL);
    CoTaskMemFree(text);
}

/* The first process lives until it is stopped; a later one says so, and ends. */
static void processes(void)
{
    HANDLE system, process, other, opened, output, watch;
    DWORD id, length = 0;
    char said[200];
    OK(HcsCreateComputeSystem(L"p", L"{}", NULL, &system, NULL));
    char information[40];
    GIVES(HcsCreateProcess(system, L"{}", information, &process, NULL), INVALID_STATE);
    OK(HcsStartComputeSystem(system, L"", NULL));
    GIVES(HcsCreateProcess(system, L"nonsense", information, &process, NULL), INVALID_JSON);
    GIVES(HcsCreateProcess((HANDLE)4, L"{}", information, &process, NULL), E_HANDLE);
    process = create_process(system, L"{\"CommandLine\":\"server\"}", &id, &output);
    CHECK(output == NULL);
    OK(HcsRegisterProcessCallback(process, on_exit_of, (void *)exits, &watch));
    OK(HcsOpenProcess(system, id, &opened, NULL));
    GIVES(HcsOpenProcess(system, id + 1, &other, NULL), HRESULT_FROM_WIN32(ERROR_NOT_FOUND));
    other = create_process(system, L"{\"CommandLine\":\"cmd /c exit 7\",\"CreateStdOutPipe\":true}", &id, &output);
    OVERLAPPED reading = {.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};
    ReadFile(output, said, sizeof said, NULL, &reading);
    CHECK(GetOverlappedResult(output, &reading, &length, TRUE) && length > 0 && memcmp(said, "hnsemu: ", 8) == 0);
    CloseHandle(output);
    OK(HcsRegisterProcessCallback(other, on_exit_of, (void *)exits, &opened));
    wait_for_exit(1, 1);
    check_process(other, L"\"ExitCode\":7,");
    check_process(process, L"\"Exited\":false");
    OK(HcsCloseProcess(other));
    GIVES(HcsCloseProcess(other), E_HANDLE);
    OK(HcsTerminateProcess(process, NULL));
    GIVES(HcsTerminateProcess(process, NULL), HRESULT_FROM_WIN32(ERROR_NOT_FOUND));
    wait_for_exit(1, 2);
    check_process(process, L"\"ExitCode\":3221225786,");
    OK(HcsUnregisterProcessCallback(watch));
    GIVES(HcsTerminateComputeSystem(system, L"", NULL), PENDING);
    OK(HcsCloseProcess(process));
    OK(HcsCloseComputeSystem(system));
    GIVES(HcsGetProcessProperties(process, &(PWSTR){NULL}, NULL), E_HANDLE);
}

/* Layers are folders; one that was not made as a layer is never deleted. */
static void layers(void)
{
    WCHAR folder[MAX_PATH], layer[MAX_PATH], renamed[MAX_PATH], path[MAX_PATH];
    SIZE_T length = 0;
    DWORD exists;
    GUID one, other;
    GetTempPathW(MAX_PATH, path);
    swprintf(folder, MAX_PATH, L"%lslayers-%lu", path, GetCurrentProcessId());
    swprintf(layer, MAX_PATH, L"%ls\\top", folder);
    swprintf(renamed, MAX_PATH, L"%ls\\top-removing", folder);
    CHECK(CreateDirectoryW(folder, NULL));
    GIVES(DestroyLayer(NULL, folder), E_ACCESSDENIED);
    CHECK(FAILED(ActivateLayer(NULL, layer)));
    OK(CreateSandboxLayer(NULL, layer, L"", NULL, 0));
    OK(ActivateLayer(NULL, layer));
    OK(LayerExists(NULL, layer, &exists));
    CHECK(exists);
    OK(GetLayerMountPath(NULL, layer, &length, NULL));
    CHECK(length == wcslen(layer) + 1);
    OK(GetLayerMountPath(NULL, layer, &length, path));
    CHECK(wcscmp(path, layer) == 0);
    CHECK(MoveFileW(layer, renamed));
    OK(DestroyLayer(NULL, layer)); /* it is gone already */
    OK(DestroyLayer(NULL, renamed));
    OK(LayerExists(NULL, renamed, &exists));
    CHECK(!exists && RemoveDirectoryW(folder));
    GIVES(CreateLayer(NULL, L"", L""), E_INVALIDARG);
    OK(NameToGuid(L"a", &one));
    OK(NameToGuid(L"b", &other));
    CHECK(!IsEqualGUID(&one, &other));
    OK(NameToGuid(L"a", &other));
    CHECK(IsEqualGUID(&one, &other));
}

static DWORD WINAPI see_compartment(void *get)
{
    return ((ULONG(WINAPI *)(void))get)();
}

/* A thread enters a compartment for itself only; Wine's own functions stand beside those of ours. */
static void compartments(void)
{
    HMODULE dll = LoadLibraryW(L"iphlpapi.dll");
    ULONG(WINAPI *get)(void) = (void *)GetProcAddress(dll, "GetCurrentThreadCompartmentId");
    DWORD(WINAPI *set)(ULONG) = (void *)GetProcAddress(dll, "SetCurrentThreadCompartmentId");
    DWORD(WINAPI *count)(DWORD *) = (void *)GetProcAddress(dll, "GetNumberOfInterfaces");
    DWORD interfaces, seen;
    CHECK(get != NULL && set != NULL && count != NULL);
    CHECK(get() == 1);
    CHECK(set(3) == NO_ERROR && get() == 3);
    HANDLE thread = CreateThread(NULL, 0, see_compartment, (void *)get, 0, NULL);
    WaitForSingleObject(thread, INFINITE);
    CHECK(GetExitCodeThread(thread, &seen) && seen == 1);
    CHECK(set(0) == NO_ERROR && get() == 1);
    CHECK(count(&interfaces) == NO_ERROR && interfaces > 0);
}

static ULONG list_adapters(ULONG family, ULONG flags, void *addresses, ULONG *size)
{
    HMODULE dll = LoadLibraryW(L"iphlpapi.dll");
    ULONG(WINAPI *list)(ULONG, ULONG, void *, void *, ULONG *) = (void *)GetProcAddress(dll, "GetAdaptersAddresses");
    CHECK(list != NULL);
    return list(family, flags, NULL, addresses, size);
}

static const IP_ADAPTER_ADDRESSES *adapter_named(const IP_ADAPTER_ADDRESSES *first, PCWSTR name)
{
    while (first != NULL && wcscmp(first->FriendlyName, name) != 0)
        first = first->Next;
    return first;
}

static bool is_ipv4(const SOCKET_ADDRESS *address, const char *text)
{
    const struct sockaddr_in *socket = (const struct sockaddr_in *)address->lpSockaddr;
    return socket->sin_family == AF_INET && strcmp(inet_ntoa(socket->sin_addr), text) == 0;
}

/* The interfaces of the emulated host, as much as the caller has room for and asks for. */
static void adapters(void)
{
    static _Alignas(8) unsigned char room[65536];
    const IP_ADAPTER_ADDRESSES *first = (const void *)room, *found;
    ULONG size = 0, needed;
    CHECK(list_adapters(AF_UNSPEC, 0x90, NULL, &size) == ERROR_BUFFER_OVERFLOW && size > 0);
    needed = size;
    memset(room, 0xCC, sizeof room);
    CHECK(list_adapters(AF_UNSPEC, 0x90, room, &size) == NO_ERROR && size == needed && room[needed] == 0xCC);
    size = needed - 1;
    CHECK(list_adapters(AF_UNSPEC, 0x90, room, &size) == ERROR_BUFFER_OVERFLOW && size == needed);
    CHECK(list_adapters(AF_UNSPEC, 0x90, room, &size) == NO_ERROR);
    CHECK((found = adapter_named(first, L"Ethernet")) != NULL);
    CHECK(wcscmp(found->Description, L"Microsoft Hyper-V Network Adapter") == 0);
    CHECK(wcscmp(found->DnsSuffix, L"example.internal") == 0 && found->AdapterName[0] == '{');
    CHECK(found->IfType == IF_TYPE_ETHERNET_CSMACD && found->OperStatus == IfOperStatusUp && found->Mtu == 1500);
    CHECK(found->PhysicalAddressLength == 6 && found->PhysicalAddress[1] == 0x15 && found->PhysicalAddress[2] == 0x5D);
    CHECK(found->IfIndex > 1 && found->IfIndex == found->Ipv6IfIndex && found->CompartmentId == 1);
    CHECK(is_ipv4(&found->FirstUnicastAddress->Address, "10.0.0.4"));
    CHECK(found->FirstUnicastAddress->OnLinkPrefixLength == 24 && found->FirstUnicastAddress->Next == NULL);
    CHECK(is_ipv4(&found->FirstPrefix->Address, "10.0.0.0") && found->FirstPrefix->PrefixLength == 24);
    CHECK(is_ipv4(&found->FirstGatewayAddress->Address, "10.0.0.1"));
    CHECK(is_ipv4(&found->FirstDnsServerAddress->Address, "168.63.129.16"));
    CHECK((found = adapter_named(first, L"vEthernet (nat)")) != NULL && found->FirstGatewayAddress == NULL);
    CHECK((found = adapter_named(first, L"Loopback Pseudo-Interface 1")) != NULL && found->IfIndex == 1);
    CHECK(found->IfType == IF_TYPE_SOFTWARE_LOOPBACK && found->Next == NULL);
    size = sizeof room; /* one family, and nothing that is left out */
    CHECK(list_adapters(AF_INET6, GAA_FLAG_SKIP_FRIENDLY_NAME | GAA_FLAG_SKIP_DNS_SERVER, room, &size) == NO_ERROR);
    CHECK(first->FirstUnicastAddress == NULL && first->FriendlyName == NULL && first->FirstDnsServerAddress == NULL);
    CHECK(first->FirstPrefix == NULL && first->FirstGatewayAddress == NULL);
    size = sizeof room;
    CHECK(list_adapters(AF_UNIX, 0, room, &size) == ERROR_INVALID_PARAMETER);
    CHECK(list_adapters(AF_UNSPEC, 0, room, NULL) == ERROR_INVALID_PARAMETER);
}

/* A thread in a compartment where nobody is sees the loopback interface only. */
static void other_compartment(void)
{
    static _Alignas(8) unsigned char room[65536];
    const IP_ADAPTER_ADDRESSES *first = (const void *)room;
    DWORD(WINAPI *set)(ULONG) = (void *)GetProcAddress(LoadLibraryW(L"iphlpapi.dll"), "SetCurrentThreadCompartmentId");
    ULONG size = sizeof room;
    CHECK(set(77) == NO_ERROR && list_adapters(AF_UNSPEC, 0, room, &size) == NO_ERROR);
    CHECK(first->IfIndex == 1 && first->Next == NULL && first->CompartmentId == 77);
}

/* Prints what an answer that never comes, or Wine itself, gives. */
static void adapters_result(void)
{
    static _Alignas(8) unsigned char room[65536];
    ULONG size = sizeof room;
    ULONG result = list_adapters(AF_UNSPEC, 0, room, &size);
    const IP_ADAPTER_ADDRESSES *first = (const void *)room;
    printf("%lu %d\n", result, result == NO_ERROR && adapter_named(first, L"vEthernet (nat)") != NULL);
}

/* What would change the Linux machine is refused with an error that programs handle. */
static void interfaces(void)
{
    static const char *const refused[] = {
        "CreateUnicastIpAddressEntry", "DeleteUnicastIpAddressEntry", "CreateIpForwardEntry2", "DeleteIpForwardEntry2",
        "GetIpInterfaceEntry", "SetIpInterfaceEntry", "SetInterfaceDnsSettings",
    };
    HMODULE dll = LoadLibraryW(L"iphlpapi.dll");
    unsigned char row[512];
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        DWORD(WINAPI *function)(void *) = (void *)GetProcAddress(dll, refused[i]);
        CHECK(function != NULL && function(row) == ERROR_NOT_SUPPORTED);
    }
    void(WINAPI *initialize)(void *) = (void *)GetProcAddress(dll, "InitializeUnicastIpAddressEntry");
    memset(row, 0xCC, sizeof row);
    initialize(row);
    CHECK(row[0] == 0 && row[511] == 0xCC);
}

/* The services that dockerd looks for before it starts. */
static void host_services(void)
{
    static const WCHAR *const names[] = {L"hns", L"vmcompute"};
    SC_HANDLE manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT);
    CHECK(manager != NULL);
    for (int i = 0; i < 2; i++) {
        SC_HANDLE service = OpenServiceW(manager, names[i], SERVICE_QUERY_STATUS);
        CHECK(service != NULL);
        CloseServiceHandle(service);
    }
    CloseServiceHandle(manager);
}

/* HNS' codes have texts once one of the DLLs is loaded; the others keep theirs. */
static void texts(void)
{
    WCHAR text[200];
    DWORD flags = FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_ARGUMENT_ARRAY | FORMAT_MESSAGE_IGNORE_INSERTS;
    CHECK(FormatMessageW(flags, NULL, 0x803B0014, 0x409, text, 200, NULL) > 0);
    CHECK(wcscmp(text, L"This endpoint is already attached to the switch.\r\n") == 0);
    PWSTR allocated = NULL;
    CHECK(FormatMessageW(flags | FORMAT_MESSAGE_ALLOCATE_BUFFER, NULL, NO_SUCH_SYSTEM, 0, (PWSTR)&allocated, 0, NULL) > 0);
    CHECK(wcsstr(allocated, L"does not exist") != NULL);
    LocalFree(allocated);
    CHECK(FormatMessageW(flags, NULL, 0x803B0014, 0x409, text, 5, NULL) == 0);
    CHECK(FormatMessageW(flags, NULL, 0x803BFFFF, 0x409, text, 200, NULL) == 0);
    CHECK(FormatMessageW(flags, NULL, ERROR_ACCESS_DENIED, 0x409, text, 200, NULL) > 0);
    CHECK(wcsstr(text, L"denied") != NULL);
    CHECK(FormatMessageW(FORMAT_MESSAGE_FROM_STRING, L"own", 0x803B0014, 0, text, 200, NULL) == 3);
}

static void names(void)
{
    static const WCHAR name[] = {0x30CD, 0x30C3, 0x30C8, L' ', 0xD83D, 0xDE00, L'"' - 1, 0xE4, 0};
    WCHAR settings[200];
    PWSTR text;
    swprintf(settings, 200, L"{\"Name\":\"%ls\",\"Type\":\"Private\"," V2 L"}", name);
    HCN_NETWORK network = create_network(settings);
    OK(HcnQueryNetworkProperties(network, L"", &text, NULL));
    CHECK(wcsstr(text, name) != NULL);
    CoTaskMemFree(text);
    swprintf(settings, 200, L"{\"Filter\":\"{\\\"Name\\\":\\\"%ls\\\"}\"," V2 L"}", name);
    OK(HcnEnumerateNetworks(settings, &text, NULL));
    CHECK(wcslen(text) == 40); /* one id in an array */
    CoTaskMemFree(text);
    OK(HcnCloseNetwork(network));
}

static void ids(void)
{
    GUID id;
    HCN_NETWORK network;
    OK(HcnCreateNetwork(&OWN, L" { \"Type\":\"Private\"," V2 L"}", &network, NULL));
    id = id_of_network(network);
    CHECK(IsEqualGUID(&id, &OWN)); /* the parameter */
    OK(HcnCloseNetwork(network));
    OK(HcnCreateNetwork(&OWN, L"{\"ID\":\"{11111111-2222-3333-4444-555555555555}\",\"Type\":\"Private\"," V2 L"}",
                        &network, NULL));
    id = id_of_network(network);
    CHECK(IsEqualGUID(&id, &UNKNOWN)); /* the document's own wins */
    OK(HcnCloseNetwork(network));
    OK(HcnOpenNetwork(&OWN, &network, NULL));
    OK(HcnCloseNetwork(network));
    HCN_NAMESPACE namespace;
    OK(HcnCreateNamespace(&OWN, L"{}", &namespace, NULL));
    OK(HcnCloseNamespace(namespace));
}

static HCN_NETWORK shared;

static DWORD WINAPI work(void *unused)
{
    (void)unused;
    for (int round = 0; round < 5; round++) {
        HCN_ENDPOINT endpoint;
        PWSTR text;
        OK(HcnCreateEndpoint(shared, &ZERO, L"{" V2 L"}", &endpoint, NULL));
        OK(HcnQueryEndpointProperties(endpoint, L"", &text, NULL));
        GUID id = id_of(text);
        CoTaskMemFree(text);
        OK(HcnDeleteEndpoint(&id, NULL));
        OK(HcnCloseEndpoint(endpoint));
    }
    return 0;
}

static void threads(void)
{
    HANDLE running[64];
    shared = create_network(L"{\"Type\":\"Internal\",\"Ipams\":[{\"Subnets\":[{\"IpAddressPrefix\":\"10.9.0.0/16\"}]}]," V2 L"}");
    for (int i = 0; i < 64; i++) {
        running[i] = CreateThread(NULL, 0, work, NULL, 0, NULL);
        CHECK(running[i] != NULL);
    }
    CHECK(WaitForMultipleObjects(64, running, TRUE, 60000) == WAIT_OBJECT_0);
}

/* What the callbacks below heard. */
static volatile LONG heard[32];
static HCN_CALLBACK registered;
static HRESULT unregistered = E_FAIL;

static void CALLBACK listen_to(DWORD type, void *context, HRESULT status, PCWSTR data)
{
    CHECK(context == (void *)heard && status == S_OK);
    CHECK(type < 32 && data != NULL && wcsstr(data, L"\"ID\":\"") != NULL);
    InterlockedIncrement(&heard[type]);
}

static void CALLBACK unregister_itself(DWORD type, void *context, HRESULT status, PCWSTR data)
{
    (void)context, (void)status, (void)data;
    if (type == HcnNotificationNamespaceCreate)
        unregistered = HcnUnregisterServiceCallback(registered);
}

static void wait_for(volatile LONG *count, LONG wanted)
{
    for (int tries = 0; tries < 500 && *count < wanted; tries++)
        Sleep(10);
    CHECK(*count == wanted);
}

static void callbacks(void)
{
    HCN_CALLBACK handle;
    OK(HcnRegisterServiceCallback(listen_to, (void *)heard, &handle));
    HCN_NETWORK network = create_network(L"{\"Type\":\"Private\"," V2 L"}");
    GUID id = id_of_network(network);
    OK(HcnDeleteNetwork(&id, NULL));
    OK(HcnCloseNetwork(network));
    wait_for(&heard[HcnNotificationNetworkDelete], 1);
    CHECK(heard[HcnNotificationNetworkPreCreate] == 1 && heard[HcnNotificationNetworkCreate] == 1);
    CHECK(heard[HcnNotificationNetworkPreDelete] == 1);
    OK(HcnUnregisterServiceCallback(handle));
    GIVES(HcnUnregisterServiceCallback(handle), E_HANDLE);
    HCN_NAMESPACE namespace;
    OK(HcnCreateNamespace(&ZERO, L"{}", &namespace, NULL));
    Sleep(300);
    CHECK(heard[HcnNotificationNamespaceCreate] == 0);

    OK(HcnRegisterServiceCallback(unregister_itself, NULL, &registered));
    OK(HcnCreateNamespace(&ZERO, L"{}", &namespace, NULL));
    for (int tries = 0; tries < 500 && unregistered == E_FAIL; tries++)
        Sleep(10);
    CHECK(unregistered == S_OK);
}

static void CALLBACK listen_to_service(DWORD type, void *context, HRESULT status, PCWSTR data)
{
    (void)context, (void)status;
    CHECK(type < 32 && wcsstr(data, L"Synchronized") != NULL);
    InterlockedIncrement(&heard[type]);
}

static void service_callbacks(void)
{
    HCN_CALLBACK handle;
    HCN_GUESTNETWORKSERVICE service = create_service();
    OK(HcnRegisterGuestNetworkServiceCallback(service, listen_to_service, NULL, &handle));
    OK(HcnModifyGuestNetworkService(
        service, L"{\"ResourceType\":\"State\",\"RequestType\":\"Update\",\"Settings\":{\"State\":\"Synchronized\"}}",
        NULL));
    wait_for(&heard[HcnNotificationGuestNetworkServiceStateChanged], 1);
    OK(HcnUnregisterGuestNetworkServiceCallback(handle));
    OK(HcnCloseGuestNetworkService(service));
    GIVES(HcnRegisterGuestNetworkServiceCallback(service, listen_to_service, NULL, &handle), E_HANDLE);
}

static void reservations(void)
{
    HCN_GUESTNETWORKSERVICE service = create_service();
    HANDLE port, again, range;
    HCN_PORT_RANGE_RESERVATION ports;
    HCN_PORT_RANGE_ENTRY *entries;
    ULONG count;
    OK(HcnReserveGuestNetworkServicePort(service, HCN_PORT_PROTOCOL_TCP, HCN_PORT_ACCESS_EXCLUSIVE, 8080, &port));
    GIVES(HcnReserveGuestNetworkServicePort(service, HCN_PORT_PROTOCOL_BOTH, HCN_PORT_ACCESS_SHARED, 8080, &again),
          PORT_ALREADY_EXISTS);
    CHECK(again == NULL);
    OK(HcnReserveGuestNetworkServicePortRange(service, 4095, &ports, &range));
    CHECK(ports.endingPort - ports.startingPort == 4094);
    OK(HcnEnumerateGuestNetworkPortReservations(&count, &entries));
    CHECK(count == 2 && entries[0].StartingPort == 8080 && entries[0].EndingPort == 8080);
    CHECK(entries[0].Protocol == HCN_PORT_PROTOCOL_TCP && entries[1].Protocol == HCN_PORT_PROTOCOL_BOTH);
    CHECK(!IsEqualGUID(&entries[0].OwningPartitionId, &ZERO));
    HcnFreeGuestNetworkPortReservations(entries);
    OK(HcnReleaseGuestNetworkServicePortReservationHandle(port));
    GIVES(HcnReleaseGuestNetworkServicePortReservationHandle(port), E_HANDLE);
    OK(HcnReserveGuestNetworkServicePort(service, HCN_PORT_PROTOCOL_TCP, HCN_PORT_ACCESS_EXCLUSIVE, 8080, &again));
    OK(HcnReleaseGuestNetworkServicePortReservationHandle(again));
    OK(HcnReleaseGuestNetworkServicePortReservationHandle(range));
    OK(HcnEnumerateGuestNetworkPortReservations(&count, &entries));
    CHECK(count == 0);
    HcnFreeGuestNetworkPortReservations(entries);
}

static void reserve_and_die(void)
{
    HANDLE port;
    OK(HcnReserveGuestNetworkServicePort(create_service(), HCN_PORT_PROTOCOL_UDP, HCN_PORT_ACCESS_SHARED, 53, &port));
    TerminateProcess(GetCurrentProcess(), 0);
}

static void one_of_everything(void)
{
    PWSTR text, record;
    HCN_NETWORK network = create_network(L"{\"Type\":\"Private\"," V2 L"}");
    GUID id = id_of_network(network);
    HCN_NETWORK again;
    OK(HcnOpenNetwork(&id, &again, NULL));
    GIVES(HcnModifyNetwork(again, L"{", &record), 0x803B001B);
    CoTaskMemFree(record);
    OK(HcnDeleteNetwork(&id, NULL));
    OK(HcnCloseNetwork(again));
    OK(HcnCloseNetwork(network));
    OK(HNSCall(L"GET", L"/globals/version", L"", &text));
    CoTaskMemFree(text);
    HANDLE system, process;
    char information[40];
    OK(HcsCreateComputeSystem(L"leak", L"{}", NULL, &system, NULL));
    OK(HcsStartComputeSystem(system, L"", NULL));
    OK(HcsCreateProcess(system, L"{}", information, &process, NULL));
    GIVES(HcsTerminateComputeSystem(system, L"", NULL), PENDING);
    OK(HcsCloseProcess(process));
    OK(HcsCloseComputeSystem(system));
}

static SIZE_T committed(void)
{
    PROCESS_MEMORY_COUNTERS counters;
    CHECK(GetProcessMemoryInfo(GetCurrentProcess(), &counters, sizeof counters));
    return counters.PagefileUsage;
}

/* A leak of 100 bytes in any of the nine calls would show as 100,000 bytes. */
static void leaks(void)
{
    DWORD handles_before, handles_after;
    for (int i = 0; i < 200; i++)
        one_of_everything();
    SIZE_T before = committed();
    GetProcessHandleCount(GetCurrentProcess(), &handles_before);
    for (int i = 0; i < 1000; i++)
        one_of_everything();
    GetProcessHandleCount(GetCurrentProcess(), &handles_after);
    SIZE_T after = committed();
    if (after > before + 65536 || handles_after > handles_before + 2) {
        printf("grew by %lld bytes and %ld handles\n", (long long)after - (long long)before,
               (long)handles_after - (long)handles_before);
        ExitProcess(1);
    }
}

/* Print what a call, a callback and HNSCall give, and whether they took as long as one that waits
   for HNSEMU_TIMEOUT where nobody has set it. */
static void results(void)
{
    PWSTR text = NULL, record = NULL;
    HCN_CALLBACK handle;
    ULONGLONG start = GetTickCount64();
    HRESULT listed = HcnEnumerateNetworks(L"", &text, &record);
    CHECK(FAILED(listed) == (text == NULL));
    printf("%08lx %s ", (unsigned long)listed, record == NULL ? "without" : "with");
    CoTaskMemFree(text);
    CoTaskMemFree(record);
    printf("%08lx ", (unsigned long)HNSCall(L"GET", L"/networks/", L"", &text));
    CoTaskMemFree(text);
    printf("%08lx ", (unsigned long)HcnRegisterServiceCallback(listen_to, NULL, &handle));
    printf("%s\n", GetTickCount64() - start < 60000 ? "in time" : "late");
}

/* Call until the service is gone, and print what the last call gave. */
static void until_gone(void)
{
    HRESULT result;
    PWSTR text;
    puts("calling");
    fflush(stdout);
    while (SUCCEEDED(result = HcnEnumerateNetworks(L"", &text, NULL)))
        CoTaskMemFree(text);
    printf("%08lx\n", (unsigned long)result);
}

/* Wait for a network that somebody else makes, over a restart of the service in between. */
static void resume(void)
{
    HCN_CALLBACK handle;
    OK(HcnRegisterServiceCallback(listen_to, (void *)heard, &handle));
    puts("listening");
    fflush(stdout);
    for (int tries = 0; tries < 2000 && heard[HcnNotificationNetworkCreate] == 0; tries++)
        Sleep(10);
    Sleep(300);
    CHECK(heard[HcnNotificationNetworkPreCreate] == 1 && heard[HcnNotificationNetworkCreate] == 1);
    OK(HcnUnregisterServiceCallback(handle));
}

static volatile LONG disconnected;

static void CALLBACK listen_for_the_end(DWORD type, void *context, HRESULT status, PCWSTR data)
{
    (void)context, (void)status, (void)data;
    if (type == HcnNotificationServiceDisconnect)
        InterlockedIncrement(&disconnected);
    else
        CHECK(disconnected == 0); /* nothing follows it */
}

/* Wait until somebody else restarts HNS, then see that only a new registration hears more. */
static void disconnect(void)
{
    HCN_CALLBACK handle;
    HCN_NAMESPACE namespace;
    OK(HcnRegisterServiceCallback(listen_for_the_end, NULL, &handle));
    puts("listening");
    fflush(stdout);
    wait_for(&disconnected, 1);
    OK(HcnCreateNamespace(&ZERO, L"{}", &namespace, NULL));
    Sleep(500);
    OK(HcnUnregisterServiceCallback(handle));
    OK(HcnRegisterServiceCallback(listen_to, (void *)heard, &handle));
    OK(HcnCreateNamespace(&ZERO, L"{}", &namespace, NULL));
    wait_for(&heard[HcnNotificationNamespaceCreate], 1);
    CHECK(disconnected == 1);
}

static PWSTR hns_call(PCWSTR method, PCWSTR path, PCWSTR document)
{
    PWSTR text;
    OK(HNSCall(method, path, document, &text));
    return text;
}

static void is_in(PWSTR text, PCWSTR part, bool expected)
{
    CHECK((wcsstr(text, part) != NULL) == expected);
    CoTaskMemFree(text);
}

/* Calls on a host with faults, each of which acts on the next call that it is for. */
static void faulty(void)
{
    static const WCHAR ACL[] = L"{\"ResourceType\":\"Policy\",\"RequestType\":\"Add\",\"Settings\":{\"Policies\":"
                               L"[{\"Type\":\"ACL\",\"Settings\":{\"Action\":\"Block\",\"Direction\":\"In\"}}]}}";
    WCHAR balancer[400], path[80];
    HCN_NETWORK network;
    HCN_ENDPOINT endpoint;
    HCN_LOADBALANCER made;
    PWSTR text = hns_call(L"POST", L"/networks/", L"{\"Name\":\"late\",\"Type\":\"L2Bridge\"}");
    GUID id = id_of(text);
    int looks = 0;
    is_in(text, L"ManagementIP", false);
    StringFromGUID2(&id, balancer, 40);
    swprintf(path, 80, L"/networks/%.36ls", balancer + 1);
    while (text = hns_call(L"GET", path, L""), wcsstr(text, L"ManagementIP") == NULL && ++looks < 9)
        CoTaskMemFree(text);
    is_in(text, L"ManagementIP", true);
    CHECK(looks == 4);

    OK(HcnOpenNetwork(&id, &network, NULL));
    OK(HcnCreateEndpoint(network, &OWN, L"{" V2 L"}", &endpoint, NULL));
    swprintf(balancer, 400, L"{" V2 L",\"HostComputeEndpoints\":[\"%ls\"],\"FrontendVIPs\":[\"10.96.0.1\"],"
             L"\"PortMappings\":[{\"Protocol\":6,\"InternalPort\":80,\"ExternalPort\":80}]}", OWN_TEXT);
    GIVES(HcnCreateLoadBalancer(&ZERO, balancer, &made, NULL), 0x803B0007);
    OK(HcnCreateLoadBalancer(&ZERO, balancer, &made, NULL));
    OK(HcnQueryLoadBalancerProperties(made, L"{}", &text, NULL));
    is_in(text, L"InternalPort", false);
    OK(HcnCreateLoadBalancer(&ZERO, balancer, &made, NULL));
    CHECK(FAILED(HcnQueryLoadBalancerProperties(made, L"{}", &text, NULL)));

    GIVES(HcnModifyEndpoint(endpoint, ACL, NULL), 0x803B0017);
    OK(HcnModifyEndpoint(endpoint, ACL, NULL));
    OK(HcnQueryEndpointProperties(endpoint, L"{}", &text, NULL));
    is_in(text, L"ACL", false);

    is_in(hns_call(L"GET", L"/networks/11111111-2222-3333-4444-555555555555", L""), L"wurde nicht gefunden", true);
    is_in(hns_call(L"GET", L"/globals/version", L""), L"{ \"Success\" : true", true);
}

static const struct {
    const char *name;
    void (*run)(void);
} TESTS[] = {
    {"null-pointers", null_pointers}, {"bad-handles", bad_handles}, {"refusals", refusals},
    {"hns-calls", hns_calls}, {"compute-systems", compute_systems},
    {"created-systems", created_systems}, {"processes", processes}, {"layers", layers},
    {"compartments", compartments}, {"adapters", adapters}, {"other-compartment", other_compartment}, {"adapters-result", adapters_result}, {"interfaces", interfaces}, {"host-services", host_services}, {"texts", texts}, {"names", names}, {"ids", ids}, {"threads", threads},
    {"callbacks", callbacks}, {"service-callbacks", service_callbacks},
    {"reservations", reservations}, {"reserve-and-die", reserve_and_die}, {"leaks", leaks},
    {"results", results}, {"until-gone", until_gone}, {"resume", resume},
    {"disconnect", disconnect}, {"faulty", faulty},
};

int main(int count, char **arguments)
{
    for (size_t i = 0; count == 2 && i < sizeof TESTS / sizeof *TESTS; i++) {
        if (strcmp(arguments[1], TESTS[i].name) == 0) {
            TESTS[i].run();
            return 0;
        }
    }
    printf("no such test\n");
    return 2;
}
