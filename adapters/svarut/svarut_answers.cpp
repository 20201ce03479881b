#include "adapters/svarut/svarut_answers.hpp"

#include "adapters/common/fiks/fiks_errors.hpp"

#include <algorithm>
#include <array>

namespace gateway::svarut {

using sdk::ReceiptKind;

namespace {

constexpr std::size_t found_max = 100;
constexpr std::size_t events_max = 1000;
constexpr std::size_t status_length_max = 40;
constexpr std::chrono::hours pace_first{1};
constexpr std::chrono::hours pace_second{24};

struct Meaning {
    std::string_view status;
    ReceiptKind kind;
    const char* code;
    Stage stage;
    bool other_channel_may = false;
};

/// Statuses of v2 and v3. v2's SENDT_DIGITALT stands for every digital channel, delivered or not.
constexpr std::array<Meaning, 19> meanings{{
    {"AKSEPTERT", ReceiptKind::other, "svarut.accepted", Stage::under_way},
    {"VARSLET", ReceiptKind::notice_sent, "svarut.notice_sent", Stage::under_way},
    {"KLAR_FOR_MOTTAK", ReceiptKind::other, "svarut.waits_for_system", Stage::under_way},
    {"SENDT_PRINT", ReceiptKind::other, "svarut.sent_to_print", Stage::under_way},
    {"SENDT_DIGITALT", ReceiptKind::other, "svarut.sent_digitally", Stage::under_way},
    {"SENDT_ALTINN", ReceiptKind::other, "svarut.sent_to_altinn", Stage::under_way},
    {"SENDT_SDP", ReceiptKind::other, "svarut.sent_to_mailbox", Stage::under_way},
    {"SENDT_NHN_MOTTAKER", ReceiptKind::other, "svarut.sent_to_health_network", Stage::under_way},
    {"LEVERT_ALTINN", ReceiptKind::delivered, "svarut.delivered_altinn", Stage::delivered},
    {"LEVERT_SDP", ReceiptKind::delivered, "svarut.delivered_mailbox", Stage::delivered},
    {"LEVERT_NHN_MOTTAKER", ReceiptKind::delivered, "svarut.delivered_health_network",
     Stage::delivered},
    {"LEST", ReceiptKind::read, "svarut.read", Stage::done},
    {"PRINTET", ReceiptKind::delivered, "svarut.printed", Stage::done},
    {"MANUELT_HANDTERT", ReceiptKind::other, "svarut.handled_by_hand", Stage::done},
    {"SLETTET", ReceiptKind::other, "svarut.deleted", Stage::done},
    {"AVVIST", ReceiptKind::refused, "svarut.rejected", Stage::failed},
    {"FEILET_UNDER_MOTTAK", ReceiptKind::failed, "svarut.failed_receiving", Stage::failed, true},
    {"IKKE_LEVERT", ReceiptKind::failed, "svarut.not_delivered", Stage::failed, true},
    {"MOTTATT", ReceiptKind::other, "", Stage::under_way},
}};

const Meaning* meaning_of(const std::string& status) {
    const auto found = std::find_if(meanings.begin(), meanings.end(),
                                    [&](const Meaning& one) { return one.status == status; });
    return found == meanings.end() ? nullptr : &*found;
}

struct Signing {
    std::string_view status;
    ReceiptKind kind;
    const char* code;
};
constexpr std::array<Signing, 5> signings{{
    {"AVVIST_AV_SVARUT", ReceiptKind::other, "svarut.sign_rejected"},
    {"VENTER_SIGNERING", ReceiptKind::other, "svarut.sign_waits"},
    {"SIGNERT_AV_MOTTAKER", ReceiptKind::confirmed, "svarut.signed"},
    {"AVVIST_AV_MOTTAKER", ReceiptKind::other, "svarut.sign_declined"},
    {"UTLOPT", ReceiptKind::other, "svarut.sign_expired"},
}};

std::optional<json::Value> object_in(const sdk::HttpResponse& response) {
    if (response.status != 200) {
        return std::nullopt;
    }
    auto body = json::parse(response.body);
    if (!body || !body->is_object()) {
        return std::nullopt;
    }
    return std::move(*body);
}

/// A status is theirs, but stands in codes' parameters: capitals, digits and underscores alone.
std::string plain_status(const std::string& text) {
    const bool plain = !text.empty() && text.size() <= status_length_max &&
                       std::all_of(text.begin(), text.end(), [](char c) {
                           return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
                       });
    return plain ? text : std::string();
}

core::Time time_in(const json::Value& text) {
    const auto at = core::parse_rfc3339(text.as_string());
    return at ? *at : core::Time{};
}

}   // namespace

std::optional<std::string> read_id(const sdk::HttpResponse& response) {
    const auto body = object_in(response);
    auto id = body ? fiks_platform::uuid_in((*body)["id"].as_string()) : std::string();
    return id.empty() ? std::nullopt : std::optional(std::move(id));
}

std::optional<std::vector<std::string>> read_found(const sdk::HttpResponse& response) {
    const auto body = object_in(response);
    if (!body || !(*body)["forsendelseIds"].is_array()) {
        return std::nullopt;
    }
    std::vector<std::string> ids;
    for (const auto& one : (*body)["forsendelseIds"].items()) {
        auto id = fiks_platform::uuid_in(one.as_string());
        if (id.empty() || ids.size() >= found_max) {
            return std::nullopt;
        }
        ids.push_back(std::move(id));
    }
    return ids;
}

std::optional<Statuses> read_statuses(const sdk::HttpResponse& response) {
    const auto body = object_in(response);
    if (!body || !(*body)["statuser"].is_array()) {
        return std::nullopt;
    }
    Statuses statuses;
    for (const auto& one : (*body)["statuser"].items()) {
        auto id = fiks_platform::uuid_in(one["id"].as_string());
        Told told;
        told.status = plain_status(one["status"].as_string());
        told.at = time_in(one["sisteStatusEndring"]);
        if (id.empty()) {
            return std::nullopt;   // whose it is may be whose we ask for: that one is not gone
        }
        const auto known = statuses.find(id);
        if (known == statuses.end() || known->second.status.empty() ||
            (known->second.at < told.at && !told.status.empty())) {
            statuses[id] = std::move(told);
        }
    }
    return statuses;
}

std::optional<std::vector<Event>> read_events(const sdk::HttpResponse& response) {
    const auto body = object_in(response);
    if (!body || !(*body)["hendelser"].is_array()) {
        return std::nullopt;
    }
    std::vector<Event> events;
    for (const auto& one : (*body)["hendelser"].items()) {
        if (events.size() >= events_max) {
            break;
        }
        Event event;
        event.status = plain_status(one["status"].as_string());
        event.words = one["hendelse"].as_string();
        event.at = time_in(one["tidspunkt"]);
        events.push_back(std::move(event));
    }
    return events;
}

Stage stage_of(const std::string& status) {
    const Meaning* meaning = meaning_of(status);
    return meaning == nullptr ? Stage::under_way : meaning->stage;
}

std::optional<sdk::Receipt> receipt_of(const std::string& id, const Told& told) {
    if (told.status.empty()) {
        return std::nullopt;
    }
    sdk::Receipt receipt;
    receipt.dedupe_id = id + ":" + told.status;
    receipt.at = told.at;
    const Meaning* meaning = meaning_of(told.status);
    if (meaning == nullptr) {
        receipt.code = "svarut.other_status";
        receipt.params.emplace_back("status", told.status);
        return receipt;
    }
    if (*meaning->code == '\0') {
        return std::nullopt;
    }
    receipt.kind = meaning->kind;
    receipt.code = meaning->code;
    if (meaning->stage == Stage::failed) {
        receipt.other_channel_may = meaning->other_channel_may;
    }
    return receipt;
}

sdk::Receipt signing_receipt(const std::string& id, const Event& event) {
    sdk::Receipt receipt;
    receipt.dedupe_id = id + ":sign:" + event.status;
    receipt.at = event.at;
    receipt.code = "svarut.other_status";
    receipt.params.emplace_back("status", event.status);
    for (const auto& one : signings) {
        if (one.status == event.status) {
            receipt.kind = one.kind;
            receipt.code = one.code;
            receipt.params.clear();
        }
    }
    return receipt;
}

std::optional<std::chrono::seconds> ask_again(const Settings& settings, const std::string& status,
                                              core::Duration age) {
    const Stage stage = stage_of(status);
    if (stage == Stage::done || stage == Stage::failed || age >= settings.follow_for) {
        return std::nullopt;
    }
    if (age < pace_first) {
        return settings.poll_every;
    }
    return settings.poll_every * (age < pace_second ? 10 : 60);
}

sdk::Outcome outcome_of_refusal(const sdk::HttpResponse& response) {
    if (response.status == 404) {
        sdk::Outcome outcome(sdk::Verdict::rejected, "svarut.account_unknown",
                             {{"error", fiks_platform::error_id(response)}});
        outcome.upstream_text = sdk::peer_text(response.body);
        return outcome;
    }
    auto outcome = fiks_platform::outcome_of_refusal(response);
    if (response.status == 400 || response.status == 413 || response.status == 422) {
        outcome.code = "svarut.refused";
    }
    return outcome;
}

}   // namespace gateway::svarut
