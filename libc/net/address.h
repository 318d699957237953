/* address.h - addresses as text, each in a file of its own. */
#pragma once

/* 1, or 0: the text is no address, and the bytes may have changed. */
int __ipv4_read(const char *text, unsigned char bytes[4]);
int __ipv6_read(const char *text, unsigned char bytes[16]);
/* At most INET_ADDRSTRLEN and INET6_ADDRSTRLEN bytes with the NUL. */
void __ipv4_write(const unsigned char bytes[4], char *text);
void __ipv6_write(const unsigned char bytes[16], char *text);
