#pragma once

// What Broker answers, read: unknown members and unknown statuses are tolerated, another shape is
// not. Pure.

#include "gateway/core/time.hpp"
#include "gateway/json/value.hpp"
#include "gateway/sdk/exchange.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::altinn_broker {

/// A UUID in lower case, or nothing: ids of theirs go into paths and must be nothing else.
std::optional<std::string> id_from(const json::Value& value);

/// {"fileTransferId": id}, or the bare id that the form's call answers.
std::optional<std::string> read_transfer_id(const sdk::HttpResponse& response);

/// A search's list of ids, 100 at most.
inline constexpr std::size_t found_max = 100;
std::optional<std::vector<std::string>> read_ids(const sdk::HttpResponse& response);

enum class Status {
    initialized,
    upload_started,
    processing,
    published,
    cancelled,
    all_confirmed,
    purged,
    failed,
    other
};
struct RecipientState {
    std::string organisation;   // 9 digits
    std::string status;
    std::optional<core::Time> changed;

    RecipientState() = default;
};
/// One file transfer as Broker tells of it.
struct Overview {
    std::string id;
    Status status = Status::other;
    std::string status_name;
    std::string text;   // what Altinn says of the status
    std::optional<core::Time> changed;
    std::optional<core::Time> created;
    std::optional<core::Time> published;
    std::string file_name;
    std::string reference;
    std::string checksum;   // MD5, lower-case hex; empty when none
    std::uint64_t size = 0;
    std::string sender;   // 9 digits
    std::string resource;
    std::vector<RecipientState> recipients;
    json::Value properties;

    Overview() = default;
};
std::optional<Overview> read_overview(const sdk::HttpResponse& response);

/// `Upload-Offset` of a resumable upload.
std::optional<std::uint64_t> read_offset(const sdk::HttpResponse& response);

/// maxFileTransferSize; 0 when the resource has none of its own.
std::optional<std::uint64_t> read_size_limit(const sdk::HttpResponse& response);

/// The first byte of a 206, by its Content-Range.
std::optional<std::uint64_t> read_range_start(const sdk::HttpResponse& response);

/// What has become of a transfer we sent, and when to ask again.
sdk::Receipts receipts_of(const Overview& overview, core::Time accepted_at, core::Time now,
                          std::chrono::hours follow_for);

}   // namespace gateway::altinn_broker
