/* sys/sysmacros.h - the number of a device: two parts (GNU). */
#pragma once

#define major(device)	((unsigned)((device) >> 8))
#define minor(device)	((unsigned)((device) & 0xff))
#define makedev(high, low)	((dev_t)((high) << 8 | (low)))
