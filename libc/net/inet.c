/* inet.c - the order of bytes, and addresses as text. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

int inet_pton(int family, const char *text, void *address)
{
	unsigned char bytes[4];

	if (family != AF_INET) {
		errno = EAFNOSUPPORT;
		return -1;
	}
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
	memcpy(address, bytes, sizeof(bytes));
	return 1;
}

const char *inet_ntop(int family, const void *address, char *text,
		      socklen_t size)
{
	const unsigned char *byte = address;
	char whole[INET_ADDRSTRLEN];
	int length;

	if (family != AF_INET) {
		errno = EAFNOSUPPORT;
		return NULL;
	}
	length = snprintf(whole, sizeof(whole), "%d.%d.%d.%d", byte[0],
			  byte[1], byte[2], byte[3]);
	if (length >= size) {
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
