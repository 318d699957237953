/* linux/if_link.h - interfaces. getifaddrs() counts no packets of them. */
#pragma once

#include <net/if.h>
