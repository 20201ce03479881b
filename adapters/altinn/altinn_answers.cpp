#include "adapters/altinn/altinn_answers.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace gateway::altinn {
namespace {

using std::chrono::seconds;

constexpr seconds publish_pace_min{2};
constexpr seconds publish_pace_max{15 * 60};
constexpr seconds read_pace_min{10};
constexpr seconds read_pace_max{6 * 3600};
constexpr seconds details_pace_min{5 * 60};   // details ask two other systems at Altinn's side
constexpr std::size_t notices_max =
    150;   // of one answer: with the letter's own news, no more than is taken at once

std::optional<json::Value> object_of(const sdk::HttpResponse& response) {
    auto parsed = json::parse(response.body);
    if (response.status != 200 || !parsed || !parsed->is_object()) {
        return std::nullopt;
    }
    return std::move(*parsed);
}

std::optional<core::Time> time_of(const json::Value& value) {
    const auto time = core::parse_rfc3339(value.as_string());
    return time ? std::optional<core::Time>(*time) : std::nullopt;
}

/// A status name as a parameter: letters only, whatever Altinn will invent.
std::string shown(const std::string& status) {
    const bool plain = !status.empty() && status.size() <= 40 &&
                       std::all_of(status.begin(), status.end(), [](char c) {
                           return std::isalpha(static_cast<unsigned char>(c)) != 0;
                       });
    return plain ? status : "-";
}

/// Asked again after a tenth of the letter's age (a quarter while unpublished), within bounds:
/// quick at first, slow later.
seconds pace(core::Duration age, int share, seconds least, seconds most) {
    return std::clamp(std::chrono::duration_cast<seconds>(age) / share, least, most);
}

/// One correspondence as Altinn tells of it.
class Overview {
public:
    Overview(json::Value body, core::Time accepted_at)
        : body_(std::move(body)),
          status_(body_["status"].as_string()),
          id_(*id_from(body_["correspondenceId"])),
          changed_(time_of(body_["statusChanged"]).value_or(accepted_at)),
          published_(time_of(body_["published"])),
          read_(time_of(body_["read"])),
          created_(time_of(body_["created"]).value_or(accepted_at)) {}

    sdk::Receipts receipts(const Settings& settings, core::Time now) {
        tell();
        for (const auto& notice : body_["notifications"].items()) {
            tell_notice(notice);
        }
        for (const auto& past : body_["statusHistory"].items()) {
            tell_past(past);
        }
        told_.ask_again = next(settings, now);
        return std::move(told_);
    }

private:
    bool is(const char* name) const { return status_ == name; }

    void add(const std::string& what, sdk::ReceiptKind kind, core::Time at, core::Code code,
             core::Params params = {}) {
        sdk::Receipt receipt;
        receipt.dedupe_id = id_ + ":" + what;
        receipt.kind = kind;
        receipt.at = at;
        receipt.code = std::move(code);
        receipt.params = std::move(params);
        const auto told = [&](const sdk::Receipt& earlier) {
            return earlier.dedupe_id == receipt.dedupe_id;
        };
        if (std::none_of(told_.items.begin(), told_.items.end(), told)) {
            told_.items.push_back(std::move(receipt));
        }
    }

    void tell() {
        if (published_ || after_publish()) {
            add("Published", sdk::ReceiptKind::delivered, published_.value_or(changed_),
                "delivered");
        }
        // A later status hides that it was read: the time of reading does not.
        if (read_ || is("Read") || is("Replied")) {
            add("Read", sdk::ReceiptKind::read, read_.value_or(changed_), "read");
        }
        if (is("Confirmed")) {
            add("Confirmed", sdk::ReceiptKind::confirmed, changed_, "confirmed");
            add("Read", sdk::ReceiptKind::read, changed_,
                "read");   // contract: confirmed is also read
        } else if (is("Failed")) {
            add("Failed", sdk::ReceiptKind::failed, changed_, "altinn.publish_failed");
            told_.items.back().upstream_text = sdk::peer_text(body_["statusText"].as_string());
        } else if (is("Reserved")) {
            add("Reserved", sdk::ReceiptKind::failed, changed_, "altinn.reserved");
        } else if (is("PurgedByRecipient") || is("PurgedByAltinn")) {
            tell_purged();
        } else if (is("Fetched") || is("AttachmentsDownloaded") || is("Archived") ||
                   is("Forwarded") || is("Replied")) {
            add(status_, sdk::ReceiptKind::other, changed_, "receipt_other", {{"status", status_}});
        } else if (!before_publish() && !is("Published") && !is("Read")) {
            add("?" + shown(status_), sdk::ReceiptKind::other, changed_, "altinn.unexpected_status",
                {{"status", shown(status_)}});
        }
    }

    void tell_purged() {
        if (published_) {
            add(status_, sdk::ReceiptKind::other, changed_, "altinn.purged");
        } else {
            add(status_, sdk::ReceiptKind::cancelled, changed_,
                "cancelled");   // ours, before it was published
        }
    }

    /// Details only: what the current status no longer shows.
    void tell_past(const json::Value& past) {
        const std::string& status = past["status"].as_string();
        const auto at = time_of(past["statusChanged"]).value_or(changed_);
        if (status == "Read") {
            add("Read", sdk::ReceiptKind::read, at, "read");
        } else if (status == "Confirmed") {
            add("Confirmed", sdk::ReceiptKind::confirmed, at, "confirmed");
            add("Read", sdk::ReceiptKind::read, at, "read");
        }
    }

    /// Details only. The address a notice went to stays with Altinn.
    void tell_notice(const json::Value& notice) {
        const json::Value& details = notice["notificationStatusDetails"];
        std::vector<const json::Value*> sent{&details["email"], &details["sms"]};
        for (const char* list : {"emails", "smses"}) {
            for (const auto& one : details[list].items()) {
                sent.push_back(&one);
            }
        }
        for (const json::Value* one : sent) {
            const auto id = id_from((*one)["id"]);
            const std::string& status = (*one)["sendStatus"]["status"].as_string();
            const auto at = time_of((*one)["sendStatus"]["lastUpdate"]).value_or(changed_);
            if (!id || told_.items.size() >= notices_max) {
                continue;
            }
            if (status.find("Failed") != std::string::npos) {
                add("notice-failed:" + *id, sdk::ReceiptKind::notice_failed, at, "notice_failed");
            } else if (status.find("Delivered") != std::string::npos ||
                       (*one)["succeeded"].as_bool()) {
                add("notice-sent:" + *id, sdk::ReceiptKind::notice_sent, at, "notice_sent");
            }
        }
    }

    bool before_publish() const { return is("Initialized") || is("ReadyForPublish"); }
    bool after_publish() const {
        constexpr std::array<std::string_view, 8> after{"Published",
                                                        "Fetched",
                                                        "Read",
                                                        "Replied",
                                                        "Confirmed",
                                                        "Archived",
                                                        "AttachmentsDownloaded",
                                                        "Forwarded"};
        return std::find(after.begin(), after.end(), status_) != after.end();
    }
    bool told_of(sdk::ReceiptKind kind) const {
        return std::any_of(told_.items.begin(), told_.items.end(),
                           [&](const sdk::Receipt& receipt) { return receipt.kind == kind; });
    }

    std::optional<seconds> next(const Settings& settings, core::Time now) const {
        const bool confirm = body_["isConfirmationNeeded"].as_bool();
        const bool done =
            confirm ? told_of(sdk::ReceiptKind::confirmed) : told_of(sdk::ReceiptKind::read);
        if (done || is("Failed") || is("Reserved") || is("PurgedByRecipient") ||
            is("PurgedByAltinn")) {
            return std::nullopt;
        }
        if (before_publish()) {
            return pace(now - created_, 4, publish_pace_min, publish_pace_max);
        }
        const auto age = now - published_.value_or(created_);
        if (age > settings.follow_for) {
            return std::nullopt;
        }
        const bool details = settings.notice_details && body_["notification"].is_object();
        return pace(age, 10, details ? details_pace_min : read_pace_min, read_pace_max);
    }

    json::Value body_;
    std::string status_;
    std::string id_;
    core::Time changed_;
    std::optional<core::Time> published_;
    std::optional<core::Time> read_;
    core::Time created_;
    sdk::Receipts told_;
};

}   // namespace

std::optional<std::string> id_from(const json::Value& value) {
    const auto id = core::parse_uuid(value.as_string());
    return id ? std::optional<std::string>(id->to_string()) : std::nullopt;
}

std::optional<Initialised> read_initialised(const sdk::HttpResponse& response) {
    const auto body = object_of(response);
    if (!body || (*body)["correspondences"].items().size() != 1) {
        return std::nullopt;
    }
    const json::Value& one = (*body)["correspondences"].items().front();
    const auto id = id_from(one["correspondenceId"]);
    if (!id) {
        return std::nullopt;
    }
    Initialised made;
    made.correspondence = *id;
    made.status = one["status"].as_string();
    for (const auto& notice : one["notifications"].items()) {
        const std::string& status = notice["status"].as_string();
        made.notice_failed =
            made.notice_failed || status == "MissingContact" || status == "Failure";
    }
    return made;
}

std::optional<std::string> read_attachment_id(const sdk::HttpResponse& response) {
    const auto parsed = json::parse(response.body);
    if (response.status != 200 || !parsed) {
        return std::nullopt;
    }
    return id_from(*parsed);
}

std::optional<AttachmentOverview> read_attachment(const sdk::HttpResponse& response) {
    const auto body = object_of(response);
    if (!body || !id_from((*body)["attachmentId"])) {
        return std::nullopt;
    }
    constexpr std::array<std::pair<std::string_view, AttachmentStatus>, 6> names{{
        {"Initialized", AttachmentStatus::initialized},
        {"UploadProcessing", AttachmentStatus::processing},
        {"Published", AttachmentStatus::published},
        {"Purged", AttachmentStatus::purged},
        {"Failed", AttachmentStatus::failed},
        {"Expired", AttachmentStatus::expired},
    }};
    AttachmentOverview overview;
    overview.text = (*body)["statusText"].as_string();
    for (const auto& [name, status] : names) {
        if ((*body)["status"].as_string() == name) {
            overview.status = status;
        }
    }
    return overview;
}

std::optional<std::vector<std::string>> read_ids(const sdk::HttpResponse& response) {
    const auto body = object_of(response);
    if (!body || !(*body)["ids"].is_array()) {
        return std::nullopt;
    }
    std::vector<std::string> ids;
    for (const auto& one : (*body)["ids"].items()) {
        const auto id = id_from(one);
        if (!id) {
            return std::nullopt;
        }
        ids.push_back(*id);
    }
    return ids;
}

std::optional<sdk::Receipts> read_receipts(const sdk::HttpResponse& response,
                                           const Settings& settings, core::Time accepted_at,
                                           core::Time now) {
    auto body = object_of(response);
    if (!body || !id_from((*body)["correspondenceId"]) || !(*body)["status"].is_string()) {
        return std::nullopt;
    }
    return Overview(std::move(*body), accepted_at).receipts(settings, now);
}

}   // namespace gateway::altinn
