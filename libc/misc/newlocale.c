/* newlocale.c - locales as values: two, which differ in their names alone. */
#include <errno.h>
#include <locale.h>
#include <string.h>

struct __locale {
	const char *name;
};

static const struct __locale c_locale = { "C" }, utf8_locale = { "C.UTF-8" };

static __thread locale_t used = LC_GLOBAL_LOCALE;

locale_t newlocale(int mask, const char *name, locale_t base)
{
	(void)base;
	if (!name || (mask & ~LC_ALL_MASK)) {
		errno = EINVAL;
		return NULL;
	}
	if (strcmp(name, utf8_locale.name) == 0)
		return &utf8_locale;
	if (*name == '\0' || strcmp(name, "C") == 0 ||
	    strcmp(name, "POSIX") == 0)
		return &c_locale;
	errno = ENOENT;
	return NULL;
}

locale_t duplocale(locale_t locale)
{
	return locale == LC_GLOBAL_LOCALE ? &c_locale : locale;
}

void freelocale(locale_t locale)
{
	(void)locale;
}

locale_t uselocale(locale_t locale)
{
	locale_t before = used;

	if (locale)
		used = locale;
	return before;
}
