/* netinet/tcp.h - TCP_NODELAY, an option at level IPPROTO_TCP. */
#pragma once

#include "kernel/abi/inet.h"
