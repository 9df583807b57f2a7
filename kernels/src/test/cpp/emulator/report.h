// What went wrong, in words. The first report of an error is kept until it is cleared: what follows is usually its echo.
#pragma once

#include <string>

namespace emulator {

/** Formats a report, keeps it if it is the first, and prints it on stderr unless the setting quiet is on. */
void report(const char* format, ...) __attribute__((format(printf, 1, 2)));

/** The report kept, or "". */
std::string kept_report();

void clear_report();

/** For faults of the emulator itself: prints and ends the process. */
[[noreturn]] void fatal(const char* why);

/** A string made as by printf. */
std::string text(const char* format, ...) __attribute__((format(printf, 1, 2)));

}  // namespace emulator
