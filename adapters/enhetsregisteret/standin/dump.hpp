#pragma once

#include "adapters/enhetsregisteret/standin/book.hpp"
#include "gateway/sdk/bytes.hpp"

#include <cstdint>
#include <memory>

namespace gateway::enhetsregisteret::standin {

/// All of them as one gzipped JSON array, made as it is read. `cut_after`: an error after so many
/// bytes; 0: whole. The book outlives it.
std::unique_ptr<sdk::ByteSource> make_dump(const Book& book, Kind kind, std::uint64_t cut_after);

}   // namespace gateway::enhetsregisteret::standin
