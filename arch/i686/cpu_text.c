/*
 * cpu_text.c - the processor in words, for /proc/cpuinfo.
 *
 * The lines have the names that Linux uses, since programs look for them.
 */
#include "arch/arch.h"
#include "arch/i686/io.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"

#define LEAF_LARGEST	0x80000000u	/* EAX: the largest extended leaf */
#define LEAF_NAME	0x80000002u	/* the first of three with the name */
#define NAME_LEAVES	3

/* Bits of EDX of leaf 1. [const] */
static const char flag_name[32][8] = {
	[0] = "fpu", [1] = "vme", [2] = "de", [3] = "pse", [4] = "tsc",
	[5] = "msr", [6] = "pae", [7] = "mce", [8] = "cx8", [9] = "apic",
	[11] = "sep", [12] = "mtrr", [13] = "pge", [14] = "mca",
	[15] = "cmov", [16] = "pat", [17] = "pse36", [19] = "clflush",
	[23] = "mmx", [24] = "fxsr", [25] = "sse", [26] = "sse2", [27] = "ss",
	[28] = "ht", [29] = "tm", [31] = "pbe",
};

static void put_vendor(struct text *text)
{
	struct cpuid_result leaf = cpuid(0, 0);
	uint32_t words[] = { leaf.ebx, leaf.edx, leaf.ecx };
	char name[sizeof(words) + 1] = "";

	memcpy(name, words, sizeof(words));
	make_printable(name);
	text_printf(text, "vendor_id\t: %s\n", name);
}

/* Family 15 and models of family 6 and 15 have an extended part. */
static void put_model(struct text *text, uint32_t signature)
{
	uint32_t family = signature >> 8 & 15, model = signature >> 4 & 15;

	if (family == 6 || family == 15)
		model += (signature >> 16 & 15) << 4;
	if (family == 15)
		family += signature >> 20 & 255;
	text_printf(text, "cpu family\t: %u\nmodel\t\t: %u\n", family, model);
}

static void put_name(struct text *text)
{
	struct cpuid_result leaves[NAME_LEAVES];
	char name[sizeof(leaves) + 1] = "";
	const char *start = name;

	if (cpuid(LEAF_LARGEST, 0).eax < LEAF_NAME + NAME_LEAVES - 1)
		return;
	for (uint32_t i = 0; i < NAME_LEAVES; i++)
		leaves[i] = cpuid(LEAF_NAME + i, 0);
	memcpy(name, leaves, sizeof(leaves));
	make_printable(name);
	while (*start == ' ')
		start++;
	text_printf(text, "model name\t: %s\n", start);
}

static void put_flags(struct text *text, uint32_t flags)
{
	text_printf(text, "flags\t\t:");
	for (unsigned i = 0; i < 32; i++)
		if (flags >> i & 1 && flag_name[i][0])
			text_printf(text, " %s", flag_name[i]);
	text_printf(text, "\n\n");
}

void arch_cpu_describe(char *to, size_t size)
{
	struct text text = { to, size - 1, 0 };
	struct cpuid_result leaf = cpuid(1, 0);

	text_printf(&text, "processor\t: 0\n");
	put_vendor(&text);
	put_model(&text, leaf.eax);
	put_name(&text);
	text_printf(&text, "stepping\t: %u\n", leaf.eax & 15);
	put_flags(&text, leaf.edx);
	to[MIN(text.length, text.size)] = '\0';
}
