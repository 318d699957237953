/*
 * main.c - kmain(): the kernel's table of contents.
 */
#include "arch/arch.h"
#include "kernel/abi/system.h"
#include "kernel/command_line.h"
#include "kernel/dev/host.h"
#include "kernel/dev/null.h"
#include "kernel/dev/random.h"
#include "kernel/dev/fd.h"
#include "kernel/dev/pty.h"
#include "kernel/dev/tty.h"
#include "kernel/fs/cache.h"
#include "kernel/fs/ext/ext.h"
#include "kernel/fs/fs.h"
#include "kernel/lib/hash.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"
#include "kernel/ipc/socket.h"
#include "kernel/mm/frame.h"
#include "kernel/net/net.h"
#include "kernel/obj/object.h"
#include "kernel/sys/hang.h"
#include "kernel/sys/system.h"
#include "kernel/sys/init.h"
#include "kernel/task/load.h"
#include "kernel/task/share.h"
#include "kernel/task/task.h"
#include "kernel/task/trace.h"
#include "kernel/test.h"

void kmain(void);

/* In a test build: run the tests named by test=, and end. */
__attribute__((weak)) void kernel_tests_run(const char *names)
{
	panic("test=%s: this kernel was built without tests", names);
}

static void log_init(void)
{
	char where[8] = "console";

	command_line_get("log=", where, sizeof(where));
	if (!strcmp(where, "com2"))
		printk_set_sink(arch_log_write);
	else if (strcmp(where, "none") != 0)
		printk_set_sink(tty_write_log);
}

/* Does the command line say this? */
static bool is_said(const char *keyword, const char *value)
{
	char words[8] = "";

	command_line_get(keyword, words, sizeof(words));
	return strcmp(words, value) == 0;
}

static void trace_init(void)
{
	char words[64] = "";

	command_line_get("trace=", words, sizeof(words));
	trace_tell_more = objects_trace;
	trace_choose(words);
}

static void console_init(void)
{
	tty_init();
	if (is_said("terminal=", "dumb"))
		tty_is_dumb();
}

/* Called by boot.asm, with paging on, on the boot stack. */
void kmain(void)
{
	static char init[128] = "/bin/init";
	char test[128] = "";

	arch_init();
	hash_make_secret(arch_cycles());
	log_init();
	frame_init();
	arch_memory_init();
	initialise_multitasking();
	arch_devices_init();
	share_start();
	load_start();
	fs_init();
	local_sockets_init();
	null_init();
	fd_init();
	random_init();
	if (cache_init() == 0)
		ext_init();
	net_init();
	console_init();
	pty_init();
	host_channel_init(!is_said("stdin=", "none"));
	hang_init(is_said("hang=", "end"));
	trace_init();
	printk("Parley " PARLEY_VERSION ": %u KiB free of %u KiB\n",
	       frame_count[FRAME_FREE] * 4, frame_total * 4);
	if (boot_info.unused_frames > 0)
		printk("%u KiB of memory are not used: they lie beyond 64 GiB, "
		       "or in too many pieces\n", boot_info.unused_frames * 4);

	command_line_get("name=", machine_name, sizeof(machine_name));
	command_line_get("test=", test, sizeof(test));
	if (test[0])
		kernel_tests_run(test);
	command_line_get("init=", init, sizeof(init));
	net_wait();
	init_start(init);
	terminate_task();
}
