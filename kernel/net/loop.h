/* loop.h - the loopback. All functions need [P], and no function sleeps. */
#pragma once

#include "kernel/lib/types.h"

struct netif;

/* Called once. packet_came() is called for each packet to take. */
struct netif *loop_begin(void (*packet_came)(void));
/* Let lwIP receive a packet. False: there is no packet. */
bool loop_take(void);
