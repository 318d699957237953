/* stdnoreturn.h - noreturn as a plain word. */
#pragma once

#define noreturn _Noreturn
