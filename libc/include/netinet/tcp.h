/* netinet/tcp.h - TCP_NODELAY, TCP_MAXSEG: options at level IPPROTO_TCP. */
#pragma once

#include "kernel/abi/inet.h"
