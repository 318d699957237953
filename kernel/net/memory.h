/* memory.h - who pays for lwIP's memory. All functions need [P]. */
#pragma once

#include "kernel/mm/account.h"

struct pbuf;

/* Once, before lwIP begins. */
void net_memory_begin(void);
/* The payer of a socket takes over a packet for the socket. False: the payer is
 * over the limit, and nothing has changed. */
bool net_give(struct pbuf *packet, struct account *payer);
/* Bytes; *most is the limit of all users together. */
uint32_t net_memory_used(uint32_t *most);
