/*
 * inet_interface.c - what a program learns of the machine's network: ioctl() of
 * a socket, TCP_MAXSEG, and the older functions for names. Parley and Linux.
 */
#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <sys/ioctl.h>

#include "tests/user/inet.h"

static struct sockaddr_in in_of(const struct sockaddr *address)
{
	struct sockaddr_in in;

	memcpy(&in, address, sizeof(in));
	return in;
}

static int is_loopback(const struct sockaddr *address)
{
	struct sockaddr_in in = in_of(address);

	return in.sin_family == AF_INET &&
	       in.sin_addr.s_addr == htonl(INADDR_LOOPBACK);
}

CASE(list_of_interfaces_has_the_loopback)
{
	struct ifreq found[16];
	struct ifconf list = { .ifc_len = sizeof(found), .ifc_req = found };
	int fd = socket(AF_INET, SOCK_DGRAM, 0), count = 0;

	require(ioctl(fd, SIOCGIFCONF, &list) == 0);
	expect(list.ifc_len > 0 && list.ifc_len % sizeof(found[0]) == 0);
	for (int i = 0; i < list.ifc_len / (int)sizeof(found[0]); i++)
		count += strcmp(found[i].ifr_name, "lo") == 0 &&
			 is_loopback(&found[i].ifr_addr);
	expect(count == 1);
	close(fd);
}

CASE(list_is_longer_than_its_room)
{
	struct ifreq found[2] = { { .ifr_name = "none" },
				  { .ifr_name = "kept" } };
	struct ifconf list = { .ifc_len = sizeof(found[0]) - 1,
			       .ifc_req = found };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	expect(ioctl(fd, SIOCGIFCONF, &list) == 0);
	expect(list.ifc_len == 0 && strcmp(found[0].ifr_name, "none") == 0);
	list.ifc_len = sizeof(found[0]) + 1;
	expect(ioctl(fd, SIOCGIFCONF, &list) == 0);
	expect(list.ifc_len == sizeof(found[0]));
	expect(strcmp(found[1].ifr_name, "kept") == 0);
	list.ifc_req = NULL;
	list.ifc_len = 0;
	expect(ioctl(fd, SIOCGIFCONF, &list) == 0);
	expect(list.ifc_len >= (int)sizeof(found[0]));
	close(fd);
}

CASE(loopback_has_other_numbers)
{
	struct ifreq request = { .ifr_name = "lo" };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	expect(ioctl(fd, SIOCGIFADDR, &request) == 0);
	expect(is_loopback(&request.ifr_addr));
	expect(ioctl(fd, SIOCGIFNETMASK, &request) == 0);
	expect(in_of(&request.ifr_netmask).sin_addr.s_addr ==
	       htonl(0xff000000));
	expect(ioctl(fd, SIOCGIFFLAGS, &request) == 0);
	expect((request.ifr_flags & (IFF_UP | IFF_LOOPBACK | IFF_BROADCAST)) ==
	       (IFF_UP | IFF_LOOPBACK));
	expect(ioctl(fd, SIOCGIFMTU, &request) == 0);
	expect(request.ifr_mtu > 1500);
	expect(ioctl(fd, SIOCGIFINDEX, &request) == 0);
	expect(request.ifr_ifindex == (int)if_nametoindex("lo"));
	close(fd);
}

CASE(wrong_request_is_answered)
{
	struct ifreq request = { .ifr_name = "lo0" };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	expect_error(ioctl(fd, SIOCGIFADDR, &request), ENODEV);
	strcpy(request.ifr_name, "lo");
	expect_error(ioctl(fd, SIOCGIFCONF + 0x100, &request), ENOTTY);
	expect_error(ioctl(fd, SIOCGIFADDR, (void *)64), EFAULT);
	expect_error(ioctl(fd, SIOCGIFCONF, (void *)64), EFAULT);
	close(fd);
}

CASE(segment_of_a_connection_is_longer_than_the_packet)
{
	int ends[2], bytes = 0, fd = socket(AF_INET, SOCK_STREAM, 0);
	socklen_t length = sizeof(bytes);

	expect(getsockopt(fd, IPPROTO_TCP, TCP_MAXSEG, &bytes, &length) == 0);
	expect(bytes == 536);
	open_connection(ends);
	expect(getsockopt(ends[0], IPPROTO_TCP, TCP_MAXSEG, &bytes,
			  &length) == 0);
	expect(bytes > 536 && bytes < 65536);
	close(fd);
	close(ends[0]);
	close(ends[1]);
}

CASE(address_has_no_name)
{
	struct in_addr address = { htonl(INADDR_LOOPBACK) };
	struct hostent *found;

	found = gethostbyaddr(&address, sizeof(address), AF_INET);
	require(found);
	expect(strcmp(found->h_name, "localhost") == 0);
	expect(found->h_addrtype == AF_INET && found->h_length == 4);
	expect(memcmp(found->h_addr, &address, 4) == 0);
	expect(!found->h_addr_list[1]);
	expect(!gethostbyaddr(&address, 3, AF_INET));
}

CASE(errors_of_names_have_no_words)
{
	for (int error = HOST_NOT_FOUND; error <= NO_DATA; error++)
		expect(strlen(hstrerror(error)) > 4);
	expect(strcmp(hstrerror(HOST_NOT_FOUND), hstrerror(TRY_AGAIN)) != 0);
	expect(strlen(hstrerror(99)) > 4);
}

CASE(loopback_is_an_interface_with_an_address)
{
	struct ifaddrs *list, *at;
	const struct sockaddr_in *address;
	int found = 0;

	require(getifaddrs(&list) == 0);
	for (at = list; at; at = at->ifa_next) {
		address = (const struct sockaddr_in *)at->ifa_addr;
		if (!address || address->sin_family != AF_INET ||
		    !(at->ifa_flags & IFF_LOOPBACK))
			continue;
		found += address->sin_addr.s_addr == htonl(INADDR_LOOPBACK);
		address = (const struct sockaddr_in *)at->ifa_netmask;
		expect(address && address->sin_addr.s_addr ==
		       htonl(0xff000000));
		expect(if_nametoindex(at->ifa_name) > 0);
	}
	expect(found == 1);
	freeifaddrs(list);
}

int main(int argc, char **argv)
{
	return run_inet_cases(argc, argv);
}
