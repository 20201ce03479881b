#include "adapters/digital_post/dpi_answers.hpp"

#include "gateway/core/ids.hpp"

#include <algorithm>
#include <cctype>

namespace gateway::digital_post {
namespace {

constexpr std::size_t statuses_max = 1000;
constexpr std::size_t unread_max = 1000;
constexpr std::chrono::seconds ask_again_min{10};
constexpr std::chrono::seconds ask_again_max{6 * 3600};
// Corner 2 gives up within days. What it has passed on is for the operators to tell of: it is asked
// once more a day later, should it take that back.
constexpr std::chrono::hours followed{24 * 30};
constexpr std::chrono::hours followed_when_passed_on{24};

json::ParseLimits limits_of(const std::string& body) {
    json::ParseLimits limits;
    limits.bytes_max = body.size();
    return limits;
}

bool is_web_page(const sdk::HttpResponse& response) {
    return response.header("Content-Type").substr(0, 9) == "text/html" ||
           response.body.compare(0, 1, "<") == 0;
}

std::string lower(std::string_view text) {
    std::string made(text);
    std::transform(made.begin(), made.end(), made.begin(), [](char c) {
        return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    });
    return made;
}

bool holds_any(const std::string& text, std::initializer_list<std::string_view> words) {
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view word) { return text.find(word) != std::string::npos; });
}

/// A status we do not know says at least that corner 2 has the message.
Passage passage_of(const std::string& name) {
    if (name == "SENDT") {
        return Passage::sent;
    }
    return name == "FEILET" ? Passage::failed : Passage::created;
}

sdk::Receipt receipt_of(const Status& status, bool is_latest, core::Time now) {
    sdk::Receipt receipt;
    receipt.at = status.at.value_or(now);
    switch (status.passage) {
    case Passage::created:
        receipt.dedupe_id = "status/created";
        receipt.code = "digital_post.status_created";
        break;
    case Passage::sent:
        receipt.dedupe_id = "status/sent";
        receipt.code = "digital_post.status_sent";
        break;
    case Passage::failed:
        receipt.dedupe_id = "status/failed";
        if (is_latest) {   // else corner 2 tried again since
            receipt.kind = sdk::ReceiptKind::failed;
        }
        receipt.code = "digital_post.not_forwarded";
        receipt.upstream_text = sdk::peer_text(status.description);
        break;
    }
    return receipt;
}

/// .../messages/in/<uuid>, with or without more behind it.
std::string id_in_url(const std::string& url) {
    constexpr std::string_view before = "/messages/in/";
    const auto at = url.find(before);
    if (at == std::string::npos) {
        return {};
    }
    const auto id = core::parse_uuid(std::string_view(url).substr(at + before.size(), 36));
    return id ? id->to_string() : std::string();
}

}   // namespace

sdk::Outcome outcome_of_sending(const sdk::HttpResponse& response) {
    const bool at_the_door =
        response.status == 408 || response.status == 429 || response.status == 503;
    if (auto passing = sdk::outcome_of_passing_status(response)) {
        if (!at_the_door) {
            passing->verdict = sdk::Verdict::unknown;
        }
        return std::move(*passing);
    }
    if (response.status >= 400) {
        return outcome_of_refusal(response);
    }
    if (response.status < 200 || response.status >= 300 || is_web_page(response)) {
        return sdk::outcome_of_bad_answer(response, sdk::Effect::possible);
    }
    return sdk::Outcome(sdk::Verdict::accepted);
}

bool says_id_is_used(const sdk::HttpResponse& response) {
    if (response.status == 409) {
        return true;
    }
    // In words alone: "InstanceIdentifier or ConversationId already used."
    const std::string said = lower(response.body);
    return response.status == 400 &&
           holds_any(said, {"instanceidentifier", "conversationid", "messageid", "message id"}) &&
           holds_any(said, {"already", "duplicate", "in use", "not unique", "brukt", "finnes"});
}

std::optional<std::vector<Status>> read_statuses(const sdk::HttpResponse& response) {
    if (response.status == 404 || response.status == 204) {
        return std::vector<Status>();
    }
    const auto body = json::parse(response.body, limits_of(response.body));
    if (response.status != 200 || !body || !body->is_array() ||
        body->items().size() > statuses_max) {
        return std::nullopt;
    }
    std::vector<Status> statuses;
    for (const auto& item : body->items()) {
        const std::string& name = item["status"].as_string();
        if (name.empty()) {
            return std::nullopt;
        }
        Status status;
        status.passage = passage_of(name);
        status.description = item["beskrivelse"].as_string();
        if (const auto at = core::parse_rfc3339(item["timestamp"].as_string())) {
            status.at = *at;
        }
        statuses.push_back(std::move(status));
    }
    return statuses;
}

const Status& latest(const std::vector<Status>& statuses) {
    const Status* found = &statuses.front();
    for (const auto& status : statuses) {
        if (!status.at || !found->at || *status.at >= *found->at) {
            found = &status;
        }
    }
    return *found;
}

sdk::Outcome outcome_without_effect(const sdk::HttpResponse& response) {
    if (auto passing = sdk::outcome_of_passing_status(response)) {
        return std::move(*passing);
    }
    return response.status >= 400 ? outcome_of_refusal(response)
                                  : sdk::outcome_of_bad_answer(response, sdk::Effect::none);
}

sdk::Receipts receipts_of(const std::vector<Status>& statuses, core::Time accepted_at,
                          core::Time now) {
    sdk::Receipts receipts;
    bool passed_on = false;
    for (const auto& status : statuses) {
        receipts.items.push_back(receipt_of(status, &status == &latest(statuses), now));
        passed_on = passed_on || status.passage == Passage::sent;
    }
    const auto age = now - accepted_at;
    if (passed_on) {
        if (age < followed_when_passed_on) {
            const auto rest =
                std::chrono::ceil<std::chrono::seconds>(followed_when_passed_on - age);
            receipts.ask_again = std::max(rest, ask_again_min);
        }
    } else if (age < followed) {
        const auto tenth = std::chrono::duration_cast<std::chrono::seconds>(age / 10);
        receipts.ask_again = std::clamp(tenth, ask_again_min, ask_again_max);
    }
    return receipts;
}

std::optional<std::vector<Unread>> read_unread(const sdk::HttpResponse& response) {
    if (response.status == 204) {
        return std::vector<Unread>();
    }
    const auto body = json::parse(response.body, limits_of(response.body));
    if (response.status != 200 || !body || !body->is_array() || body->items().size() > unread_max) {
        return std::nullopt;
    }
    std::vector<Unread> unread;
    for (const auto& item : body->items()) {
        const json::Value& message = item["forretningsmelding"];
        Unread one;
        one.jws = message.is_string() ? message.as_string() : json::write(item);
        one.id_in_url = id_in_url(item["downloadurl"].as_string());
        unread.push_back(std::move(one));
    }
    return unread;
}

sdk::Outcome outcome_of_refusal(const sdk::HttpResponse& response) {
    sdk::Outcome outcome(sdk::Verdict::rejected);
    outcome.upstream_text = sdk::peer_text(response.body);
    switch (response.status) {
    case 400:
    case 422: outcome.code = "digital_post.refused"; break;
    case 401: outcome.code = "upstream.unauthorised"; break;
    case 403: outcome.code = "digital_post.no_access"; break;
    case 413: outcome.code = "digital_post.package_too_large"; break;
    default:
        outcome.code = "upstream.refused";
        outcome.params.emplace_back("status", std::to_string(response.status));
        break;
    }
    return outcome;
}

}   // namespace gateway::digital_post
