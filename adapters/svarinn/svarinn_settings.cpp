#include "adapters/svarinn/svarinn_settings.hpp"

namespace gateway::svarinn {

core::Result<Settings> read_settings(const sdk::ConnectionFacts& facts) {
    const auto parsed = json::parse_or_failure(facts.settings);
    if (!parsed) {
        return parsed.error();
    }
    const json::Value& given = *parsed;
    if (facts.base_url.empty()) {
        return core::Failure(core::Errc::invalid_argument, "svarinn needs base_url");
    }
    Settings settings;
    settings.version = given["version"].as_string() == "v1" ? Version::v1 : Version::v2;
    std::string path = settings.version == Version::v1 ? "/tjenester" : "/api";
    if (given.has("path")) {
        path = given["path"].as_string();
    }
    settings.origin = facts.base_url;
    settings.base_url = facts.base_url + path + "/svarinn";
    settings.tenant = core::TenantId(given["tenant"].as_string());
    settings.user = given["user"].as_string();
    settings.password = given["password"].as_string();
    settings.poll_every = std::chrono::seconds(given["poll_seconds"].as_int(900));
    settings.bytes_max = static_cast<std::uint64_t>(given["bytes_max"].as_int(5'000'000'000));
    settings.quarantine_after = static_cast<int>(given["quarantine_after"].as_int(3));
    settings.send_on_after = static_cast<int>(given["send_on_after"].as_int(0));
    settings.receipt_owner = given["receipt_owner"].as_string() == "system"
                                 ? sdk::ReceiptOwner::system
                                 : sdk::ReceiptOwner::gateway;
    settings.answer_within = std::chrono::hours(given["answer_hours"].as_int(24));
    settings.overdue_is_sent_on = given["when_overdue"].as_string() != "leave";
    return settings;
}

}   // namespace gateway::svarinn
