// ncursesw behind accessors: macros, variadic functions and `stdscr` do not import into Swift 6.
#ifndef SKIPWISE_CNCURSES_H
#define SKIPWISE_CNCURSES_H

#define NCURSES_WIDECHAR 1

#if !__has_include(<ncurses.h>)
#error "ncurses is missing. Install it with: apt-get install libncurses-dev"
#endif

#include <ncurses.h>

#endif
