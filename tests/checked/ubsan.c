/*
 * ubsan.c - the ends of -fsanitize=undefined: VARIANT=checked.
 *
 * The compiler calls these functions where a program of C has no meaning: a
 * signed number overflows, an index lies outside of an array, a shift is too
 * far, a pointer is null or not aligned. Each is a panic with the place in the
 * source. The first argument of each function points to the place.
 */
#include "kernel/lib/assert.h"
#include "kernel/lib/types.h"
#include "tests/checked/shadow.h"

/* [const] as the compiler writes it */
struct place {
	const char *file;
	uint32_t line;
	uint32_t column;
};

static void NORETURN report(const struct place *place, const char *what)
{
	panic("checked: %s:%u: %s", place->file, (unsigned)place->line, what);
}

#define HANDLER(name, what)						\
	COMPILER_CALLS void __ubsan_handle_##name(const struct place *place); \
	void __ubsan_handle_##name(const struct place *place)		\
	{								\
		report(place, what);					\
	}

HANDLER(add_overflow, "an addition overflows")
HANDLER(sub_overflow, "a subtraction overflows")
HANDLER(mul_overflow, "a multiplication overflows")
HANDLER(negate_overflow, "a negation overflows")
HANDLER(divrem_overflow, "a division by 0, or one that overflows")
HANDLER(shift_out_of_bounds, "a shift is too far")
HANDLER(out_of_bounds, "an index outside of the array")
HANDLER(type_mismatch_v1, "a pointer is null, not aligned, or too near the end")
HANDLER(pointer_overflow, "the arithmetic of a pointer wraps")
HANDLER(load_invalid_value, "a bool or enum has another value")
HANDLER(builtin_unreachable, "a place that no call should reach")
HANDLER(missing_return, "a function returns no value")
HANDLER(nonnull_arg, "a null pointer where none is allowed")
HANDLER(invalid_builtin, "a builtin function with a value that has no meaning")
HANDLER(vla_bound_not_positive, "an array of no elements")
HANDLER(float_cast_overflow, "a conversion overflows")
