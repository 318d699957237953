/* features.h - of GNU's library; there is nothing to choose here. */
#pragma once
