/* sysinfo.c - the state of the machine, by the names of Linux. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/sysinfo.h>
#include <time.h>
#include <unistd.h>

int get_nprocs(void)
{
	return (int)sysconf(_SC_NPROCESSORS_ONLN);
}

int get_nprocs_conf(void)
{
	return (int)sysconf(_SC_NPROCESSORS_CONF);
}

long get_phys_pages(void)
{
	return sysconf(_SC_PHYS_PAGES);
}

long get_avphys_pages(void)
{
	return sysconf(_SC_AVPHYS_PAGES);
}

/* /proc/loadavg: three loads, running/all tasks. */
static unsigned short count_tasks(void)
{
	FILE *file = fopen("/proc/loadavg", "re");
	unsigned short tasks = 0;

	if (!file)
		return 0;
	if (fscanf(file, "%*s %*s %*s %*d/%hu", &tasks) != 1)
		tasks = 0;
	fclose(file);
	return tasks;
}

int sysinfo(struct sysinfo *info)
{
	struct timespec now;
	double loads[3];

	clock_gettime(CLOCK_MONOTONIC, &now);
	*info = (struct sysinfo){
		.uptime = (long)now.tv_sec,
		.totalram = (unsigned long)get_phys_pages(),
		.freeram = (unsigned long)get_avphys_pages(),
		.procs = count_tasks(),
		.mem_unit = PAGE_SIZE,
	};
	if (getloadavg(loads, 3) == 3)
		for (int i = 0; i < 3; i++)
			info->loads[i] = (unsigned long)
				(loads[i] * (1 << SI_LOAD_SHIFT));
	return 0;
}
