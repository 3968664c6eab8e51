// ncursesw behind accessors: macros, variadic functions and `stdscr` do not import into Swift 6.
// Only the main thread may call these.
#ifndef SKIPWISE_CNCURSES_H
#define SKIPWISE_CNCURSES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "TerminalSignals.h"

/// What terminfo says about a terminal type.
typedef struct {
  /// Whether the type is in the database at all; nothing else is set where it is not.
  bool isKnown;
  /// Whether the cursor can be placed anywhere, without which no full screen can be drawn.
  bool placesCursor;
  /// Whether control sequences start with ESC [, so that private modes (mouse, paste, …) may be asked for.
  bool speaksControlSequences;
  /// Colours the terminal has; below 8 where it has none.
  int colors;
  /// Whether a colour number is a packed 24-bit value (a `*-direct` entry).
  bool isDirectColor;
} CNTerminalFacts;

/// Takes the locale of the environment; numbers keep the C locale's decimal point.
/// Returns whether its characters are UTF-8.
bool cn_use_locale(void);

/// Asks terminfo about a type without touching the terminal.
CNTerminalFacts cn_terminal_facts(const char *type);

/// Starts ncurses on stdout and stdin in raw mode; false where the type is unknown or the terminal refuses.
bool cn_start(const char *type);

/// Starts colour with the terminal's own default as colour −1; false without colour.
bool cn_start_color(void);

/// Pairs that `cn_set_pair` may set, pair 0 included.
int cn_pair_limit(void);

/// Colours that a pair may name; 0 before `cn_start_color`.
int cn_color_count(void);

/// Gives a pair its colours; −1 is the terminal's default.
bool cn_set_pair(int pair, int foreground, int background);

/// Columns that a character takes in the locale of `cn_use_locale`: 0 for combining marks, −1 for what does not print.
int cn_width(uint32_t scalar);

enum {
  CN_BOLD = 1,
  CN_DIM = 2,
  CN_ITALIC = 4,
  CN_UNDERLINE = 8,
  CN_REVERSE = 16,
};

/// Puts one character at a place; `attributes` are CN_ flags.
void cn_put(int row, int column, uint32_t scalar, unsigned attributes, int pair);

/// Writes what changed since the last update.
void cn_update(void);

/// Makes the next update repaint everything.
void cn_repaint_all(void);

/// Forgets the contents, for a new size.
void cn_erase(void);

/// Tells ncurses the terminal's size in cells.
void cn_resize(int height, int width);

int cn_rows(void);
int cn_columns(void);

/// Leaves the screen for a while; the next update comes back.
void cn_leave(void);

/// Takes the modes of `cn_start` again after `cn_leave` or after another program changed them.
void cn_enter(void);

/// Leaves the screen for good.
void cn_end(void);

/// Writes the sequences that undo the screen (attributes, cursor, alternate screen), for a program that crashes
/// and may not call ncurses any more. Returns their length, at most `capacity`.
size_t cn_restore_sequence(char *buffer, size_t capacity);

#endif
