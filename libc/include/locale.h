/* locale.h - there is one locale, "C"; setlocale() says so. */
#pragma once

#include <stddef.h>

#include <sys/locale_t.h>

/* How numbers and amounts of money are written. CHAR_MAX: not known. */
struct lconv {
	char *decimal_point;
	char *thousands_sep;
	char *grouping;
	char *int_curr_symbol;
	char *currency_symbol;
	char *mon_decimal_point;
	char *mon_thousands_sep;
	char *mon_grouping;
	char *positive_sign;
	char *negative_sign;
	char int_frac_digits;
	char frac_digits;
	char p_cs_precedes;
	char p_sep_by_space;
	char n_cs_precedes;
	char n_sep_by_space;
	char p_sign_posn;
	char n_sign_posn;
	char int_p_cs_precedes;
	char int_p_sep_by_space;
	char int_n_cs_precedes;
	char int_n_sep_by_space;
	char int_p_sign_posn;
	char int_n_sign_posn;
};

#define LC_CTYPE	0
#define LC_NUMERIC	1
#define LC_TIME		2
#define LC_COLLATE	3
#define LC_MONETARY	4
#define LC_MESSAGES	5
#define LC_ALL		6

char *setlocale(int category, const char *name);
/* The rules of the locale "C": the point of decimals, and nothing else. The
 * caller must not change the result. */
struct lconv *localeconv(void);

#define LC_CTYPE_MASK		(1 << LC_CTYPE)
#define LC_NUMERIC_MASK		(1 << LC_NUMERIC)
#define LC_TIME_MASK		(1 << LC_TIME)
#define LC_COLLATE_MASK		(1 << LC_COLLATE)
#define LC_MONETARY_MASK	(1 << LC_MONETARY)
#define LC_MESSAGES_MASK	(1 << LC_MESSAGES)
#define LC_ALL_MASK		((1 << LC_ALL) - 1)
#define LC_GLOBAL_LOCALE	((locale_t)-1)

/*
 * Locales as values. The names are "C", "POSIX" and "C.UTF-8", which differ in
 * the name alone, so a function with a locale does what the function without
 * does. newlocale(): EINVAL for other bits, ENOENT for other names.
 */
locale_t newlocale(int mask, const char *name, locale_t base);
locale_t duplocale(locale_t locale);
void freelocale(locale_t locale);
/* The locale of this thread; 0 changes nothing. The locale before. */
locale_t uselocale(locale_t locale);
