/* Where the service is: http://HOST[:PORT][/PATH], as HNSEMU_URL says. */
#ifndef SHIM_URL_H
#define SHIM_URL_H

#include <stdbool.h>
#include <stddef.h>

#include "buffer.h"

#define URL_DEFAULT "http://127.0.0.1:8420"

/* Texts are slices of the URL; `host` of an IPv6 address comes without brackets. */
struct url {
    const char *host;
    size_t host_length;
    const char *authority; /* host and port as the Host header names them */
    size_t authority_length;
    unsigned short port;
    const char *path; /* "" or "/hosts/NAME", without a slash at the end */
    size_t path_length;
};

/* Read a URL; false for anything that is not plain HTTP. */
bool url_read(struct url *url, const char *text);

#endif
