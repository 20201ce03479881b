#pragma once

// What the lists of alarms and of approvals are asked for by: newest first, page by page, with or
// without those that are over.

#include "gateway/alarms/view.hpp"
#include "gateway/http/message.hpp"
#include "gateway/ports/intake.hpp"
#include "gateway/view/refusal.hpp"
#include "gateway/view/search_condition.hpp"

#include <optional>

namespace gateway::admin {

inline constexpr std::size_t open_list_page_max = 200;

/// ?cursor=, ?limit= and ?open= into the query; ?tenant= is left to the caller, anything else is
/// refused.
template <class Query>
std::optional<ports::Refusal> read_list_query(const http::Request& request, Query& query) {
    for (const auto& [name, value] : request.query) {
        const auto limit =
            name == "limit" ? view::read_limit(value, open_list_page_max) : std::nullopt;
        if (name == "cursor") {
            query.after = alarms::read_cursor(value);
            if (!query.after) {
                return ports::Refusal("request.bad_cursor");
            }
        } else if (limit) {
            query.limit = *limit;
        } else if (name == "open" && (value == "true" || value == "false")) {
            query.open = value == "true";
        } else if (name != "tenant") {
            return view::bad_parameter(name);
        }
    }
    return std::nullopt;
}

}   // namespace gateway::admin
