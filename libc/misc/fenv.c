/*
 * fenv.c - the control word and the status word of the x87.
 *
 * The lowest six bits of the status word are flags. A flag stays until the
 * program clears the flag. The same bits of the control word are masks: without
 * its mask, a flag is SIGFPE at the next instruction of the x87. The program
 * writes flags by loading the whole environment, for want of an instruction.
 */
#include <fenv.h>
#include <float.h>
#include <stdint.h>

#define MASKS		0x3fu
#define ROUNDING	0xc00u

static uint16_t control_word(void)
{
	uint16_t control;

	asm volatile("fnstcw %0" : "=m"(control));
	return control;
}

static void set_control_word(uint16_t control)
{
	asm volatile("fldcw %0" : : "m"(control));
}

static uint16_t status_word(void)
{
	uint16_t status;

	asm volatile("fnstsw %0" : "=a"(status));
	return status;
}

/* The flags of `which` become those of `flags`. */
static void set_flags(unsigned flags, unsigned which)
{
	fenv_t now;

	asm volatile("fnstenv %0" : "=m"(now));
	now.status = (now.status & ~which) | (flags & which);
	asm volatile("fldenv %0" : : "m"(now));
}

int feclearexcept(int flags)
{
	set_flags(0, flags & FE_ALL_EXCEPT);
	return 0;
}

int fetestexcept(int flags)
{
	return status_word() & flags & FE_ALL_EXCEPT;
}

int fegetexceptflag(fexcept_t *flags, int which)
{
	*flags = (fexcept_t)fetestexcept(which);
	return 0;
}

int fesetexceptflag(const fexcept_t *flags, int which)
{
	set_flags(*flags, which & FE_ALL_EXCEPT);
	return 0;
}

/* An unmasked flag is SIGFPE at the fwait. */
int feraiseexcept(int flags)
{
	set_flags(flags, flags & FE_ALL_EXCEPT);
	asm volatile("fwait");
	return 0;
}

int fegetround(void)
{
	return control_word() & ROUNDING;
}

int fesetround(int rounding)
{
	if (rounding & ~(int)ROUNDING)
		return -1;
	set_control_word((uint16_t)((control_word() & ~ROUNDING) |
		(unsigned)rounding));
	return 0;
}

/* fnstenv masks all flags: fldcw brings the masks back. */
int fegetenv(fenv_t *environment)
{
	asm volatile("fnstenv %0\n\tfldcw %0" : "=m"(*environment));
	return 0;
}

int feholdexcept(fenv_t *environment)
{
	fegetenv(environment);
	asm volatile("fnclex");
	set_control_word(control_word() | MASKS);
	return 0;
}

int fesetenv(const fenv_t *environment)
{
	if (environment == FE_DFL_ENV)
		asm volatile("fninit");
	else
		asm volatile("fldenv %0" : : "m"(*environment));
	return 0;
}

int feupdateenv(const fenv_t *environment)
{
	int flags = fetestexcept(FE_ALL_EXCEPT);

	fesetenv(environment);
	return feraiseexcept(flags);
}

int fegetexcept(void)
{
	return ~control_word() & FE_ALL_EXCEPT;
}

int feenableexcept(int flags)
{
	int before = fegetexcept();

	set_control_word((uint16_t)(control_word() &
		~(flags & FE_ALL_EXCEPT)));
	return before;
}

int fedisableexcept(int flags)
{
	int before = fegetexcept();

	set_control_word((uint16_t)(control_word() |
		(flags & FE_ALL_EXCEPT)));
	return before;
}

/* FLT_ROUNDS of <float.h>: 0 towards 0, 1 to nearest, 2 up, 3 down. */
int __flt_rounds(void)
{
	static const int8_t names[] = { 1, 3, 2, 0 };

	return names[fegetround() >> 10];
}
