/* getnameinfo.c - from addresses back to names. */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "libc/net/resolve.h"

static int put_host(const struct sockaddr_in *address, char *to, socklen_t size,
		    int flags)
{
	if (!(flags & NI_NUMERICHOST) &&
	    __hosts_name(address->sin_addr, to, size))
		return 0;
	if (flags & NI_NAMEREQD)
		return EAI_NONAME;
	return inet_ntop(AF_INET, &address->sin_addr, to, size) ?
	       0 : EAI_OVERFLOW;
}

static int put_service(const struct sockaddr_in *address, char *to,
		       socklen_t size, int flags)
{
	struct servent *service = NULL;
	int length;

	if (!(flags & NI_NUMERICSERV))
		service = getservbyport(address->sin_port,
					flags & NI_DGRAM ? "udp" : "tcp");
	length = service ? snprintf(to, size, "%s", service->s_name) :
		 snprintf(to, size, "%d", ntohs(address->sin_port));
	return length < (int)size ? 0 : EAI_OVERFLOW;
}

int getnameinfo(const struct sockaddr *address, socklen_t length, char *host,
		socklen_t host_size, char *service, socklen_t service_size,
		int flags)
{
	const struct sockaddr_in *in = (const struct sockaddr_in *)address;
	int error = 0;

	if (address->sa_family != AF_INET || length < sizeof(*in))
		return EAI_FAMILY;
	if (!host_size && !service_size)
		return EAI_NONAME;
	if (host && host_size)
		error = put_host(in, host, host_size, flags);
	if (!error && service && service_size)
		error = put_service(in, service, service_size, flags);
	return error;
}
