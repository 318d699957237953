/*
 * init.c - the first process.
 *
 * The kernel makes this process. The only task starts in start_init(), in the
 * kernel, and enters user mode like any caller of execve(2).
 */
#include "kernel/sys/init.h"

#include "arch/arch.h"
#include "kernel/fs/fs.h"
#include "kernel/mm/account.h"
#include "kernel/obj/descriptor.h"
#include "kernel/sys/arguments.h"
#include "kernel/sys/exec.h"
#include "kernel/sys/fault.h"
#include "kernel/task/late_page.h"
#include "kernel/task/process.h"

static void start_init(void *path)
{
	static struct arguments arguments;
	int error;

	lock_stuff();
	fs_mount_disk();
	error = arguments_from_kernel(&arguments, path);
	if (!error)
		error = exec_program(path, &arguments);
	panic("cannot run %s: error %d (is it in the initrd?)",
	      (const char *)path, -error);
}

void init_start(const char *path)
{
	struct process *process = process_create(NULL, "init");

	if (!process)
		panic("no memory for the first process");
	account_payer = user_account;
	process_init = process;
	process_release_files = process_release;
	task_leaves_memory = thread_leaves_memory;
	late_page_wait = fault_wait_for_page;
	cpu_set_deferred(PENDING_GROUPS, groups_send);
	process->descriptors = descriptors_create();
	process->directory = node_object(node_root());
	if (!process->descriptors)
		panic("no memory for the first process");
	object_get(process->directory);
	arch_task_prepare(process_task(process), start_init, (void *)path);
	unblock_task(process_task(process));
}
