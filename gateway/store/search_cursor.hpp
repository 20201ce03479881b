#pragma once

#include "gateway/core/failure.hpp"
#include "gateway/core/ids.hpp"
#include "gateway/core/time.hpp"

#include <string>
#include <string_view>

namespace gateway::store {

/// Where a page of a search ended: pages go from the newest to the oldest by (created, id).
struct SearchCursor {
    core::Time created{};
    core::MessageId message;

    SearchCursor() = default;
    SearchCursor(core::Time when, core::MessageId what) : created(when), message(what) {}

    /// Opaque to callers.
    std::string write() const;
    /// `invalid_argument` for anything write() did not make.
    static core::Result<SearchCursor> read(std::string_view text);
};

}   // namespace gateway::store
