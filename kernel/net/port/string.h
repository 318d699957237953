/* string.h - lwIP includes <string.h>: the kernel's. */
#pragma once

#include "kernel/lib/string.h"
