#pragma once

// transfer/v1 as Broker takes it: one file to one organisation. Pure.

#include "adapters/altinn_broker/broker_settings.hpp"
#include "gateway/json/value.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace gateway::altinn_broker {

/// A file larger than this no scanned resource takes, whatever it says of itself.
inline constexpr std::uint64_t file_bytes_max = 50'000'000'000;

/// A transfer on its way out, opened. Refers to its delivery.
struct Transfer {
    const core::Delivery* delivery = nullptr;
    RouteSettings route;
    std::string sender;      // 9 digits
    std::string recipient;   // 9 digits
    json::Value properties = json::Value::object();

    Transfer() = default;
    const core::DocumentRef& file() const { return delivery->documents.front(); }
    /// sendersFileTransferReference: by it a transfer is found again whose making was not answered.
    const std::string& reference() const { return delivery->upstream_key; }
};

/// Nothing when content or settings are not what was checked at accept.
std::optional<Transfer> read_transfer(const core::Delivery& delivery);

/// The body of POST /filetransfer.
std::string describe(const Transfer& transfer, bool without_scan);
/// The form's parts before and after the file.
std::string form_head(const Transfer& transfer, bool without_scan, const std::string& boundary);
std::string form_tail(const std::string& boundary);

/// Broker's rules for this message, all problems at once.
std::vector<core::Problem> check_transfer(const json::Value& message,
                                          std::span<const core::DocumentRef> documents);

}   // namespace gateway::altinn_broker
