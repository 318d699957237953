/* sigsetjmp.c - jumps that bring the signal mask back too. */
#include <setjmp.h>
#include <signal.h>
#include <stddef.h>

_Static_assert(offsetof(struct __jump, eip) == 20,
	"setjmp.asm lays struct __jump out by hand");

/* sigsetjmp() is this and then setjmp(), which must be called right in the
   function to come back to. */
void __sigsetjmp_mask(sigjmp_buf where, int save_mask)
{
	where->mask_saved = save_mask;
	if (save_mask)
		sigprocmask(SIG_BLOCK, NULL, &where->mask);
}

void siglongjmp(sigjmp_buf where, int value)
{
	if (where->mask_saved)
		sigprocmask(SIG_SETMASK, &where->mask, NULL);
	longjmp(where, value);
}
