#pragma once

#include "adapters/altinn_broker/standin/book.hpp"
#include "adapters/common/standin/altinn_access.hpp"
#include "gateway/http/message.hpp"

#include <optional>
#include <string>

namespace gateway::altinn_broker::standin {

/// What POST /filetransfer does: the transfer when every rule holds, else why not. `fields` has the
/// request's members, names in camel case.
struct Initialised {
    std::optional<Transfer> transfer;
    http::Response refusal;

    Initialised() = default;
};
Initialised initialise(Book& book, const gateway::standin::AltinnCaller& caller,
                       const json::Value& fields);

/// The most bytes the transfer's resource takes.
std::uint64_t bytes_max(const Book& book, const Transfer& transfer);

}   // namespace gateway::altinn_broker::standin
