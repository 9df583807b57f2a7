#include "report.h"

#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <mutex>

#include "settings.h"

namespace emulator {

namespace {

std::mutex mutex;
std::string kept;

std::string format_all(const char* format, va_list arguments) {
    va_list again;
    va_copy(again, arguments);
    std::string result(static_cast<size_t>(vsnprintf(nullptr, 0, format, again)), '\0');
    va_end(again);
    vsnprintf(&result[0], result.size() + 1, format, arguments);
    return result;
}

}  // namespace

void report(const char* format, ...) {
    va_list arguments;
    va_start(arguments, format);
    std::string message = format_all(format, arguments);
    va_end(arguments);
    std::lock_guard<std::mutex> lock(mutex);
    if (kept.empty()) {
        kept = message;
    }
    if (!settings().quiet) {
        fprintf(stderr, "[emulated CUDA] %s\n", message.c_str());
    }
}

std::string kept_report() {
    std::lock_guard<std::mutex> lock(mutex);
    return kept;
}

void clear_report() {
    std::lock_guard<std::mutex> lock(mutex);
    kept.clear();
}

void fatal(const char* why) {
    fprintf(stderr, "[emulated CUDA] %s\n", why);
    abort();
}

std::string text(const char* format, ...) {
    va_list arguments;
    va_start(arguments, format);
    std::string result = format_all(format, arguments);
    va_end(arguments);
    return result;
}

}  // namespace emulator
