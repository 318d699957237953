/*
 * step.c - arch/i686/step.c: the memory that an instruction uses.
 *
 * flags: -iquote tests/host/machine -Itests/host/stub -Wno-int-to-pointer-cast
 * link: tests/host/stub/kernel.c tests/host/stub/memory.c arch/i686/step.c
 *
 * Each line is an instruction as a compiler writes it, and the address and the
 * kind of the access, worked out by hand from the manual of the processor.
 */
#include "tests/host/stub/host.h"

#include "arch/i686/processor.h"
#include "kernel/lib/string.h"

static const struct registers registers = {
	.eax = 0x1000, .ecx = 0x10, .edx = 0x2000, .ebx = 0x3000,
	.esp = 0x4000, .ebp = 0x5000, .esi = 0x6000, .edi = 0x7000,
};

static void is_access(const char *name, const char *code, uaddr_t address,
		      bool is_write)
{
	struct registers regs = registers;
	struct memory_access access = { 0, false };

	regs.eip = host_user;
	memset(host_user_bytes(host_user), 0x90, 16);
	memcpy(host_user_bytes(host_user), code, 12);
	if (!ok(arch_next_access(&regs, &access) &&
		access.address == address && access.is_write == is_write, name))
		printf("# address %x, write %d\n", (unsigned)access.address,
		       access.is_write);
}

static void is_none(const char *name, const char *code)
{
	struct registers regs = registers;
	struct memory_access access;

	regs.eip = host_user;
	memset(host_user_bytes(host_user), 0x90, 16);
	memcpy(host_user_bytes(host_user), code, 12);
	ok(!arch_next_access(&regs, &access), name);
}

#define Z	"\0\0\0\0\0\0\0\0\0\0\0"	/* fills up to 12 bytes */

int main(void)
{
	host_init(64);
	is_access("load_by_register", "\x8b\x02" Z, 0x2000, false);
	is_access("store_by_register", "\x89\x03" Z, 0x3000, true);
	is_access("short_displacement_is_signed", "\x8b\x45\xfc" Z, 0x4ffc,
		  false);
	is_access("long_displacement", "\x89\x83\x78\x56\x34\x12" Z,
		  0x12348678, true);
	is_access("absolute_address", "\x8b\x0d\x78\x56\x34\x12" Z, 0x12345678,
		  false);
	is_access("scaled_index", "\x8b\x04\x8b" Z, 0x3040, false);
	is_access("no_index", "\x8b\x44\x24\x08" Z, 0x4008, false);
	is_access("no_base", "\x8b\x04\x8d\x00\x01\x00\x00" Z, 0x140, false);
	is_access("address_in_the_instruction", "\xa1\x00\x20\x00\x00" Z,
		  0x2000, false);
	is_access("store_to_address_in_the_instruction",
		  "\xa3\x00\x20\x00\x00" Z, 0x2000, true);
	is_access("locked_exchange", "\xf0\x0f\xb1\x0a" Z, 0x2000, true);
	is_access("exchange", "\x87\x0a" Z, 0x2000, true);
	is_access("sum_into_memory", "\x01\x02" Z, 0x2000, true);
	is_access("sum_from_memory", "\x03\x02" Z, 0x2000, false);
	is_access("compare_is_a_load", "\x39\x02" Z, 0x2000, false);
	is_access("compare_with_number_is_a_load", "\x83\x3a\x01" Z, 0x2000,
		  false);
	is_access("sum_of_number_is_a_store", "\x83\x02\x01" Z, 0x2000, true);
	is_access("increment", "\xff\x02" Z, 0x2000, true);
	is_access("jump_by_table_is_a_load", "\xff\x24\x8b" Z, 0x3040, false);
	is_access("zero_extended_load", "\x0f\xb6\x02" Z, 0x2000, false);
	is_access("set_by_condition", "\x0f\x94\x02" Z, 0x2000, true);
	is_access("short_word", "\x66\x89\x02" Z, 0x2000, true);
	is_access("repeated_string_store", "\xf3\xab" Z, 0x7000, true);
	is_access("string_load", "\xac" Z, 0x6000, false);
	is_none("registers_only", "\x89\xd8" Z);
	is_none("lea_only_computes", "\x8d\x45\xfc" Z);
	is_none("nop_with_operand", "\x0f\x1f\x40\x00" Z);
	is_none("thread_memory", "\x65\xa1\x00\x00\x00\x00" Z);
	is_none("push_and_call", "\x50\xe8\x00\x00\x00\x00" Z);
	is_none("number_only", "\xb8\x01\x00\x00\x00" Z);
	return tap_done();
}
