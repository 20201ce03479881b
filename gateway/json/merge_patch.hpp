#pragma once

// RFC 7396: what a document becomes. A member that is null goes, an object is merged, all else
// takes the place of what was there.

#include "gateway/json/value.hpp"

namespace gateway::json {

/// Bounded by the depth the patch was parsed with.
Value merge_patch(Value target, const Value& patch);

}   // namespace gateway::json
