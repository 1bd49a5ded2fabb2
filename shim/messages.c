/* The texts of HNS' own codes, for programs that ask Windows for them: Wine's FormatMessage has none.

   They are no decoration: flannel compares the sentence for an endpoint that is attached already, and
   stops at `winapi error #2151350292`. FormatMessageW of kernel32 reaches kernelbase through a pointer
   of its import table; that pointer is turned to this file when the DLL is loaded, before any call
   can fail with one of these codes. */
#include <stdbool.h>
#include <string.h>

#include <windows.h>

struct message {
    DWORD code;
    PCWSTR text;
};

/* As in app/hnsemu/errors.py; a test compares them. */
static const struct message messages[] = {
    {0x803B0001, L"The network was not found.\r\n"},
    {0x803B0002, L"The endpoint was not found.\r\n"},
    {0x803B0003, L"The network's underlying layer was not found.\r\n"},
    {0x803B0004, L"The virtual switch was not found.\r\n"},
    {0x803B0005, L"The network does not have a subnet for this endpoint.\r\n"},
    {0x803B0006, L"An adapter was not found.\r\n"},
    {0x803B0007, L"The switch-port was not found.\r\n"},
    {0x803B0008, L"An expected policy was not found.\r\n"},
    {0x803B0009, L"A required VFP port setting was not found.\r\n"},
    {0x803B000A, L"The provided network configuration is invalid or missing parameters.\r\n"},
    {0x803B000B, L"Invalid network type.\r\n"},
    {0x803B000C, L"The provided endpoint configuration is invalid or missing parameters.\r\n"},
    {0x803B000D, L"The provided policy configuration is invalid or missing parameters.\r\n"},
    {0x803B000E, L"Invalid policy type.\r\n"},
    {0x803B000F, L"This requested operation is invalid for a remote endpoint.\r\n"},
    {0x803B0010, L"A network with this name already exists.\r\n"},
    {0x803B0011, L"A network with this name already exists.\r\n"},
    {0x803B0012, L"Policy information already exists on this object.\r\n"},
    {0x803B0013, L"The specified port already exists.\r\n"},
    {0x803B0014, L"This endpoint is already attached to the switch.\r\n"},
    {0x803B0015, L"The specified request is unsupported.\r\n"},
    {0x803B0016, L"Port mapping is not supported on the given network.\r\n"},
    {0x803B0017, L"There was an operation attempted on a degraded object.\r\n"},
    {0x803B0018, L"Cannot modify a switch shared by multiple networks.\r\n"},
    {0x803B0019, L"Failed to interpret a parameter as a GUID.\r\n"},
    {0x803B001A, L"Failed to process registry key.\r\n"},
    {0x803B001B, L"Invalid JSON document string.\r\n"},
    {0x803B001C, L"The reference is invalid in the JSON document. A Reference is required\r\n"},
    {0x803B001D, L"Endpoint sharing is disabled.\r\n"},
    {0x803B001E, L"IP address is either invalid or not part of any configured subnet(s).\r\n"},
    {0x803B001F, L"The specified switch extension does not exist on this switch.\r\n"},
    {0x803B0020, L"Operation cannot be performed while service is stopping.\r\n"},
    {0x803B0021, L"Operation cannot be performed while service module not found.\r\n"},
    {0x803B0022, L"Request Handlers not present to handle the JSON request.\r\n"},
    {0x803B0023, L"The specified request is unsupported.\r\n"},
    {0x803B0024, L"Add runtime keys to container failed.\r\n"},
    {0x803B0025, L"Timeout while waiting for network adapter with the given instance id.\r\n"},
    {0x803B0026, L"Network adapter not found for the given instance id.\r\n"},
    {0x803B0027, L"Network compartment not found for the given id.\r\n"},
    {0x803B0028, L"Network interface not found for the given id.\r\n"},
    {0x803B0029, L"Default Namespace already exists.\r\n"},
    {0x803B002A, L"Internet Connection Sharing service (SharedAccess) is disabled and cannot be started.\r\n"},
    {0x803B002B, L"This requested operation is invalid as endpoint is already part of a network namespace.\r\n"},
    {0x803B002C, L"The specified entity cannot be removed while it still has references.\r\n"},
    {0x803B002D, L"The internal port must exist and cannot be zero.\r\n"},
    {0x803B002E, L"The requested operation for attach namespace failed.\r\n"},
    {0x803B002F, L"An address provided is invalid or reserved.\r\n"},
    {0x803B0030, L"The prefix provided is invalid.\r\n"},
    {0x803B0031, L"A call was performed against an object that was torn down.\r\n"},
    {0x803B0032, L"The provided subnet configuration is invalid or missing parameters.\r\n"},
    {0x803B0033, L"The provided IP subnet configuration is invalid or missing parameters.\r\n"},
    {0x803B0034, L"The endpoint must be attached to complete the operation.\r\n"},
    {0x803B0035, L"The endpoint must be local to complete the operation.\r\n"},
    {0x803B0036, L"Cannot apply more than one InterfaceParameters policy.\r\n"},
    {0x803B0037, L"A network of this type can not be created because VFP is not available.\r\n"},
    {0xC037010E, L"A virtual machine or container with the specified identifier does not exist.\r\n"},
    {0xC0370105, L"The requested virtual machine or container operation is not valid in the current state.\r\n"},
};

typedef DWORD(WINAPI *format_message_function)(DWORD, LPCVOID, DWORD, DWORD, LPWSTR, DWORD, va_list *);

static format_message_function original;

static PCWSTR text_of(DWORD code)
{
    for (size_t i = 0; i < sizeof messages / sizeof *messages; i++)
        if (messages[i].code == code)
            return messages[i].text;
    return NULL;
}

static DWORD WINAPI format_message(DWORD flags, LPCVOID source, DWORD code, DWORD language, LPWSTR buffer,
                                   DWORD size, va_list *arguments)
{
    bool of_system = (flags & FORMAT_MESSAGE_FROM_SYSTEM) != 0 && (flags & FORMAT_MESSAGE_FROM_STRING) == 0;
    PCWSTR text = of_system ? text_of(code) : NULL;
    if (text == NULL)
        return original(flags, source, code, language, buffer, size, arguments);
    flags &= ~(DWORD)(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_FROM_HMODULE);
    flags |= FORMAT_MESSAGE_FROM_STRING | FORMAT_MESSAGE_IGNORE_INSERTS;
    return original(flags, text, 0, 0, buffer, size, arguments);
}

/* Return where kernel32 keeps the address of a function that it imports; NULL when it has none. */
static ULONG_PTR *import_of(char *module, const char *name)
{
    const IMAGE_DOS_HEADER *dos = (const IMAGE_DOS_HEADER *)module;
    const IMAGE_NT_HEADERS *headers = (const IMAGE_NT_HEADERS *)(module + dos->e_lfanew);
    DWORD imports = headers->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_IMPORT].VirtualAddress;
    if (imports == 0)
        return NULL;
    const IMAGE_IMPORT_DESCRIPTOR *from = (const IMAGE_IMPORT_DESCRIPTOR *)(module + imports);
    for (; from->Name != 0; from++) {
        if (from->OriginalFirstThunk == 0)
            continue;
        const IMAGE_THUNK_DATA *names = (const IMAGE_THUNK_DATA *)(module + from->OriginalFirstThunk);
        IMAGE_THUNK_DATA *addresses = (IMAGE_THUNK_DATA *)(module + from->FirstThunk);
        for (size_t i = 0; names[i].u1.AddressOfData != 0; i++) {
            if (IMAGE_SNAP_BY_ORDINAL(names[i].u1.Ordinal))
                continue;
            const char *hint_and_name = module + names[i].u1.AddressOfData;
            if (strcmp(hint_and_name + sizeof(WORD), name) == 0)
                return &addresses[i].u1.Function;
        }
    }
    return NULL;
}

static void install(HINSTANCE self)
{
    HMODULE kernel32 = GetModuleHandleW(L"kernel32.dll"), pinned;
    ULONG_PTR *place = kernel32 == NULL ? NULL : import_of((char *)kernel32, "FormatMessageW");
    DWORD before;
    /* A program that unloads the DLL would leave the pointer dangling: it stays. */
    if (place == NULL
        || !GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_PIN | GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS,
                               (PCWSTR)self, &pinned)
        || !VirtualProtect(place, sizeof *place, PAGE_READWRITE, &before))
        return;
    original = (format_message_function)*place;
    *place = (ULONG_PTR)format_message;
    VirtualProtect(place, sizeof *place, before, &before);
}

BOOL WINAPI DllMain(HINSTANCE self, DWORD reason, LPVOID reserved);

BOOL WINAPI DllMain(HINSTANCE self, DWORD reason, LPVOID reserved)
{
    (void)reserved;
    if (reason == DLL_PROCESS_ATTACH)
        install(self);
    return TRUE;
}
