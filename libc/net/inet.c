/* inet.c - the order of bytes, and addresses as text. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libc/net/address.h"

uint32_t htonl(uint32_t value)
{
	return __builtin_bswap32(value);
}

uint16_t htons(uint16_t value)
{
	return __builtin_bswap16(value);
}

uint32_t ntohl(uint32_t value)
{
	return htonl(value);
}

uint16_t ntohs(uint16_t value)
{
	return htons(value);
}

/* The last number fills the bytes that are left: "127.1" is 127.0.0.1. */
int inet_aton(const char *text, struct in_addr *address)
{
	uint32_t value = 0;
	char *end;

	for (int i = 0; i < 4; i++) {
		unsigned long part;
		uint32_t most = 0xffffffffu >> 8 * i;

		if (*text < '0' || *text > '9')
			return 0;
		errno = 0;
		part = strtoul(text, &end, 0);
		if (errno || part > most)
			return 0;
		if (*end != '.') {
			address->s_addr = htonl(value | part);
			return *end == '\0' || strchr(" \t\n", *end);
		}
		if (part > 255)
			return 0;
		value |= part << (24 - 8 * i);
		text = end + 1;
	}
	return 0;
}

in_addr_t inet_addr(const char *text)
{
	struct in_addr address;

	return inet_aton(text, &address) ? address.s_addr : INADDR_NONE;
}

/* Four numbers up to 255, without zeros in front. */
int __ipv4_read(const char *text, unsigned char bytes[4])
{
	for (int i = 0; i < 4; i++) {
		int digits = 0, value = 0;

		while (digits < 3 && *text >= '0' && *text <= '9') {
			if (digits > 0 && value == 0)
				return 0;
			value = value * 10 + *text++ - '0';
			digits++;
		}
		if (digits == 0 || value > 255 || *text != (i < 3 ? '.' : '\0'))
			return 0;
		bytes[i] = value;
		text++;
	}
	return 1;
}

void __ipv4_write(const unsigned char bytes[4], char *text)
{
	sprintf(text, "%d.%d.%d.%d", bytes[0], bytes[1], bytes[2], bytes[3]);
}

int inet_pton(int family, const char *text, void *address)
{
	unsigned char bytes[16];
	int is_valid;

	if (family != AF_INET && family != AF_INET6) {
		errno = EAFNOSUPPORT;
		return -1;
	}
	is_valid = family == AF_INET ? __ipv4_read(text, bytes)
		: __ipv6_read(text, bytes);
	if (is_valid)
		memcpy(address, bytes, family == AF_INET ? 4 : 16);
	return is_valid;
}

const char *inet_ntop(int family, const void *address, char *text,
		      socklen_t size)
{
	char whole[INET6_ADDRSTRLEN];

	if (family == AF_INET) {
		__ipv4_write(address, whole);
	} else if (family == AF_INET6) {
		__ipv6_write(address, whole);
	} else {
		errno = EAFNOSUPPORT;
		return NULL;
	}
	if (strlen(whole) >= size) {
		errno = ENOSPC;
		return NULL;
	}
	return strcpy(text, whole);
}

char *inet_ntoa(struct in_addr address)
{
	static char text[INET_ADDRSTRLEN];

	inet_ntop(AF_INET, &address, text, sizeof(text));
	return text;
}
