#include "url.h"

#include <ctype.h>
#include <string.h>

#define SCHEME "http://"
#define DEFAULT_PORT 80

/* Read what follows the host: nothing or a colon and a port. */
static bool read_port(unsigned short *port, const char *text, size_t length)
{
    unsigned value = 0;
    if (length == 0) {
        *port = DEFAULT_PORT;
        return true;
    }
    if (*text != ':' || length < 2 || length > 6)
        return false;
    for (size_t i = 1; i < length; i++) {
        if (!isdigit((unsigned char)text[i]))
            return false;
        value = value * 10 + (unsigned)(text[i] - '0');
    }
    *port = (unsigned short)value;
    return value > 0 && value <= 0xFFFF;
}

bool url_read(struct url *url, const char *text)
{
    if (strncmp(text, SCHEME, strlen(SCHEME)) != 0)
        return false;
    url->authority = text + strlen(SCHEME);
    url->authority_length = strcspn(url->authority, "/?#");
    url->path = url->authority + url->authority_length;
    url->path_length = strlen(url->path);
    while (url->path_length > 0 && url->path[url->path_length - 1] == '/')
        url->path_length--;
    if (strpbrk(url->path, "?# \r\n") != NULL)
        return false;

    url->host = url->authority;
    url->host_length = strcspn(url->host, ":/?#");
    const char *port = url->host + url->host_length;
    if (*url->host == '[') {
        const char *closing = memchr(url->host, ']', url->authority_length);
        if (closing == NULL)
            return false;
        url->host++;
        url->host_length = (size_t)(closing - url->host);
        port = closing + 1;
    }
    size_t port_length = url->authority_length - (size_t)(port - url->authority);
    return url->host_length > 0 && read_port(&url->port, port, port_length);
}
