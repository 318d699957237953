/* none.c - a kernel without lwIP: no network. */
#include "kernel/net/net.h"

#include "kernel/fs/proc.h"

void net_init(void)
{
}

void net_wait(void)
{
}

void proc_net(struct proc_text *text)
{
	proc_puts(text, "this kernel was built without lwIP\n");
}
