#include "adapters/fiks_io/fiks_catalogue.hpp"

#include "adapters/common/fiks/fiks_errors.hpp"
#include "gateway/crypto/certificate.hpp"

#include <algorithm>

namespace gateway::fiks_io {

using sdk::Outcome;
using sdk::Verdict;

namespace {

constexpr std::chrono::minutes kept_for{10};
constexpr std::size_t kept_max = 100;   // as KS' own client
constexpr int rsa_bits_min = 2048;
constexpr std::string_view base = "/fiks-io/katalog/api/v1/kontoer/";

Looked<ReceiverKey> unusable(const char* reason) {
    return Looked<ReceiverKey>(
        Outcome(Verdict::rejected, "fiks_io.receiver_key_unusable", {{"reason", reason}}));
}

void warn_of_time(ReceiverKey& key, core::Time now) {
    if (now > key.details.not_after) {
        key.warnings.emplace_back("fiks_io.certificate_expired",
                                  core::Params{{"at", core::to_rfc3339(key.details.not_after)}});
    } else if (now < key.details.not_before) {
        key.warnings.emplace_back("fiks_io.certificate_not_yet_valid",
                                  core::Params{{"from", core::to_rfc3339(key.details.not_before)}});
    }
}

/// An answer to a question without effect: read, unknown, or refused.
Looked<json::Value> judge(const sdk::HttpResponse& response, const char* unknown) {
    if (response.status == 404) {
        return Looked<json::Value>(Outcome(Verdict::rejected, unknown));
    }
    if (response.status >= 400) {
        return Looked<json::Value>(fiks_platform::outcome_of_refusal(response));
    }
    auto body = json::parse(response.body);
    if (response.status != 200 || !body || !body->is_object()) {
        return Looked<json::Value>(sdk::outcome_of_bad_answer(response, sdk::Effect::none));
    }
    return Looked<json::Value>(std::move(*body));
}

/// Makes room for one more: what is no longer good goes first, then whatever ends first.
template <class Kept>
void make_room(std::map<std::string, Kept>& kept, core::SteadyTime now) {
    std::erase_if(kept, [&](const auto& one) { return one.second.until <= now; });
    while (kept.size() >= kept_max) {
        kept.erase(std::min_element(kept.begin(), kept.end(), [](const auto& a, const auto& b) {
            return a.second.until < b.second.until;
        }));
    }
}

}   // namespace

Catalogue::Catalogue(const Settings& settings, sdk::Host& host)
    : settings_(settings), host_(host), client_(settings.access, host) {}

sdk::Task<Looked<json::Value>> Catalogue::ask(std::string path, const char* unknown,
                                              sdk::Deadline deadline) {
    std::string url = settings_.access.base_url + std::string(base) + path;
    auto reply = co_await client_.get(std::move(url), deadline);
    if (!reply.response) {
        co_return Looked<json::Value>(std::move(reply.outcome));
    }
    co_return judge(*reply.response, unknown);
}

/// The one question of Fiks' that needs no token: it is answered also while Maskinporten is away.
sdk::Task<Looked<json::Value>> Catalogue::ask_for_key(std::string account, sdk::Deadline deadline) {
    sdk::HttpRequest request("GET", settings_.access.base_url + std::string(base) + account +
                                        "/offentligNokkel");
    request.headers.emplace_back("Accept", "application/json");
    const auto response = co_await host_.http.send(std::move(request), deadline);
    if (!response) {
        co_return Looked<json::Value>(sdk::outcome_of_failure(response.error(), sdk::Effect::none));
    }
    if (auto refused = fiks_platform::outcome_of_common_refusal(*response, settings_.access, {})) {
        co_return Looked<json::Value>(std::move(*refused));
    }
    co_return judge(*response, "fiks_io.receiver_without_key");
}

Looked<ReceiverKey> Catalogue::read_key(const std::string& account, const json::Value& body) const {
    const auto certificates = crypto::certificates_from_pem(body["nokkel"].as_string());
    if (!certificates || certificates->empty()) {
        return unusable("malformed");
    }
    auto details = seal::read_certificate(certificates->front());
    if (!details) {
        return unusable("malformed");
    }
    if (details->rsa_bits < rsa_bits_min) {
        return unusable(details->rsa_bits == 0 ? "no_rsa" : "short");
    }
    const auto pinned = settings_.pinned.find(account);
    if (pinned != settings_.pinned.end()) {
        const std::string print = details->sha256.to_hex();
        const auto& allowed = pinned->second;
        if (std::find(allowed.begin(), allowed.end(), print) == allowed.end()) {
            return Looked<ReceiverKey>(
                Outcome(Verdict::rejected, "fiks_io.certificate_not_pinned", {{"sha256", print}}));
        }
    }
    ReceiverKey key;
    key.details = std::move(*details);
    warn_of_time(key, host_.clock.now());
    if (key.warnings.empty() && !body["valid"].as_bool(true)) {
        key.warnings.emplace_back("fiks_io.certificate_not_valid");
    }
    return Looked<ReceiverKey>(std::move(key));
}

sdk::Task<Looked<ReceiverKey>> Catalogue::receiver_key(std::string account, sdk::Deadline deadline,
                                                       bool fresh) {
    const auto now = host_.clock.steady();
    const auto kept = keys_.find(account);
    if (!fresh && kept != keys_.end() && now < kept->second.until) {
        co_return Looked<ReceiverKey>(kept->second.value);
    }
    auto body = co_await ask_for_key(account, deadline);
    if (!body.value) {
        co_return Looked<ReceiverKey>(std::move(body.outcome));
    }
    auto key = read_key(account, *body.value);
    if (!key.value) {
        keys_.erase(account);
        co_return key;
    }
    const auto before = keys_.find(account);
    if (before != keys_.end() && before->second.value.details.sha256 != key.value->details.sha256) {
        host_.log.write(sdk::Severity::info, "fiks_io.certificate_changed",
                        core::Params{{"account", account}});
    }
    make_room(keys_, now);
    keys_.insert_or_assign(account, Kept<ReceiverKey>{*key.value, now + kept_for});
    co_return key;
}

sdk::Task<Looked<AccountFacts>> Catalogue::account(std::string account, sdk::Deadline deadline) {
    const auto now = host_.clock.steady();
    const auto kept = accounts_.find(account);
    if (kept != accounts_.end() && now < kept->second.until) {
        co_return Looked<AccountFacts>(kept->second.value);
    }
    const auto body = co_await ask(account, "fiks_io.account_unknown", deadline);
    if (!body.value) {
        co_return Looked<AccountFacts>(body.outcome);
    }
    AccountFacts facts;
    facts.account = account;
    facts.name = (*body.value)["kontoNavn"].as_string();
    facts.organisation_name = (*body.value)["fiksOrgNavn"].as_string();
    const std::string& number = (*body.value)["organisasjonsnummer"].as_string();
    if (core::is_organisation_number(number)) {
        facts.organisation = number;
    }
    make_room(accounts_, now);
    accounts_.insert_or_assign(account, Kept<AccountFacts>{facts, now + kept_for});
    co_return Looked<AccountFacts>(std::move(facts));
}

sdk::Task<Looked<AccountStatus>> Catalogue::status(std::string account, sdk::Deadline deadline) {
    const auto body = co_await ask(account + "/status", "fiks_io.account_unknown", deadline);
    if (!body.value) {
        co_return Looked<AccountStatus>(body.outcome);
    }
    const json::Value& said = *body.value;
    AccountStatus status;
    status.valid_sender = said["gyldigAvsender"].as_bool();
    status.valid_receiver = said["gyldigMottaker"].as_bool();
    status.consumers = said["antallKonsumenter"].as_int();
    status.unfetched = said["antallUavhentedeMeldinger"].as_int();
    co_return Looked<AccountStatus>(std::move(status));
}

}   // namespace gateway::fiks_io
