/* vmcompute.dll: the layer store, as far as it makes folders. Nothing is mounted: a layer's mount path
   is its own folder. Only folders that were made here are ever deleted. */
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include <windows.h>

#include "wide.h"

/* Lies in every layer, and goes with it when its folder is renamed. */
static const WCHAR MARK[] = L"hnsemu-layer";

typedef void DRIVER_INFO; /* its folder is part of every id that hcsshim sends */

HRESULT WINAPI ActivateLayer(DRIVER_INFO *Info, PCWSTR Id);
HRESULT WINAPI DeactivateLayer(DRIVER_INFO *Info, PCWSTR Id);
HRESULT WINAPI PrepareLayer(DRIVER_INFO *Info, PCWSTR Id, void *Parents, DWORD Count);
HRESULT WINAPI UnprepareLayer(DRIVER_INFO *Info, PCWSTR Id);
HRESULT WINAPI CreateLayer(DRIVER_INFO *Info, PCWSTR Id, PCWSTR Parent);
HRESULT WINAPI CreateSandboxLayer(DRIVER_INFO *Info, PCWSTR Id, PCWSTR Parent, void *Parents, DWORD Count);
HRESULT WINAPI ExpandSandboxSize(DRIVER_INFO *Info, PCWSTR Id, ULONGLONG Size);
HRESULT WINAPI CopyLayer(DRIVER_INFO *Info, PCWSTR Id, PCWSTR Copy, void *Parents, DWORD Count);
HRESULT WINAPI ImportLayer(DRIVER_INFO *Info, PCWSTR Id, PCWSTR Path, void *Parents, DWORD Count);
HRESULT WINAPI ExportLayer(DRIVER_INFO *Info, PCWSTR Id, PCWSTR Path, void *Parents, DWORD Count);
HRESULT WINAPI DestroyLayer(DRIVER_INFO *Info, PCWSTR Id);
HRESULT WINAPI LayerExists(DRIVER_INFO *Info, PCWSTR Id, DWORD *Exists);
HRESULT WINAPI GetLayerMountPath(DRIVER_INFO *Info, PCWSTR Id, SIZE_T *Length, PWSTR Path);
HRESULT WINAPI GetBaseImages(PWSTR *Images);
HRESULT WINAPI NameToGuid(PCWSTR Name, GUID *Id);
HRESULT WINAPI ProcessBaseImage(PCWSTR Path);
HRESULT WINAPI ProcessUtilityImage(PCWSTR Path);
HRESULT WINAPI GrantVmAccess(PCWSTR Id, PCWSTR Path);

/* Return the path of a file in a folder, to be freed; NULL without memory. */
static PWSTR path_in(PCWSTR folder, PCWSTR name)
{
    size_t size = wcslen(folder) + wcslen(name) + 2;
    PWSTR path = malloc(size * sizeof *path);
    if (path != NULL)
        swprintf(path, size, L"%ls\\%ls", folder, name);
    return path;
}

static HRESULT last_error(void)
{
    return HRESULT_FROM_WIN32(GetLastError());
}

static HRESULT create_folder(PCWSTR path)
{
    return CreateDirectoryW(path, NULL) || GetLastError() == ERROR_ALREADY_EXISTS ? S_OK : last_error();
}

static HRESULT mark(PCWSTR layer)
{
    PWSTR path = path_in(layer, MARK);
    if (path == NULL)
        return E_OUTOFMEMORY;
    HANDLE file = CreateFileW(path, GENERIC_WRITE, FILE_SHARE_READ, NULL, OPEN_ALWAYS, FILE_ATTRIBUTE_HIDDEN, NULL);
    HRESULT result = file == INVALID_HANDLE_VALUE ? last_error() : S_OK;
    if (file != INVALID_HANDLE_VALUE)
        CloseHandle(file);
    free(path);
    return result;
}

/* Make a layer's folder, and the one for its files in it when nobody else fills it. */
static HRESULT create(PCWSTR layer, bool has_files)
{
    if (layer == NULL || *layer == L'\0')
        return E_INVALIDARG;
    HRESULT result = create_folder(layer);
    if (SUCCEEDED(result))
        result = mark(layer);
    if (SUCCEEDED(result) && has_files) {
        PWSTR files = path_in(layer, L"Files");
        result = files == NULL ? E_OUTOFMEMORY : create_folder(files);
        free(files);
    }
    return result;
}

static HRESULT require(PCWSTR layer)
{
    if (layer == NULL)
        return E_POINTER;
    return GetFileAttributesW(layer) == INVALID_FILE_ATTRIBUTES ? last_error() : S_OK;
}

HRESULT WINAPI ActivateLayer(DRIVER_INFO *Info, PCWSTR Id)
{
    (void)Info;
    return require(Id);
}

HRESULT WINAPI DeactivateLayer(DRIVER_INFO *Info, PCWSTR Id)
{
    (void)Info;
    return require(Id);
}

HRESULT WINAPI PrepareLayer(DRIVER_INFO *Info, PCWSTR Id, void *Parents, DWORD Count)
{
    (void)Info, (void)Parents, (void)Count;
    return require(Id);
}

HRESULT WINAPI UnprepareLayer(DRIVER_INFO *Info, PCWSTR Id)
{
    (void)Info;
    return require(Id);
}

HRESULT WINAPI CreateLayer(DRIVER_INFO *Info, PCWSTR Id, PCWSTR Parent)
{
    (void)Info, (void)Parent;
    return create(Id, false);
}

HRESULT WINAPI CreateSandboxLayer(DRIVER_INFO *Info, PCWSTR Id, PCWSTR Parent, void *Parents, DWORD Count)
{
    (void)Info, (void)Parent, (void)Parents, (void)Count;
    return create(Id, true);
}

HRESULT WINAPI ExpandSandboxSize(DRIVER_INFO *Info, PCWSTR Id, ULONGLONG Size)
{
    (void)Info, (void)Size;
    return require(Id);
}

HRESULT WINAPI CopyLayer(DRIVER_INFO *Info, PCWSTR Id, PCWSTR Copy, void *Parents, DWORD Count)
{
    (void)Info, (void)Parents, (void)Count;
    HRESULT result = require(Id);
    return FAILED(result) ? result : create(Copy, true);
}

HRESULT WINAPI ImportLayer(DRIVER_INFO *Info, PCWSTR Id, PCWSTR Path, void *Parents, DWORD Count)
{
    (void)Info, (void)Parents, (void)Count;
    HRESULT result = require(Path);
    return FAILED(result) ? result : create(Id, true);
}

HRESULT WINAPI ExportLayer(DRIVER_INFO *Info, PCWSTR Id, PCWSTR Path, void *Parents, DWORD Count)
{
    (void)Info, (void)Path, (void)Parents, (void)Count;
    return require(Id);
}

static HRESULT delete_folder(PCWSTR folder);

static HRESULT delete_entry(PCWSTR folder, const WIN32_FIND_DATAW *entry)
{
    PWSTR path = path_in(folder, entry->cFileName);
    if (path == NULL)
        return E_OUTOFMEMORY;
    bool is_folder = (entry->dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0;
    bool is_link = (entry->dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0;
    HRESULT result = is_folder && !is_link ? delete_folder(path)
                     : (is_folder ? RemoveDirectoryW(path) : DeleteFileW(path)) ? S_OK
                                                                                : last_error();
    free(path);
    return result;
}

static HRESULT delete_folder(PCWSTR folder)
{
    WIN32_FIND_DATAW entry;
    PWSTR pattern = path_in(folder, L"*");
    if (pattern == NULL)
        return E_OUTOFMEMORY;
    HANDLE search = FindFirstFileW(pattern, &entry);
    free(pattern);
    HRESULT result = S_OK;
    if (search != INVALID_HANDLE_VALUE) {
        do {
            if (wcscmp(entry.cFileName, L".") != 0 && wcscmp(entry.cFileName, L"..") != 0)
                result = delete_entry(folder, &entry);
        } while (SUCCEEDED(result) && FindNextFileW(search, &entry));
        FindClose(search);
    }
    if (SUCCEEDED(result) && !RemoveDirectoryW(folder))
        result = last_error();
    return result;
}

HRESULT WINAPI DestroyLayer(DRIVER_INFO *Info, PCWSTR Id)
{
    (void)Info;
    if (Id == NULL)
        return E_POINTER;
    if (GetFileAttributesW(Id) == INVALID_FILE_ATTRIBUTES)
        return S_OK;
    PWSTR path = path_in(Id, MARK);
    bool is_layer = path != NULL && GetFileAttributesW(path) != INVALID_FILE_ATTRIBUTES;
    free(path);
    return is_layer ? delete_folder(Id) : E_ACCESSDENIED;
}

HRESULT WINAPI LayerExists(DRIVER_INFO *Info, PCWSTR Id, DWORD *Exists)
{
    (void)Info;
    if (Id == NULL || Exists == NULL)
        return E_POINTER;
    *Exists = GetFileAttributesW(Id) != INVALID_FILE_ATTRIBUTES;
    return S_OK;
}

/* Write the path when there is room for it; always say how much room it needs. */
HRESULT WINAPI GetLayerMountPath(DRIVER_INFO *Info, PCWSTR Id, SIZE_T *Length, PWSTR Path)
{
    (void)Info;
    if (Id == NULL || Length == NULL)
        return E_POINTER;
    SIZE_T needed = wcslen(Id) + 1;
    if (Path != NULL && *Length >= needed)
        wmemcpy(Path, Id, needed);
    *Length = needed;
    return S_OK;
}

HRESULT WINAPI GetBaseImages(PWSTR *Images)
{
    static const char none[] = "{\"Images\":[]}";
    return Images == NULL ? E_POINTER : string_give(Images, none, sizeof none - 1);
}

/* Give every name a GUID of its own, always the same: FNV-1a over the name, twice with another start. */
HRESULT WINAPI NameToGuid(PCWSTR Name, GUID *Id)
{
    if (Name == NULL || Id == NULL)
        return E_POINTER;
    ULONGLONG halves[] = {0xCBF29CE484222325u, 0x84222325CBF29CE4u};
    for (; *Name != L'\0'; Name++)
        for (size_t i = 0; i < 2; i++)
            halves[i] = (halves[i] ^ *Name) * 0x100000001B3u;
    memcpy(Id, halves, sizeof *Id);
    return S_OK;
}

HRESULT WINAPI ProcessBaseImage(PCWSTR Path)
{
    return require(Path);
}

HRESULT WINAPI ProcessUtilityImage(PCWSTR Path)
{
    return require(Path);
}

HRESULT WINAPI GrantVmAccess(PCWSTR Id, PCWSTR Path)
{
    (void)Id;
    return require(Path);
}
