// What every function of the driver API does first.
#pragma once

#include <string>

#include "driver/cuda_types.h"

namespace emulator {

/** What a function needs before it can do its work. */
enum class Needs { NOTHING, INIT, CONTEXT };

/**
 * Counts the call, and answers with the error that it must return at once: one that a test has planted, "not
 * initialized", "no context", or the error that the context died of.
 */
CUresult enter(const char* function, Needs needs);

/** From now on, call number `nth` (1 is the next) of the function returns `result`. */
void plant_failure(const char* function, unsigned nth, CUresult result);
void clear_planted_failures();

/** How often each function has been called, as a JSON object. */
std::string calls_as_json();
void reset_calls();

void set_initialized();

}  // namespace emulator
