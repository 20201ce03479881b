#pragma once

// What systems are told of the people and organisations they know: "person.moved" and its like. The
// part before the point is the dataset it is about. Pure.

#include "gateway/core/grants.hpp"
#include "gateway/core/records_config.hpp"

#include <string>
#include <string_view>

namespace gateway::core {

/// Changes of a register may have passed untold. About nobody: its handle is the feed's own.
inline constexpr std::string_view gap_event = "feed.gap";
/// Its register tells again; whom one follows is looked up once more now.
inline constexpr std::string_view gap_closed_event = "feed.gap-closed";

/// "person" of "person.moved".
std::string_view dataset_of_event(std::string_view event);

/// The purpose has the event and may see something of its dataset, and these are the grants of a
/// system that may read the dataset for it. Of a gap: the same of any event of the purpose's.
/// Default deny.
bool may_be_told(const PurposeConfig& purpose, const Grants& grants, std::string_view event);

}   // namespace gateway::core
