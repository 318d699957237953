/*
 * command_line.h - the keywords of the boot loader's command line.
 *
 *	init=PATH	the first program		(/bin/init)
 *	test=NAME	run kernel tests, in a test build, and power off
 *	seed=NUMBER	for all random numbers		(1)
 *	log=com2	where the kernel log goes: com2, console or none
 *	terminal=dumb	the console gives no answers: never ask for the size
 *	hang=end	when no program can go on any more, report and power off
 *	stdin=none	the host channel has no input
 *	trace=KINDS	record events from the first program on: on (all kinds),
 *			or of tasks calls ipc signals pages faults life some,
 *			with commas; boot among them: from here on
 *	name=NAME	of the machine, as uname() tells	(parley)
 *	run=...		takes the rest of the line: for init, not for the kernel
 *
 * Words that are not keywords are ignored: some loaders put the kernel's file
 * name in front.
 */
#pragma once

#include "kernel/lib/types.h"

/* Copy the value of a keyword such as "init=" into `to`. Without the keyword,
 * `to` stays unchanged. A longer value is cut. */
void command_line_get(const char *keyword, char *to, size_t size);
