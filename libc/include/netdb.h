/*
 * netdb.h - names of machines and services. IEEE Std 1003.1-2017.
 *
 * A name is looked up as a numeric address, in /etc/hosts, and by DNS at the
 * servers in /etc/resolv.conf, or, without this file, at the server that DHCP
 * gave (/proc/net). Services: /etc/services.
 */
#pragma once

#include <netinet/in.h>

#define IPPORT_RESERVED	1024	/* ports below are for services */

struct addrinfo {
	int ai_flags;
	int ai_family;
	int ai_socktype;
	int ai_protocol;
	socklen_t ai_addrlen;
	struct sockaddr *ai_addr;
	char *ai_canonname;
	struct addrinfo *ai_next;
};

#define AI_PASSIVE	0x01	/* without a name: any address, to bind() */
#define AI_CANONNAME	0x02
#define AI_NUMERICHOST	0x04
#define AI_V4MAPPED	0x08	/* no effect */
#define AI_ALL		0x10	/* no effect */
#define AI_ADDRCONFIG	0x20	/* no effect */
#define AI_NUMERICSERV	0x400

#define NI_NUMERICHOST	0x01
#define NI_NUMERICSERV	0x02
#define NI_NOFQDN	0x04
#define NI_NAMEREQD	0x08
#define NI_DGRAM	0x10
#define NI_NUMERICSCOPE	0x100
#define NI_MAXHOST	1025
#define NI_MAXSERV	32

#define EAI_BADFLAGS	(-1)
#define EAI_NONAME	(-2)
#define EAI_AGAIN	(-3)
#define EAI_FAIL	(-4)
#define EAI_FAMILY	(-6)
#define EAI_SOCKTYPE	(-7)
#define EAI_SERVICE	(-8)
#define EAI_MEMORY	(-10)
#define EAI_SYSTEM	(-11)
#define EAI_OVERFLOW	(-12)

/* 0, or an EAI_ number. Blocks while DNS is asked, at most 6 seconds. */
int getaddrinfo(const char *host, const char *service,
		const struct addrinfo *hints, struct addrinfo **result);
void freeaddrinfo(struct addrinfo *list);
const char *gai_strerror(int error);
int getnameinfo(const struct sockaddr *address, socklen_t length, char *host,
		socklen_t host_size, char *service, socklen_t service_size,
		int flags);

struct hostent {
	char *h_name;
	char **h_aliases;
	int h_addrtype;
	int h_length;
	char **h_addr_list;
};
#define h_addr	h_addr_list[0]

#define HOST_NOT_FOUND	1
#define TRY_AGAIN	2
#define NO_RECOVERY	3
#define NO_DATA		4
extern int h_errno;

/* Older names of the same; the result stays until the next call. */
struct hostent *gethostbyname(const char *name);
/* The name of an address: of /etc/hosts alone. */
struct hostent *gethostbyaddr(const void *address, socklen_t length,
			      int family);
/* The lines of /etc/hosts, one after the other. */
void sethostent(int stay_open);
struct hostent *gethostent(void);
void endhostent(void);
/* The words of an h_errno. */
const char *hstrerror(int error);
void herror(const char *before);

struct servent {
	char *s_name;
	char **s_aliases;
	int s_port;		/* in the order of the network */
	char *s_proto;
};

struct servent *getservbyname(const char *name, const char *protocol);
struct servent *getservbyport(int port, const char *protocol);
/* The lines of /etc/services, one after the other. */
void setservent(int stay_open);
struct servent *getservent(void);
void endservent(void);

struct protoent {
	char *p_name;
	char **p_aliases;
	int p_proto;
};

struct protoent *getprotobyname(const char *name);
struct protoent *getprotobynumber(int number);
void setprotoent(int stay_open);
struct protoent *getprotoent(void);
void endprotoent(void);

/* Networks with names: there is none. */
struct netent {
	char *n_name;
	char **n_aliases;
	int n_addrtype;
	uint32_t n_net;
};

struct netent *getnetbyname(const char *name);
struct netent *getnetbyaddr(uint32_t network, int type);
void setnetent(int stay_open);
struct netent *getnetent(void);
void endnetent(void);
