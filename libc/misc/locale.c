/* locale.c - there is one locale. */
#include <limits.h>
#include <locale.h>
#include <string.h>

char *setlocale(int category, const char *name)
{
	static char c_locale[] = "C", utf8_locale[] = "C.UTF-8";
	static char *chosen = c_locale;

	if (category < LC_CTYPE || category > LC_ALL)
		return NULL;
	if (!name)
		return chosen;
	if (*name == '\0' || strcmp(name, c_locale) == 0 ||
	    strcmp(name, "POSIX") == 0)
		return chosen = c_locale;
	if (strcmp(name, utf8_locale) != 0)
		return NULL;
	return chosen = utf8_locale;
}

struct lconv *localeconv(void)
{
	static char none[] = "", point[] = ".";
	static struct lconv rules = {
		.decimal_point = point,
		.thousands_sep = none,
		.grouping = none,
		.int_curr_symbol = none,
		.currency_symbol = none,
		.mon_decimal_point = none,
		.mon_thousands_sep = none,
		.mon_grouping = none,
		.positive_sign = none,
		.negative_sign = none,
		.int_frac_digits = CHAR_MAX,
		.frac_digits = CHAR_MAX,
		.p_cs_precedes = CHAR_MAX,
		.p_sep_by_space = CHAR_MAX,
		.n_cs_precedes = CHAR_MAX,
		.n_sep_by_space = CHAR_MAX,
		.p_sign_posn = CHAR_MAX,
		.n_sign_posn = CHAR_MAX,
		.int_p_cs_precedes = CHAR_MAX,
		.int_p_sep_by_space = CHAR_MAX,
		.int_n_cs_precedes = CHAR_MAX,
		.int_n_sep_by_space = CHAR_MAX,
		.int_p_sign_posn = CHAR_MAX,
		.int_n_sign_posn = CHAR_MAX,
	};

	return &rules;
}
