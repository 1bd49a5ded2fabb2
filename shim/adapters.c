/* iphlpapi.dll: GetAdaptersAddresses shows the interfaces of the emulated host, in the compartment that the
   thread is in: what /host/adapters shows, and the loopback interface that every compartment has.

   HNSEMU_WINE_ADAPTERS=linux leaves it to Wine, for programs that listen on an address they find there. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <winsock2.h>
#include <ws2tcpip.h>

#include <windows.h>

#include <iphlpapi.h>

#include "compartments.h"
#include "json.h"
#include "room.h"
#include "service.h"
#include "text.h"

#define LOOPBACK_INDEX 1
#define LOOPBACK_NAME "{00000000-0000-0000-0000-000000000001}" /* another on each Windows machine */
#define WIRELESS 71           /* IF_TYPE_IEEE80211 */
#define ETHERNET_MTU 1500
#define LINK_SPEED 10000000000ull /* of a Hyper-V adapter [I] */
#define METRIC 25             /* as Windows gives an interface of that speed [I] */
#define MAC_LENGTH 6
#define LONGEST_ADDRESS 64

ULONG WINAPI get_adapters_addresses(ULONG family, ULONG flags, void *reserved, IP_ADAPTER_ADDRESSES *addresses,
                                    ULONG *size);

typedef ULONG(WINAPI *adapters_function)(ULONG, ULONG, void *, IP_ADAPTER_ADDRESSES *, ULONG *);

/* What the caller asked for, and where the answer goes. */
struct listing {
    ULONG family;
    ULONG flags;
    NET_IF_COMPARTMENT_ID compartment;
    struct room room;
    IP_ADAPTER_ADDRESSES **last; /* where the next adapter is linked */
};

static bool wants(const struct listing *listing, int family)
{
    return listing->family == AF_UNSPEC || listing->family == (ULONG)family;
}

/* Read an address of a family the caller wants into `at`; return false for "" and for other families. */
static bool read_address(struct listing *listing, SOCKET_ADDRESS *at, const char *text)
{
    int family = strchr(text, ':') != NULL ? AF_INET6 : AF_INET;
    struct sockaddr_storage read = {.ss_family = (short)family};
    void *bytes = family == AF_INET6 ? (void *)&((struct sockaddr_in6 *)&read)->sin6_addr
                                     : (void *)&((struct sockaddr_in *)&read)->sin_addr;
    if (!wants(listing, family) || inet_pton(family, text, bytes) != 1)
        return false;
    size_t length = family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
    at->iSockaddrLength = (int)length;
    at->lpSockaddr = room_take(&listing->room, length);
    memcpy(at->lpSockaddr, &read, length);
    return true;
}

/* Clear the bits of an address behind its prefix. */
static void cut_to_prefix(SOCKET_ADDRESS *address, ULONG length)
{
    bool is_ipv6 = address->lpSockaddr->sa_family == AF_INET6;
    unsigned char *bytes = is_ipv6 ? ((struct sockaddr_in6 *)address->lpSockaddr)->sin6_addr.s6_addr
                                   : (unsigned char *)&((struct sockaddr_in *)address->lpSockaddr)->sin_addr;
    ULONG bits = is_ipv6 ? 128 : 32;
    for (ULONG bit = length; bit < bits; bit++)
        bytes[bit / 8] &= (unsigned char)~(0x80u >> bit % 8);
}

static void add_prefix(struct listing *listing, IP_ADAPTER_ADDRESSES *adapter, const char *text, ULONG length)
{
    SOCKET_ADDRESS address;
    if (!(listing->flags & GAA_FLAG_INCLUDE_PREFIX) || !read_address(listing, &address, text))
        return;
    cut_to_prefix(&address, length);
    IP_ADAPTER_PREFIX *prefix = room_take(&listing->room, sizeof *prefix);
    prefix->Length = sizeof *prefix;
    prefix->Address = address;
    prefix->PrefixLength = length;
    prefix->Next = adapter->FirstPrefix;
    adapter->FirstPrefix = prefix;
}

static void add_unicast(struct listing *listing, IP_ADAPTER_ADDRESSES *adapter, const char *text, ULONG prefix_length)
{
    SOCKET_ADDRESS address;
    add_prefix(listing, adapter, text, prefix_length);
    if ((listing->flags & GAA_FLAG_SKIP_UNICAST) || !read_address(listing, &address, text))
        return;
    IP_ADAPTER_UNICAST_ADDRESS *unicast = room_take(&listing->room, sizeof *unicast);
    unicast->Length = sizeof *unicast;
    unicast->Flags = IP_ADAPTER_ADDRESS_DNS_ELIGIBLE;
    unicast->Address = address;
    unicast->PrefixOrigin = IpPrefixOriginManual;
    unicast->SuffixOrigin = IpSuffixOriginManual;
    unicast->DadState = IpDadStatePreferred;
    unicast->ValidLifetime = unicast->PreferredLifetime = unicast->LeaseLifetime = INFINITE;
    unicast->OnLinkPrefixLength = (UINT8)prefix_length;
    unicast->Next = adapter->FirstUnicastAddress;
    adapter->FirstUnicastAddress = unicast;
}

static void add_gateway(struct listing *listing, IP_ADAPTER_ADDRESSES *adapter, const char *text)
{
    SOCKET_ADDRESS address;
    if (!(listing->flags & GAA_FLAG_INCLUDE_GATEWAYS) || !read_address(listing, &address, text))
        return;
    IP_ADAPTER_GATEWAY_ADDRESS *gateway = room_take(&listing->room, sizeof *gateway);
    gateway->Length = sizeof *gateway;
    gateway->Address = address;
    gateway->Next = adapter->FirstGatewayAddress;
    adapter->FirstGatewayAddress = gateway;
}

/* Copy the plain text of a JSON string; "" for what is longer than an address. */
static const char *address_of(char out[LONGEST_ADDRESS], struct json value)
{
    struct json text = json_plain_string(value);
    size_t length = text.length < LONGEST_ADDRESS ? text.length : 0;
    memcpy(out, length == 0 ? "" : text.start, length);
    out[length] = '\0';
    return out;
}

static void add_dns_servers(struct listing *listing, IP_ADAPTER_ADDRESSES *adapter, struct json servers)
{
    char text[LONGEST_ADDRESS];
    IP_ADAPTER_DNS_SERVER_ADDRESS **last = &adapter->FirstDnsServerAddress;
    struct json server = {NULL, 0};
    while (!(listing->flags & GAA_FLAG_SKIP_DNS_SERVER) && json_next(servers, &server)) {
        SOCKET_ADDRESS address;
        if (!read_address(listing, &address, address_of(text, server)))
            continue;
        IP_ADAPTER_DNS_SERVER_ADDRESS *found = room_take(&listing->room, sizeof *found);
        found->Length = sizeof *found;
        found->Address = address;
        *last = found;
        last = &found->Next;
    }
}

static ULONG number_of(struct json object, const char *name)
{
    uint64_t number = 0;
    json_number(json_member(object, name), &number);
    return (ULONG)number;
}

/* Link another adapter into the list, with what all of them have. */
static IP_ADAPTER_ADDRESSES *add_adapter(struct listing *listing, ULONG index, USHORT type)
{
    IP_ADAPTER_ADDRESSES *adapter = room_take(&listing->room, sizeof *adapter);
    adapter->Length = sizeof *adapter;
    adapter->IfIndex = adapter->Ipv6IfIndex = index;
    adapter->IfType = type;
    adapter->OperStatus = IfOperStatusUp;
    adapter->Ipv4Enabled = adapter->Ipv6Enabled = 1;
    adapter->Luid.Info.NetLuidIndex = index & 0xFFFFFF;
    adapter->Luid.Info.IfType = type;
    adapter->Ipv4Metric = adapter->Ipv6Metric = METRIC;
    adapter->CompartmentId = listing->compartment;
    adapter->ConnectionType = NET_IF_CONNECTION_DEDICATED;
    adapter->TransmitLinkSpeed = adapter->ReceiveLinkSpeed = LINK_SPEED;
    adapter->Mtu = ETHERNET_MTU;
    *listing->last = adapter;
    listing->last = &adapter->Next;
    return adapter;
}

static PWCHAR text_at(struct listing *listing, const char *text, size_t length)
{
    return (PWCHAR)room_text(&listing->room, text, length);
}

static void add_loopback(struct listing *listing)
{
    IP_ADAPTER_ADDRESSES *adapter = add_adapter(listing, LOOPBACK_INDEX, IF_TYPE_SOFTWARE_LOOPBACK);
    adapter->AdapterName = room_bytes(&listing->room, LOOPBACK_NAME, strlen(LOOPBACK_NAME));
    adapter->Description = text_at(listing, "Software Loopback Interface 1", strlen("Software Loopback Interface 1"));
    adapter->FriendlyName = text_at(listing, "Loopback Pseudo-Interface 1", strlen("Loopback Pseudo-Interface 1"));
    adapter->DnsSuffix = text_at(listing, "", strlen(""));
    adapter->Mtu = MAXDWORD;
    add_unicast(listing, adapter, "127.0.0.1", 8);
    add_unicast(listing, adapter, "::1", 128);
}

static PWCHAR text_member(struct listing *listing, struct json object, const char *name)
{
    struct buffer text = BUFFER_EMPTY;
    json_text(json_member(object, name), &text);
    PWCHAR copied = text_at(listing, text.length == 0 ? "" : text.bytes, text.length);
    buffer_free(&text);
    return copied;
}

static void set_mac(IP_ADAPTER_ADDRESSES *adapter, const char *text)
{
    for (int i = 0; i < MAC_LENGTH && *text != '\0'; i++) {
        char *end;
        adapter->PhysicalAddress[i] = (BYTE)strtoul(text, &end, 16);
        text = *end == '\0' ? end : end + 1;
        adapter->PhysicalAddressLength = (ULONG)i + 1;
    }
}

/* An adapter under a virtual switch has no TCP/IP of its own, and Windows leaves it out. */
static bool is_bound_away(struct json shown)
{
    struct json is_virtual = json_member(shown, "Virtual");
    return json_plain_string(json_member(shown, "VSwitch")).length != 0 && is_virtual.length == strlen("false") &&
           json_plain_string(json_member(shown, "IPv4Address")).length == 0;
}

static void add_shown(struct listing *listing, struct json shown)
{
    char text[LONGEST_ADDRESS];
    struct json guid = json_plain_string(json_member(shown, "InterfaceGuid"));
    struct json medium = json_plain_string(json_member(shown, "MediaType"));
    bool is_wireless = medium.length == strlen("Native 802.11");
    if (is_bound_away(shown) && !(listing->flags & GAA_FLAG_INCLUDE_ALL_INTERFACES))
        return;
    IP_ADAPTER_ADDRESSES *adapter =
        add_adapter(listing, number_of(shown, "InterfaceIndex"), is_wireless ? WIRELESS : IF_TYPE_ETHERNET_CSMACD);
    adapter->AdapterName = room_bytes(&listing->room, guid.length == 0 ? "" : guid.start, guid.length);
    adapter->Description = text_member(listing, shown, "InterfaceDescription");
    adapter->DnsSuffix = text_member(listing, shown, "DnsSuffix");
    if (!(listing->flags & GAA_FLAG_SKIP_FRIENDLY_NAME))
        adapter->FriendlyName = text_member(listing, shown, "Name");
    set_mac(adapter, address_of(text, json_member(shown, "MacAddress")));
    add_unicast(listing, adapter, address_of(text, json_member(shown, "IPv6Address")),
                number_of(shown, "IPv6PrefixLength"));
    add_unicast(listing, adapter, address_of(text, json_member(shown, "IPv4Address")), number_of(shown, "PrefixLength"));
    add_gateway(listing, adapter, address_of(text, json_member(shown, "IPv6DefaultGateway")));
    add_gateway(listing, adapter, address_of(text, json_member(shown, "IPv4DefaultGateway")));
    add_dns_servers(listing, adapter, json_member(shown, "DnsServers"));
}

static bool is_left_to_wine(void)
{
    WCHAR value[8];
    DWORD length = GetEnvironmentVariableW(L"HNSEMU_WINE_ADAPTERS", value, 8);
    return length > 0 && length < 8 && _wcsicmp(value, L"linux") == 0;
}

static ULONG ask_wine(ULONG family, ULONG flags, void *reserved, IP_ADAPTER_ADDRESSES *addresses, ULONG *size)
{
    HMODULE wine = LoadLibraryW(L"wineiphlpapi.dll");
    adapters_function own = wine == NULL ? NULL : (adapters_function)(void *)GetProcAddress(wine, "GetAdaptersAddresses");
    return own == NULL ? ERROR_NOT_SUPPORTED : own(family, flags, reserved, addresses, size);
}

/* Exported as GetAdaptersAddresses. Without an answer of the service: what the RPC of a service that is not
   there gives, as its own calls do. */
ULONG WINAPI get_adapters_addresses(ULONG family, ULONG flags, void *reserved, IP_ADAPTER_ADDRESSES *addresses,
                                    ULONG *size)
{
    if (is_left_to_wine())
        return ask_wine(family, flags, reserved, addresses, size);
    if (size == NULL || reserved != NULL || (family != AF_UNSPEC && family != AF_INET && family != AF_INET6))
        return ERROR_INVALID_PARAMETER;
    NET_IF_COMPARTMENT_ID compartment = GetCurrentThreadCompartmentId();
    struct buffer path = BUFFER_EMPTY;
    buffer_append_text(&path, "/host/adapters?compartment=");
    buffer_append_number(&path, compartment);
    if (path.failed)
        return ERROR_NOT_ENOUGH_MEMORY;
    struct reply reply = service_call("GET", path.bytes, NULL);
    buffer_free(&path);
    if (FAILED(reply.result)) {
        buffer_free(&reply.body);
        return (ULONG)HRESULT_CODE(reply.result);
    }
    IP_ADAPTER_ADDRESSES *first = NULL;
    struct listing listing = {.family = family, .flags = flags, .compartment = compartment,
                              .room = {.base = (char *)addresses, .size = addresses == NULL ? 0 : *size},
                              .last = &first};
    struct json list = json_read(reply.body.bytes, reply.body.length), shown = {NULL, 0};
    while (json_next(list, &shown))
        add_shown(&listing, shown);
    add_loopback(&listing);
    buffer_free(&reply.body);
    *size = (ULONG)listing.room.used;
    return room_is_enough(&listing.room) ? NO_ERROR : ERROR_BUFFER_OVERFLOW;
}
