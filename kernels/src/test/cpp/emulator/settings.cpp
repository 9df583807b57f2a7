#include "settings.h"

#include <cstdio>
#include <cstdlib>
#include <sstream>

namespace emulator {

namespace {

constexpr const char* VARIABLE = "RAPTOR_EMULATOR";

/** A whole number, optionally with k, m or g for its power of 1024. */
bool read_number(const std::string& value, uint64_t& result) {
    char* end = nullptr;
    result = strtoull(value.c_str(), &end, 10);
    std::string unit = end;
    int shift = unit.empty() ? 0 : unit == "k" ? 10 : unit == "m" ? 20 : unit == "g" ? 30 : -1;
    if (value.empty() || end == value.c_str() || shift < 0) {
        return false;
    }
    result <<= shift;
    return true;
}

bool read_switch(const std::string& value, bool& result) {
    result = value == "on";
    return value == "on" || value == "off";
}

bool read_order(const std::string& value, Order& result) {
    result = value == "reverse" ? Order::REVERSE : value == "random" ? Order::RANDOM : Order::FORWARD;
    return value == "forward" || value == "reverse" || value == "random";
}

template <class Number>
bool read_into(const std::string& value, Number& result) {
    uint64_t number = 0;
    if (!read_number(value, number)) {
        return false;
    }
    result = static_cast<Number>(number);
    return true;
}

bool read_guard(const std::string& value, bool& at_end) {
    at_end = value == "end";
    return value == "end" || value == "begin";
}

bool set(Settings& s, const std::string& name, const std::string& value) {
    if (name == "order") return read_order(value, s.order);
    if (name == "seed") return read_into(value, s.seed);
    if (name == "workers") return read_into(value, s.workers);
    if (name == "deferred") return read_switch(value, s.deferred);
    if (name == "pageable") return read_switch(value, s.pageable);
    if (name == "quiet") return read_switch(value, s.quiet);
    if (name == "guard") return read_guard(value, s.guard_end);
    if (name == "devices") return read_into(value, s.devices);
    if (name == "memory") return read_into(value, s.memory);
    if (name == "capability") return read_into(value, s.capability);
    if (name == "driver") return read_into(value, s.driver);
    if (name == "watchdog") return read_into(value, s.watchdog_seconds);
    if (name == "switches") return read_into(value, s.switch_limit);
    return false;
}

std::string apply(Settings& s, const std::string& words) {
    std::istringstream stream(words);
    std::string word;
    while (stream >> word) {
        size_t equals = word.find('=');
        if (equals == std::string::npos || !set(s, word.substr(0, equals), word.substr(equals + 1))) {
            return "the emulated device has no setting \"" + word + "\": see settings.h for those there are";
        }
    }
    return "";
}

Settings from_environment() {
    Settings s;
    const char* words = getenv(VARIABLE);
    std::string wrong = words ? apply(s, words) : "";
    if (!wrong.empty()) {
        fprintf(stderr, "[emulated CUDA] %s: %s\n", VARIABLE, wrong.c_str());
        exit(2);
    }
    return s;
}

}  // namespace

Settings& settings() {
    static Settings current = from_environment();
    return current;
}

std::string configure(const std::string& words) {
    Settings changed = settings();
    std::string wrong = apply(changed, words);
    if (wrong.empty()) {
        settings() = changed;
    }
    return wrong;
}

void restore_settings() {
    settings() = from_environment();
}

}  // namespace emulator
