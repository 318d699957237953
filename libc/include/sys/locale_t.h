/* sys/locale_t.h - a locale as a value; all are alike: see <locale.h>. */
#pragma once

typedef const struct __locale *locale_t;
