#pragma once

// The one door to RapidJSON. valijson's adapter stands first: it makes RAPIDJSON_ASSERT throw where
// RapidJSON alone would abort. Included by .cpp files of this folder only.

#include <valijson/adapters/rapidjson_adapter.hpp>

#include <rapidjson/document.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>
