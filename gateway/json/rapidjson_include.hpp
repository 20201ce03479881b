#pragma once

// The one door to RapidJSON. valijson's adapter stands first: it makes RAPIDJSON_ASSERT throw where
// RapidJSON alone would abort. Included by .cpp files of this folder only.

#include <stdexcept>

namespace rapidjson {

/// Hides valijson's function of this name from RapidJSON's code, which makes a string of the file's
/// name each time that all is well: a hundred for a message.
template <class Test>
Test rapidjson_assert(Test test, const char* file, int) {
    if (!test) {
        throw std::runtime_error(file);
    }
    return test;
}

}   // namespace rapidjson

#ifdef __SSE2__
#define RAPIDJSON_SSE2
#endif

#include <valijson/adapters/rapidjson_adapter.hpp>

#include <rapidjson/document.h>
#include <rapidjson/reader.h>
