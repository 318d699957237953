/*
 * net.h - the network of this machine: the loopback, and the card if any.
 *
 * The protocols are lwIP's. Every function of lwIP needs [P], as does every
 * function here.
 */
#pragma once

#include "kernel/lib/types.h"

/* At boot: find the card, and take its address from the command line (ip=) or
 * by DHCP. Without a card nothing happens until net_begin(). */
void net_init(void);
/* A program wants a socket: let the protocols begin. 0, or -ENOMEM. */
int net_begin(void);
/* At boot: wait until DHCP has an address for the card, 3 s at most. */
void net_wait(void);
/* inet.c: let socket(2) know AF_INET. */
void inet_init(void);
