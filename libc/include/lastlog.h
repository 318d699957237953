/* lastlog.h - the last login of each user: struct lastlog of utmp.h. */
#pragma once

#include <utmp.h>
