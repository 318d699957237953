/* wctype_l.c - the same as wctype.c, for programs that name a locale. */
#include <wctype.h>

#define LIKE(type, name)				\
	type name##_l(wint_t c, locale_t locale)	\
	{						\
		(void)locale;				\
		return name(c);				\
	}

LIKE(int, iswalnum)
LIKE(int, iswalpha)
LIKE(int, iswblank)
LIKE(int, iswcntrl)
LIKE(int, iswdigit)
LIKE(int, iswgraph)
LIKE(int, iswlower)
LIKE(int, iswprint)
LIKE(int, iswpunct)
LIKE(int, iswspace)
LIKE(int, iswupper)
LIKE(int, iswxdigit)
LIKE(wint_t, towlower)
LIKE(wint_t, towupper)

int iswctype_l(wint_t c, wctype_t type, locale_t locale)
{
	(void)locale;
	return iswctype(c, type);
}

wint_t towctrans_l(wint_t c, wctrans_t change, locale_t locale)
{
	(void)locale;
	return towctrans(c, change);
}

wctrans_t wctrans_l(const char *name, locale_t locale)
{
	(void)locale;
	return wctrans(name);
}

wctype_t wctype_l(const char *name, locale_t locale)
{
	(void)locale;
	return wctype(name);
}
