/* sysconf.h - the names that sysconf(2) knows. */
#pragma once

#define _SC_ARG_MAX		0
#define _SC_CHILD_MAX		1
#define _SC_CLK_TCK		2	/* of times(): 100 a second */
#define _SC_OPEN_MAX		4
#define _SC_MQ_OPEN_MAX		27
#define _SC_MQ_PRIO_MAX		28
#define _SC_PAGESIZE		30
#define _SC_PAGE_SIZE		_SC_PAGESIZE
#define _SC_SEM_NSEMS_MAX	32
#define _SC_SEM_VALUE_MAX	33
#define _SC_IOV_MAX		60
#define _SC_NPROCESSORS_CONF	83
#define _SC_NPROCESSORS_ONLN	84
#define _SC_PHYS_PAGES		85	/* frames of the machine */
#define _SC_AVPHYS_PAGES	86	/* of them free */
#define _SC_HOST_NAME_MAX	180
