#include "adapters/fiks_io/receiver_room.hpp"

#include <algorithm>
#include <string>

namespace gateway::fiks_io {

sdk::Task<core::Result<std::unique_ptr<sdk::Spool>>> reserve_room(sdk::Spools& spools,
                                                                  std::uint64_t bytes) {
    constexpr std::uint64_t piece = 64U << 10U;
    auto room = co_await spools.create(bytes);
    if (!room) {
        co_return room.error();
    }
    const std::string nothing(std::min(bytes, piece), '\0');
    for (std::uint64_t left = bytes; left > 0;) {
        const auto part = std::string_view(nothing).substr(0, std::min(left, piece));
        const auto written = co_await (*room)->write(part);
        if (!written) {
            co_return written.error();
        }
        left -= part.size();
    }
    const auto finished = co_await (*room)->finish();
    if (!finished) {
        co_return finished.error();
    }
    co_return std::move(*room);
}

}   // namespace gateway::fiks_io
