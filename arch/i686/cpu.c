/*
 * cpu.c - the features of this processor, and the bits that enable them.
 *
 * The required features are those of every i686 since 1999, so the check is
 * for emulators that were told to be older. boot.asm has looked for PSE, PAE
 * and PGE already: a processor that has those runs code with CMOV, and so gets
 * here. The message goes out before anything else works.
 */
#include "arch/arch.h"
#include "arch/i686/cpu.h"
#include "arch/i686/io.h"
#include "kernel/lib/printk.h"

#define EFLAGS_ID	(1u << 21)	/* can be toggled: CPUID exists */

struct cpu_features cpu_features;

static const struct {
	uint8_t bit;			/* of EDX of leaf 1 */
	const char *name;
} required[] = {
	{ 3, "PSE" }, { 4, "TSC" }, { 5, "MSR" }, { 6, "PAE" }, { 13, "PGE" },
	{ 15, "CMOV" }, { 24, "FXSR" },
};

static bool bit(uint32_t word, unsigned number)
{
	return word >> number & 1;
}

static void stop_for_lack_of(const char *what)
{
	char line[128];
	int length = snprintf(line, sizeof(line), "parley: this processor lacks"
			      "%s; an i686 of 1999 or later is needed\n", what);

	arch_console_write(line, length);
	arch_log_write(line, length);
	arch_poweroff(62);
}

/* A 486 without CPUID cannot change this flag. */
static bool cpuid_exists(void)
{
	uint32_t before, after;

	__asm__ volatile("pushf; pop %0; mov %0, %1; xor %2, %1; push %1;"
			 "popf; pushf; pop %1; push %0; popf"
			 : "=&r"(before), "=&r"(after) : "i"(EFLAGS_ID) : "cc");
	return ((before ^ after) & EFLAGS_ID) != 0;
}

static void check_required(uint32_t features)
{
	char missing[64];
	struct text text = { missing, sizeof(missing) - 1, 0 };

	for (unsigned i = 0; i < ARRAY_LENGTH(required); i++) {
		if (!bit(features, required[i].bit))
			text_printf(&text, " %s", required[i].name);
	}
	if (text.length == 0)
		return;
	missing[MIN(text.length, text.size)] = '\0';
	stop_for_lack_of(missing);
}

/*
 * The first Pentium Pros report SYSENTER without having it (family 6, before
 * model 3 stepping 3).
 */
static bool sysenter_is_real(const struct cpuid_result *leaf)
{
	uint32_t family = leaf->eax >> 8 & 15;
	uint32_t model = leaf->eax & 0xff;	/* and stepping */

	return bit(leaf->edx, 11) && !(family == 6 && model < 0x33);
}

static void detect(void)
{
	struct cpuid_result leaf = cpuid(1, 0);

	check_required(leaf.edx);
	cpu_features.sysenter = sysenter_is_real(&leaf);
	cpu_features.apic = bit(leaf.edx, 9);
	cpu_features.sse = bit(leaf.edx, 25);
	if (cpuid(0, 0).eax >= 7) {
		leaf = cpuid(7, 0);
		cpu_features.smep = bit(leaf.ebx, 7);
		cpu_features.smap = bit(leaf.ebx, 20);
		cpu_features.umip = bit(leaf.ecx, 2);
	}
	if (cpuid(0x80000000u, 0).eax >= 0x80000001u)
		cpu_features.no_execute = bit(cpuid(0x80000001u, 0).edx, 20);
}

void cpu_init(void)
{
	uint32_t cr0 = read_cr0();
	uint32_t cr4 = read_cr4();

	if (!cpuid_exists())
		stop_for_lack_of(" CPUID");
	detect();
	cr0 &= ~(CR0_EM | CR0_AM | CR0_NW | CR0_CD);
	write_cr0(cr0 | CR0_MP | CR0_NE | CR0_WP | CR0_TS);
	cr4 |= CR4_PGE | CR4_OSFXSR;
	if (cpu_features.sse)
		cr4 |= CR4_OSXMMEXCPT;
	write_cr4(cr4);
	if (cpu_features.no_execute)
		wrmsr(MSR_EFER, rdmsr(MSR_EFER) | EFER_NXE);
}

/* The processor's source may be empty for a moment: ten tries are advised. */
bool arch_random(uint32_t *word)
{
	uint32_t found;
	uint8_t is_full = false;
	int tries;

	if (!bit(cpuid(1, 0).ecx, 30))
		return false;
	for (tries = 0; tries < 10 && !is_full; tries++)
		__asm__ volatile("rdrand %0; setc %1"
				 : "=r"(found), "=qm"(is_full) : : "cc");
	if (is_full)
		*word = found;
	return is_full;
}

void cpu_protect(void)
{
	uint32_t cr4 = read_cr4();

	if (cpu_features.umip)
		cr4 |= CR4_UMIP;
	if (cpu_features.smep)
		cr4 |= CR4_SMEP;
	if (cpu_features.smap)
		cr4 |= CR4_SMAP;
	write_cr4(cr4);
}
