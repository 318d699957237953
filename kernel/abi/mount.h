/* mount.h - flags of mount(2). */
#pragma once

#define MS_RDONLY	1
