#include "adapters/svarut/svarut_acts.hpp"

#include "adapters/svarut/svarut_answers.hpp"

#include <algorithm>
#include <array>

namespace gateway::svarut {

using fiks_platform::Client;
using sdk::Verdict;

namespace {

constexpr std::array<std::string_view, 8> names{
    "shipment_types",   "recipient_systems", "find_shipment", "shipment_events",
    "shipment_signing", "shipment_metadata", "mark_read",     "delete_documents"};

}   // namespace

bool Acts::knows(const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

std::optional<sdk::HttpRequest> Acts::request_of(const sdk::Act& act) const {
    const std::string& base = settings_.access.base_url;
    const json::Value& with = act.with;
    if (act.name == "shipment_types") {
        return types_request(base);
    }
    if (act.name == "recipient_systems") {
        MailboxQuestion question;
        question.organisation = with["organisation"].as_string();
        question.type = with["type"].as_string();
        question.level = static_cast<int>(with["level"].as_int());
        if (!core::is_organisation_number(question.organisation)) {
            return std::nullopt;
        }
        return mailboxes_request(base, question);
    }
    if (act.name == "find_shipment") {
        const std::string account = with.has("account")
                                        ? fiks_platform::uuid_in(with["account"].as_string())
                                        : account_of(settings_, RouteSettings(),
                                                     core::TenantId(with["tenant"].as_string()));
        const std::string& reference = with["reference"].as_string();
        if (account.empty() || reference.empty() || reference.size() > 100) {
            return std::nullopt;
        }
        return search_request(base, account, reference, true);
    }
    const std::string id = fiks_platform::uuid_in(with["id"].as_string());
    if (id.empty()) {
        return std::nullopt;
    }
    if (act.name == "shipment_events") {
        return about_request(base, id, About::events);
    }
    if (act.name == "shipment_signing") {
        return about_request(base, id, About::signing_events);
    }
    if (act.name == "shipment_metadata") {
        return about_request(base, id, About::metadata);
    }
    if (act.name == "delete_documents") {
        const std::string& which = with["which"].as_string();
        if (which != "originals" && which != "all") {
            return std::nullopt;
        }
        return delete_request(base, id, which == "all" ? Deletion::all : Deletion::originals);
    }
    const auto at = core::parse_rfc3339(with["at"].as_string());
    if (!core::is_person_number(with["person"].as_string()) || !at) {
        return std::nullopt;
    }
    json::Value body;
    body.set("fnr", with["person"]).set("tidspunkt", core::to_rfc3339(*at));
    if (with.has("system")) {
        body.set("eksterntSystemnavn", with["system"]);
    }
    return read_request(base, id, body);
}

sdk::Task<sdk::ActAnswer> Acts::act(sdk::Act act, sdk::Deadline deadline) {
    sdk::ActAnswer answer;
    if (!request_of(act)) {
        answer.code = "svarut.act_incomplete";
        answer.params = {{"act", act.name}};
        co_return answer;
    }
    Client::Build making = [&] { return plain(std::move(*request_of(act))); };
    const auto reply = co_await client_.call(std::move(making), sdk::Effect::none, deadline);
    if (!reply.response) {
        answer.verdict = reply.outcome.verdict;
        answer.code = reply.outcome.code;
        answer.params = reply.outcome.params;
        co_return answer;
    }
    if (reply.response->status >= 300) {
        const auto outcome = outcome_of_refusal(*reply.response);
        answer.verdict = outcome.verdict;
        answer.code = outcome.code;
        answer.params = outcome.params;
        co_return answer;
    }
    answer.verdict = Verdict::accepted;
    const auto body = json::parse(reply.response->body);
    answer.value = body ? *body : json::Value::object();
    co_return answer;
}

}   // namespace gateway::svarut
