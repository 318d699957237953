/* sys/sysinfo.h - the state of the machine, as Linux gives it. */
#pragma once

#define SI_LOAD_SHIFT	16		/* a load of 1 is 1 << 16 */

struct sysinfo {
	long uptime;			/* seconds */
	unsigned long loads[3];		/* over 1, 5 and 15 minutes */
	unsigned long totalram, freeram;	/* in units of mem_unit bytes */
	unsigned long sharedram, bufferram, totalswap, freeswap;	/* 0 */
	unsigned short procs;		/* tasks */
	unsigned long totalhigh, freehigh;	/* 0 */
	unsigned mem_unit;
};

int sysinfo(struct sysinfo *info);
/* Processors, and pages of memory, present and free. */
int get_nprocs(void);
int get_nprocs_conf(void);
long get_phys_pages(void);
long get_avphys_pages(void);
