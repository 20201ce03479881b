#pragma once

// Looks over the field tables of a frame before librabbitmq decodes them: its decoder recurses once
// for each table in a table, as deep as the bytes say. Pure.

#include <cstddef>
#include <optional>
#include <string_view>

namespace gateway::fiks_io::amqp {

/// The bytes that the table at the beginning of `bytes` takes, its length included. Nothing when it
/// is not whole, holds an unknown kind of value, or is nested deeper than `depth_max`.
std::optional<std::size_t> table_bytes(std::string_view bytes, int depth_max);

}   // namespace gateway::fiks_io::amqp
