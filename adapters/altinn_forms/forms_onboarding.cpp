#include "adapters/altinn_forms/forms_onboarding.hpp"

#include <algorithm>

namespace gateway::altinn_forms {
namespace {

constexpr std::size_t words_max = 100;
constexpr std::size_t word_length_max = 255;

sdk::ActAnswer refused(core::Code code, core::Params params = {}) {
    sdk::ActAnswer answer;
    answer.code = std::move(code);
    answer.params = std::move(params);
    return answer;
}

bool is_number(const std::string& text) {
    return text.size() == 9 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// A list of words without spaces or control characters.
bool are_words(const json::Value& list) {
    const auto& items = list.items();
    return items.size() <= words_max &&
           std::all_of(items.begin(), items.end(), [](const auto& item) {
               const std::string& word = item.as_string();
               return !word.empty() && word.size() <= word_length_max &&
                      std::all_of(word.begin(), word.end(),
                                  [](char c) { return c > ' ' && c <= '~'; });
           });
}

bool is_reference(const std::string& text) {
    return text.size() <= word_length_max &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

sdk::ActAnswer answer_of(const Reply& reply) {
    const bool good =
        reply.response && (reply.response->status == 200 || reply.response->status == 201);
    const auto value = good ? json::parse(reply.response->body) : json::parse("");
    json::Value shown = value ? shown_request(*value) : json::Value();
    if (shown.is_null()) {
        const auto outcome = outcome_of(reply);
        sdk::ActAnswer answer = refused(outcome.code, outcome.params);
        answer.verdict =
            outcome.verdict == sdk::Verdict::not_found ? sdk::Verdict::rejected : outcome.verdict;
        if (reply.response && reply.response->status >= 400 && reply.response->status < 500) {
            const auto problem = json::parse(reply.response->body);
            const std::string code = problem ? (*problem)["code"].as_string() : "";
            answer.code = "altinn_forms.system_user_refused";
            answer.params = {{"status", std::to_string(reply.response->status)},
                             {"code", code.empty() ? "-" : code.substr(0, 40)}};
            answer.verdict = sdk::Verdict::rejected;
        }
        return answer;
    }
    sdk::ActAnswer answer;
    answer.verdict = sdk::Verdict::accepted;
    answer.value = std::move(shown);
    return answer;
}

}   // namespace

json::Value system_user_body(const Settings& settings, const json::Value& with) {
    json::Value rights = json::Value::array();
    for (const auto& resource : with["resources"].items()) {
        json::Value pair;
        pair.set("id", "urn:altinn:resource").set("value", resource);
        json::Value right;
        right.set("resource", json::Value::array().push(std::move(pair)));
        rights.push(std::move(right));
    }
    json::Value packages = json::Value::array();
    for (const auto& package : with["packages"].items()) {
        packages.push(json::Value::object().set("urn", package));
    }
    json::Value body;
    body.set("systemId", settings.system_id).set("partyOrgNo", with["organisation"]);
    if (!with["reference"].as_string().empty()) {
        body.set("externalRef", with["reference"]);
    }
    body.set("rights", std::move(rights));
    if (!packages.items().empty()) {
        body.set("accessPackages", std::move(packages));
    }
    if (!with["redirect"].as_string().empty()) {
        body.set("redirectUrl", with["redirect"]);
    }
    return body;
}

json::Value shown_request(const json::Value& answer) {
    if (answer["id"].as_string().empty() || answer["status"].as_string().empty()) {
        return {};
    }
    json::Value rights = json::Value::array();
    for (const auto& right : answer["rights"].items()) {
        for (const auto& pair : right["resource"].items()) {
            rights.push(pair["value"]);
        }
    }
    json::Value packages = json::Value::array();
    for (const auto& package : answer["accessPackages"].items()) {
        packages.push(package["urn"]);
    }
    json::Value shown;
    shown.set("id", answer["id"]).set("status", answer["status"]);
    shown.set("approve", answer["confirmUrl"].as_string());
    shown.set("organisation", answer["partyOrgNo"]).set("reference", answer["externalRef"]);
    shown.set("system", answer["systemId"]).set("rights", std::move(rights));
    shown.set("packages", std::move(packages)).set("created", answer["created"]);
    shown.set("escalated", answer["escalated"].as_bool());
    shown.set("timedOut", answer["timedOut"].as_bool());
    return shown;
}

bool Onboarding::knows(std::string_view act) {
    return act == "request-system-user" || act == "system-user-request";
}

sdk::Task<sdk::ActAnswer> Onboarding::act(sdk::Act act, sdk::Deadline deadline) {
    if (act.name == "request-system-user") {
        co_return co_await request(act.with, deadline);
    }
    co_return co_await look(act.with, deadline);
}

sdk::Task<sdk::ActAnswer> Onboarding::request(const json::Value& with, sdk::Deadline deadline) {
    if (settings_.system_id.empty()) {
        co_return refused("altinn_forms.system_id_missing");
    }
    const std::string& organisation = with["organisation"].as_string();
    const std::string& reference = with["reference"].as_string();
    const bool asks = !with["resources"].items().empty() || !with["packages"].items().empty();
    if (!is_number(organisation) || !is_reference(reference) || !asks ||
        !are_words(with["resources"]) || !are_words(with["packages"])) {
        co_return refused("altinn_forms.system_user_wish_wrong");
    }
    const std::string body = json::write(system_user_body(settings_, with));
    FormsClient::Make make = [&] { return request_system_user(settings_, body); };
    const auto reply =
        co_await client_.call_onboarding(std::move(make), sdk::Effect::possible, deadline);
    // A lost answer, or one there is already: what there is, is shown.
    const bool look_it_up = (!reply.response && reply.outcome.verdict == sdk::Verdict::unknown) ||
                            (reply.response && reply.response->status == 409);
    if (look_it_up) {
        std::string known = reference;
        if (known.empty()) {
            known = organisation;   // what Altinn uses where none was given
        }
        auto found = co_await find(organisation, known, deadline);
        if (found.verdict == sdk::Verdict::accepted) {
            co_return found;
        }
    }
    co_return answer_of(reply);
}

sdk::Task<sdk::ActAnswer> Onboarding::look(const json::Value& with, sdk::Deadline deadline) {
    const std::string& id = with["id"].as_string();
    if (id.empty()) {
        const std::string& organisation = with["organisation"].as_string();
        const std::string& reference = with["reference"].as_string();
        if (!is_number(organisation) || !is_reference(reference)) {
            co_return refused("altinn_forms.system_user_wish_wrong");
        }
        const std::string known = reference.empty() ? organisation : reference;
        co_return co_await find(organisation, known, deadline);
    }
    if (!core::parse_uuid(id)) {
        co_return refused("altinn_forms.system_user_wish_wrong");
    }
    FormsClient::Make make = [&] { return get_system_user_request(settings_, id); };
    const auto reply =
        co_await client_.call_onboarding(std::move(make), sdk::Effect::none, deadline);
    co_return answer_of(reply);
}

sdk::Task<sdk::ActAnswer> Onboarding::find(const std::string& organisation,
                                           const std::string& reference, sdk::Deadline deadline) {
    FormsClient::Make make = [&] {
        return find_system_user_request(settings_, settings_.system_id, organisation, reference);
    };
    const auto reply =
        co_await client_.call_onboarding(std::move(make), sdk::Effect::none, deadline);
    co_return answer_of(reply);
}

}   // namespace gateway::altinn_forms
