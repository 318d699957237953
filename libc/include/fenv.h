/* fenv.h - the flags and the rounding of floating-point numbers. */
#pragma once

#define FE_INVALID	0x01
#define FE_DIVBYZERO	0x04
#define FE_OVERFLOW	0x08
#define FE_UNDERFLOW	0x10
#define FE_INEXACT	0x20
#define FE_ALL_EXCEPT	0x3d

#define FE_TONEAREST	0x000
#define FE_DOWNWARD	0x400
#define FE_UPWARD	0x800
#define FE_TOWARDZERO	0xc00

typedef unsigned short fexcept_t;

/* As the x87 stores its environment: control, status and tag word, and where
 * the last instruction was. */
typedef struct {
	unsigned control, status, tags, place[4];
} fenv_t;

#define FE_DFL_ENV	((const fenv_t *)-1)

int feclearexcept(int flags);
int fegetexceptflag(fexcept_t *flags, int which);
int feraiseexcept(int flags);
int fesetexceptflag(const fexcept_t *flags, int which);
int fetestexcept(int flags);
int fegetround(void);
int fesetround(int rounding);
int fegetenv(fenv_t *environment);
int feholdexcept(fenv_t *environment);
int fesetenv(const fenv_t *environment);
int feupdateenv(const fenv_t *environment);

/* Flags that end the program with SIGFPE when they rise (GNU). */
int fedisableexcept(int flags);
int feenableexcept(int flags);
int fegetexcept(void);
