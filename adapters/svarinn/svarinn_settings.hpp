#pragma once

#include "gateway/sdk/adapter.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace gateway::svarinn {

enum class Version { v1, v2 };

/// The connection's settings, checked by config.schema.json before they come here.
struct Settings {
    std::string origin;     // of every call, no trailing slash
    std::string base_url;   // up to and with /svarinn
    core::TenantId tenant;
    std::string user;
    std::string password;
    Version version = Version::v2;
    std::chrono::seconds poll_every{900};
    std::uint64_t bytes_max = 5'000'000'000;
    int quarantine_after = 3;
    int send_on_after = 0;   // 0: never
    sdk::ReceiptOwner receipt_owner = sdk::ReceiptOwner::gateway;
    std::chrono::hours answer_within{24};
    bool overdue_is_sent_on = true;

    Settings() = default;
};

core::Result<Settings> read_settings(const sdk::ConnectionFacts& facts);

}   // namespace gateway::svarinn
