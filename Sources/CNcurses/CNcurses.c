#define _GNU_SOURCE
#define NCURSES_WIDECHAR 1

#include "CNcurses.h"

#if !__has_include(<ncurses.h>)
#error "ncurses is missing. Install it with: apt-get install libncurses-dev"
#endif

#include <langinfo.h>
#include <locale.h>
#include <ncurses.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <term.h>
#include <unistd.h>
#include <wchar.h>

static SCREEN *screen;

static bool codeset_is_utf8(void) { return strcasecmp(nl_langinfo(CODESET), "UTF-8") == 0; }

static bool environment_names_utf8(void) {
  const char *names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    const char *value = getenv(names[i]);
    if (value && *value) return strcasestr(value, "UTF-8") || strcasestr(value, "utf8");
  }
  return false;
}

bool cn_use_locale(void) {
  setlocale(LC_ALL, "");
  // A locale that is named but not installed leaves "C", which would cost every glyph beyond ASCII.
  if (!codeset_is_utf8() && environment_names_utf8()) setlocale(LC_CTYPE, "C.UTF-8");
  setlocale(LC_NUMERIC, "C");
  return codeset_is_utf8();
}

static const char *capability(const char *name) {
  const char *value = tigetstr(name);
  return value == (char *)-1 ? NULL : value;
}

CNTerminalFacts cn_terminal_facts(const char *type) {
  CNTerminalFacts facts = {0};
  int status = 0;
  TERMINAL *previous = cur_term;
  if (setupterm(type, STDOUT_FILENO, &status) != OK) return facts;
  facts.isKnown = true;
  const char *place = capability("cup");
  facts.placesCursor = place != NULL;
  facts.speaksControlSequences = place && strncmp(place, "\033[", 2) == 0;
  facts.colors = tigetnum("colors");
  facts.isDirectColor = tigetflag("RGB") > 0 || facts.colors >= 1 << 24;
  TERMINAL *asked = cur_term;
  set_curterm(previous);
  if (asked != previous) del_curterm(asked);
  return facts;
}

bool cn_start(const char *type) {
  screen = newterm(type, stdout, stdin);
  if (!screen) return false;
  set_term(screen);
  raw();
  noecho();
  nonl();
  // Input is read and decoded elsewhere, so ncurses must not peek at it while it writes.
  typeahead(-1);
  leaveok(stdscr, TRUE);
  curs_set(0);
  return true;
}

bool cn_start_color(void) { return has_colors() && start_color() == OK && use_default_colors() == OK; }

int cn_pair_limit(void) { return COLOR_PAIRS; }

int cn_color_count(void) { return COLORS; }

bool cn_set_pair(int pair, int foreground, int background) {
  return init_extended_pair(pair, foreground, background) == OK;
}

int cn_width(uint32_t scalar) { return wcwidth((wchar_t)scalar); }

void cn_put(int row, int column, uint32_t scalar, unsigned attributes, int pair) {
  static const struct {
    unsigned flag;
    attr_t attribute;
  } table[] = {
      {CN_BOLD, A_BOLD},           {CN_DIM, A_DIM},         {CN_ITALIC, A_ITALIC},
      {CN_UNDERLINE, A_UNDERLINE}, {CN_REVERSE, A_REVERSE},
  };
  attr_t style = A_NORMAL;
  for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
    if (attributes & table[i].flag) style |= table[i].attribute;
  }
  wchar_t text[2] = {(wchar_t)scalar, 0};
  cchar_t cell;
  // The pair goes through the options: the short parameter and COLOR_PAIR() lose all but 8 bits of it.
  if (setcchar(&cell, text, style, 0, &pair) == OK) mvadd_wch(row, column, &cell);
}

void cn_update(void) {
  wnoutrefresh(stdscr);
  doupdate();
}

void cn_repaint_all(void) { clearok(curscr, TRUE); }

void cn_erase(void) { werase(stdscr); }

void cn_resize(int height, int width) { resizeterm(height, width); }

int cn_rows(void) { return getmaxy(stdscr); }

int cn_columns(void) { return getmaxx(stdscr); }

void cn_leave(void) { endwin(); }

void cn_enter(void) {
  reset_prog_mode();
  curs_set(0);
}

void cn_end(void) {
  endwin();
  delscreen(screen);
  screen = NULL;
}

/// Appends a terminfo string without its padding (`$<5>`), which only `tputs` understands.
static size_t append_capability(char *buffer, size_t length, size_t capacity, const char *name) {
  const char *text = capability(name);
  while (text && *text && length < capacity) {
    if (text[0] == '$' && text[1] == '<') {
      const char *end = strchr(text, '>');
      if (end) {
        text = end + 1;
        continue;
      }
    }
    buffer[length++] = *text++;
  }
  return length;
}

size_t cn_restore_sequence(char *buffer, size_t capacity) {
  // Out of any character set, colour and attribute; cursor shown; then back to the shell's screen.
  const char *names[] = {"sgr0", "op", "rmacs", "cnorm", "rmcup"};
  size_t length = 0;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    length = append_capability(buffer, length, capacity, names[i]);
  }
  return length;
}
