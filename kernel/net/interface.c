/*
 * interface.c - ioctl(2) of a socket of the network: names, addresses and flags
 * of the interfaces. The requests are those of 4.2BSD and Linux; POSIX has only
 * the names (if_nameindex()).
 */
#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/interface.h"
#include "kernel/lib/string.h"
#include "kernel/net/inet.h"

#include <lwip/netif.h>

static void put_name(const struct netif *netif, struct ifreq *request)
{
	memset(request->ifr_name, 0, sizeof(request->ifr_name));
	memcpy(request->ifr_name, netif->name, sizeof(netif->name));
}

/* NULL: there is no interface with this name. */
static const struct netif *find(const struct ifreq *wanted)
{
	const struct netif *netif;

	NETIF_FOREACH(netif)
		if (strncmp(wanted->ifr_name, netif->name,
			    sizeof(netif->name)) == 0 &&
		    wanted->ifr_name[sizeof(netif->name)] == '\0')
			return netif;
	return NULL;
}

static void put_address(uint32_t address, struct ifreq *request)
{
	struct sockaddr_in in = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = address,
	};

	memcpy(&request->ifr_addr, &in, sizeof(in));
}

/* 0, or -ENOTTY: no such request. */
static int answer(const struct netif *netif, uint32_t number,
		  struct ifreq *request)
{
	bool is_loop = ip4_addr_isloopback(netif_ip4_addr(netif));
	uint32_t address = ip4_addr_get_u32(netif_ip4_addr(netif));
	uint32_t mask = ip4_addr_get_u32(netif_ip4_netmask(netif));

	switch (number) {
	case SIOCGIFFLAGS:
		request->ifr_flags = IFF_UP | IFF_RUNNING |
				     (is_loop ? IFF_LOOPBACK : IFF_BROADCAST);
		return 0;
	case SIOCGIFADDR:
		put_address(address, request);
		return 0;
	case SIOCGIFBRDADDR:
		put_address(address | ~mask, request);
		return 0;
	case SIOCGIFNETMASK:
		put_address(mask, request);
		return 0;
	case SIOCGIFMTU:
		request->ifr_mtu = netif->mtu;
		return 0;
	case SIOCGIFINDEX:
		request->ifr_ifindex = is_loop ? 1 : 2;
		return 0;
	default:
		return -ENOTTY;
	}
}

/* As many whole entries as there is room for. */
static int list_all(uaddr_t at)
{
	struct ifreq request;
	struct ifconf list;
	const struct netif *netif;
	uint32_t bytes = 0, room;
	uaddr_t to;

	if (copy_from_user(&list, at, sizeof(list)) != 0)
		return -EFAULT;
	if (list.ifc_len < 0)
		return -EINVAL;
	to = (uintptr_t)list.ifc_buf;
	room = to ? (uint32_t)list.ifc_len : UINT32_MAX;
	NETIF_FOREACH(netif) {
		if (ip4_addr_isany(netif_ip4_addr(netif)) ||
		    room - bytes < sizeof(request))
			continue;
		memset(&request, 0, sizeof(request));
		put_name(netif, &request);
		put_address(ip4_addr_get_u32(netif_ip4_addr(netif)), &request);
		if (to && copy_to_user(to + bytes, &request,
				       sizeof(request)) != 0)
			return -EFAULT;
		bytes += sizeof(request);
	}
	list.ifc_len = bytes;
	return copy_to_user(at, &list, sizeof(list));
}

int inet_control(struct open_file *file, uint32_t number, uint32_t argument)
{
	const struct netif *netif;
	struct ifreq request;
	int error;

	(void)file;
	if (number == SIOCGIFCONF)
		return list_all(argument);
	if (number < SIOCGIFCONF || number > SIOCGIFINDEX)
		return -ENOTTY;
	if (copy_from_user(&request, argument, sizeof(request)) != 0)
		return -EFAULT;
	netif = find(&request);
	if (!netif)
		return -ENODEV;
	error = answer(netif, number, &request);
	return error ? error : copy_to_user(argument, &request,
					    sizeof(request));
}
