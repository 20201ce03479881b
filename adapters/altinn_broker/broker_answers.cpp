#include "adapters/altinn_broker/broker_answers.hpp"

#include "adapters/common/altinn/peer_values.hpp"
#include "gateway/core/ids.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

namespace gateway::altinn_broker {
namespace {

using std::chrono::seconds;

constexpr seconds publish_pace_min{2};
constexpr seconds publish_pace_max{15 * 60};
constexpr seconds fetch_pace_min{10};
constexpr seconds fetch_pace_max{6 * 3600};
constexpr std::size_t recipients_max = 1000;

constexpr std::array<std::pair<std::string_view, Status>, 8> names{{
    {"Initialized", Status::initialized},
    {"UploadStarted", Status::upload_started},
    {"UploadProcessing", Status::processing},
    {"Published", Status::published},
    {"Cancelled", Status::cancelled},
    {"AllConfirmedDownloaded", Status::all_confirmed},
    {"Purged", Status::purged},
    {"Failed", Status::failed},
}};

std::optional<core::Time> time_of(const json::Value& value) {
    const auto time = core::parse_rfc3339(value.as_string());
    return time ? std::optional<core::Time>(*time) : std::nullopt;
}

std::optional<std::uint64_t> number(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc() || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return value;
}

/// A status name as a parameter: letters only, whatever Altinn will invent.
std::string shown(const std::string& status) {
    const bool plain = !status.empty() && status.size() <= 40 &&
                       std::all_of(status.begin(), status.end(), [](char c) {
                           return std::isalpha(static_cast<unsigned char>(c)) != 0;
                       });
    return plain ? status : "-";
}

bool is_md5(const std::string& text) {
    return text.size() == 32 && std::all_of(text.begin(), text.end(), [](char c) {
               return std::isxdigit(static_cast<unsigned char>(c)) != 0;
           });
}

/// Asked again after a share of the age, within bounds: quick at first, slow later.
seconds pace(core::Duration age, int share, seconds least, seconds most) {
    return std::clamp(std::chrono::duration_cast<seconds>(age) / share, least, most);
}

class News {
public:
    News(const Overview& overview, core::Time accepted_at)
        : overview_(overview), changed_(overview.changed.value_or(accepted_at)) {}

    sdk::Receipts tell() {
        const Status status = overview_.status;
        if (overview_.published || status == Status::published || status == Status::all_confirmed) {
            add("Published", sdk::ReceiptKind::delivered, overview_.published.value_or(changed_),
                "delivered");
        }
        for (const auto& recipient : overview_.recipients) {
            tell_of(recipient);
        }
        if (status == Status::failed) {
            add("Failed", sdk::ReceiptKind::failed, changed_, "altinn_broker.scan_rejected");
            told_.items.back().upstream_text = sdk::peer_text(overview_.text);
        } else if (status == Status::cancelled) {
            add("Cancelled", sdk::ReceiptKind::cancelled, changed_, "cancelled");
        } else if (status == Status::purged && !fetched()) {
            add("Purged", sdk::ReceiptKind::returned, changed_, "altinn_broker.never_fetched");
        } else if (status == Status::all_confirmed && !fetched()) {
            confirmed("all", changed_);
        } else if (status == Status::other) {
            add("?" + shown(overview_.status_name), sdk::ReceiptKind::other, changed_,
                "altinn_broker.unexpected_status", {{"status", shown(overview_.status_name)}});
        }
        return std::move(told_);
    }

    bool fetched() const { return fetched_ && overview_.recipients.size() == confirmed_; }

private:
    void add(const std::string& what, sdk::ReceiptKind kind, core::Time at, core::Code code,
             core::Params params = {}) {
        sdk::Receipt receipt;
        receipt.dedupe_id = overview_.id + ":" + what;
        receipt.kind = kind;
        receipt.at = at;
        receipt.code = std::move(code);
        receipt.params = std::move(params);
        told_.items.push_back(std::move(receipt));
    }

    void confirmed(const std::string& whom, core::Time at) {
        add("Confirmed:" + whom, sdk::ReceiptKind::confirmed, at, "confirmed");
        add("Read:" + whom, sdk::ReceiptKind::read, at, "read");   // contract: also read
    }

    void tell_of(const RecipientState& recipient) {
        const auto at = recipient.changed.value_or(changed_);
        if (recipient.status == "DownloadStarted") {
            add("Started:" + recipient.organisation, sdk::ReceiptKind::other, at,
                "altinn_broker.download_started");
        } else if (recipient.status == "DownloadConfirmed") {
            confirmed(recipient.organisation, at);
            fetched_ = true;
            ++confirmed_;
        }
    }

    const Overview& overview_;
    core::Time changed_;
    sdk::Receipts told_;
    bool fetched_ = false;
    std::size_t confirmed_ = 0;
};

}   // namespace

std::optional<std::string> id_from(const json::Value& value) {
    const auto id = core::parse_uuid(value.as_string());
    return id ? std::optional<std::string>(id->to_string()) : std::nullopt;
}

std::optional<std::string> read_transfer_id(const sdk::HttpResponse& response) {
    const auto parsed = json::parse(response.body);
    if (response.status != 200 || !parsed) {
        return std::nullopt;
    }
    return id_from(parsed->is_object() ? (*parsed)["fileTransferId"] : *parsed);
}

std::optional<std::vector<std::string>> read_ids(const sdk::HttpResponse& response) {
    const auto parsed = json::parse(response.body);
    if (response.status != 200 || !parsed || !parsed->is_array()) {
        return std::nullopt;
    }
    std::vector<std::string> ids;
    for (const auto& one : parsed->items()) {
        const auto id = id_from(one);
        if (!id) {
            return std::nullopt;
        }
        ids.push_back(*id);
    }
    return ids;
}

std::optional<Overview> read_overview(const sdk::HttpResponse& response) {
    const auto parsed = json::parse(response.body);
    if (response.status != 200 || !parsed || !parsed->is_object()) {
        return std::nullopt;
    }
    const json::Value& body = *parsed;
    const auto id = id_from(body["fileTransferId"]);
    if (!id || !body["fileTransferStatus"].is_string() ||
        body["recipients"].items().size() > recipients_max) {
        return std::nullopt;
    }
    Overview overview;
    overview.id = *id;
    overview.status_name = body["fileTransferStatus"].as_string();
    for (const auto& [name, status] : names) {
        if (overview.status_name == name) {
            overview.status = status;
        }
    }
    overview.text = body["fileTransferStatusText"].as_string();
    overview.changed = time_of(body["fileTransferStatusChanged"]);
    overview.created = time_of(body["created"]);
    overview.published = time_of(body["published"]);
    overview.file_name = body["fileName"].as_string();
    overview.reference = body["sendersFileTransferReference"].as_string();
    if (is_md5(body["checksum"].as_string())) {
        overview.checksum = body["checksum"].as_string();
        std::transform(
            overview.checksum.begin(), overview.checksum.end(), overview.checksum.begin(),
            [](char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); });
    }
    overview.size =
        static_cast<std::uint64_t>(std::max<std::int64_t>(0, body["fileTransferSize"].as_int()));
    overview.sender = altinn_platform::organisation_in(body["sender"].as_string());
    overview.resource = body["resourceId"].as_string();
    for (const auto& one : body["recipients"].items()) {
        RecipientState recipient;
        recipient.organisation = altinn_platform::organisation_in(one["recipient"].as_string());
        recipient.status = one["currentRecipientFileTransferStatusCode"].as_string();
        recipient.changed = time_of(one["currentRecipientFileTransferStatusChanged"]);
        overview.recipients.push_back(std::move(recipient));
    }
    overview.properties = body["propertyList"];
    return overview;
}

std::optional<std::uint64_t> read_offset(const sdk::HttpResponse& response) {
    if (response.status != 200 && response.status != 204) {
        return std::nullopt;
    }
    return number(response.header("Upload-Offset"));
}

std::optional<std::uint64_t> read_size_limit(const sdk::HttpResponse& response) {
    const auto parsed = json::parse(response.body);
    if (response.status != 200 || !parsed || !parsed->is_object()) {
        return std::nullopt;
    }
    return static_cast<std::uint64_t>(
        std::max<std::int64_t>(0, (*parsed)["maxFileTransferSize"].as_int()));
}

std::optional<std::uint64_t> read_range_start(const sdk::HttpResponse& response) {
    std::string_view text = response.header("Content-Range");
    if (response.status != 206 || !text.starts_with("bytes ")) {
        return std::nullopt;
    }
    text.remove_prefix(6);
    return number(text.substr(0, text.find('-')));
}

sdk::Receipts receipts_of(const Overview& overview, core::Time accepted_at, core::Time now,
                          std::chrono::hours follow_for) {
    News news(overview, accepted_at);
    auto receipts = news.tell();
    switch (overview.status) {
    case Status::failed:
    case Status::cancelled:
    case Status::purged:
    case Status::all_confirmed: return receipts;
    case Status::published: {
        const auto age = now - overview.published.value_or(overview.changed.value_or(accepted_at));
        if (!news.fetched() && age <= follow_for) {
            receipts.ask_again = pace(age, 10, fetch_pace_min, fetch_pace_max);
        }
        return receipts;
    }
    default:
        receipts.ask_again = pace(now - overview.created.value_or(accepted_at), 4, publish_pace_min,
                                  publish_pace_max);
        return receipts;
    }
}

}   // namespace gateway::altinn_broker
