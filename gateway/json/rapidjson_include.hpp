#pragma once

// The one door to RapidJSON. valijson's adapter stands first: it makes RAPIDJSON_ASSERT throw where
// RapidJSON alone would abort. Included by .cpp files of this folder only.

#ifdef __SSE2__
#define RAPIDJSON_SSE2
#endif

#include <valijson/adapters/rapidjson_adapter.hpp>

#include <rapidjson/document.h>
#include <rapidjson/reader.h>
