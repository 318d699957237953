/*
 * libc_fenv.c - the flags of floating-point numbers, kept and brought back, and
 * the flags that end a program. Any machine of x86 with GNU's names.
 */
#define _GNU_SOURCE
#include <fenv.h>

#include "tests/user/helpers.h"

#define SOME	(FE_INVALID | FE_OVERFLOW)

/* The compiler does not know these values. */
static volatile double one = 1, zero;

static void divide_by_zero(void)
{
	volatile double result = one / zero;

	(void)result;
}

CASE(flag_that_was_kept_does_not_come_back)
{
	fexcept_t kept;

	feclearexcept(FE_ALL_EXCEPT);
	feraiseexcept(FE_DIVBYZERO);
	expect(fegetexceptflag(&kept, FE_ALL_EXCEPT) == 0);
	feclearexcept(FE_ALL_EXCEPT);
	feraiseexcept(FE_INVALID);
	expect(fesetexceptflag(&kept, FE_DIVBYZERO) == 0);
	expect(fetestexcept(FE_INVALID | FE_DIVBYZERO) ==
	       (FE_INVALID | FE_DIVBYZERO));
	expect(fesetexceptflag(&kept, FE_ALL_EXCEPT) == 0);
	expect(fetestexcept(FE_INVALID | FE_DIVBYZERO) == FE_DIVBYZERO);
}

CASE(flag_that_was_not_asked_for_is_kept)
{
	fexcept_t kept;

	feclearexcept(FE_ALL_EXCEPT);
	feraiseexcept(FE_INVALID | FE_DIVBYZERO);
	expect(fegetexceptflag(&kept, FE_INVALID) == 0);
	feclearexcept(FE_ALL_EXCEPT);
	expect(fesetexceptflag(&kept, FE_INVALID) == 0);
	expect(fetestexcept(FE_ALL_EXCEPT) == FE_INVALID);
}

CASE(flag_that_is_set_ends_the_program)
{
	fexcept_t kept;

	feclearexcept(FE_ALL_EXCEPT);
	divide_by_zero();
	expect(fegetexceptflag(&kept, FE_DIVBYZERO) == 0);
	feclearexcept(FE_ALL_EXCEPT);
	expect(fesetexceptflag(&kept, FE_DIVBYZERO) == 0);
	expect(fetestexcept(FE_DIVBYZERO) == FE_DIVBYZERO);
	expect(one + one == 2);
}

CASE(environment_comes_back_without_a_part)
{
	fenv_t kept;

	feclearexcept(FE_ALL_EXCEPT);
	feraiseexcept(SOME);
	expect(fesetround(FE_UPWARD) == 0);
	expect(fegetenv(&kept) == 0);
	expect(fetestexcept(SOME) == SOME && fegetround() == FE_UPWARD);
	expect(fesetenv(FE_DFL_ENV) == 0);
	expect(fetestexcept(FE_ALL_EXCEPT) == 0);
	expect(fegetround() == FE_TONEAREST);
	expect(fesetenv(&kept) == 0);
	expect(fetestexcept(SOME) == SOME && fegetround() == FE_UPWARD);
}

CASE(flag_that_is_disabled_ends_the_program)
{
	expect(feenableexcept(FE_DIVBYZERO | FE_INVALID) == 0);
	expect(fegetexcept() == (FE_DIVBYZERO | FE_INVALID));
	expect(fedisableexcept(FE_DIVBYZERO) == (FE_DIVBYZERO | FE_INVALID));
	expect(fegetexcept() == FE_INVALID);
	divide_by_zero();
	expect(fetestexcept(FE_DIVBYZERO) == FE_DIVBYZERO);
}

CASE_DIES(flag_that_is_enabled_ends_nothing, SIGFPE)
{
	feclearexcept(FE_ALL_EXCEPT);
	feenableexcept(FE_DIVBYZERO);
	divide_by_zero();
	feraiseexcept(FE_DIVBYZERO);	/* an emulator may wait until now */
}

CASE_DIES(look_at_the_environment_disables_a_flag, SIGFPE)
{
	fenv_t kept;

	feclearexcept(FE_ALL_EXCEPT);
	feenableexcept(FE_DIVBYZERO);
	fegetenv(&kept);
	divide_by_zero();
	feraiseexcept(FE_DIVBYZERO);	/* an emulator may wait until now */
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
