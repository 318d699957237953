/*
 * interface.h - ioctl(2) of a socket of the network: the interfaces.
 *
 * The argument is a struct ifconf for SIOCGIFCONF, and a struct ifreq with the
 * name of an interface otherwise.
 */
#pragma once

#include "kernel/abi/socket.h"

#define SIOCGIFCONF	0x8912	/* all interfaces with an address */
#define SIOCGIFFLAGS	0x8913
#define SIOCGIFADDR	0x8915
#define SIOCGIFBRDADDR	0x8919
#define SIOCGIFNETMASK	0x891b
#define SIOCGIFMTU	0x8921	/* bytes of the largest packet */
#define SIOCGIFINDEX	0x8933	/* as if_nametoindex(3) says */

#define IFF_UP		0x01
#define IFF_BROADCAST	0x02
#define IFF_LOOPBACK	0x08
#define IFF_RUNNING	0x40

#define IF_NAMESIZE	16
#define IFNAMSIZ	IF_NAMESIZE

struct ifreq {
	char ifr_name[IF_NAMESIZE];
	union {
		struct sockaddr ifr_addr;
		struct sockaddr ifr_broadaddr;
		struct sockaddr ifr_netmask;
		short ifr_flags;
		int ifr_ifindex;
		int ifr_mtu;
	};
};

struct ifconf {
	int ifc_len;		/* bytes of room; then of the answer */
	union {
		char *ifc_buf;	/* NULL: only ask for the bytes */
		struct ifreq *ifc_req;
	};
};
