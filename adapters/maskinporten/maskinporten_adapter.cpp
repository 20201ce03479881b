#include "adapters/maskinporten/maskinporten_adapter.hpp"

#include "adapters/maskinporten/maskinporten_errors.hpp"
#include "gateway/crypto/jws.hpp"
#include "gateway/sdk/exchange.hpp"

#include <algorithm>

namespace gateway::maskinporten {

using core::Errc;
using core::Failure;
using std::chrono::seconds;

namespace {

constexpr seconds fetch_time_max{20};   // of one fetch, whoever waits for it
constexpr seconds metadata_fresh_for{
    3600};                            // the document changes about never; keys are not in it
constexpr seconds margin_max{10};     // a token is not given out shorter than this before its end
constexpr seconds passing_pause{2};   // between fetches after a failure that may pass
constexpr seconds final_pause{
    15};   // after one that needs a person: a queue of letters must not hammer
constexpr std::size_t shapes_max =
    512;   // tenants times scope sets of one client; far above any real number

sdk::TokenFailure unavailable() {
    sdk::TokenFailure failure;
    failure.code = "maskinporten.unavailable";
    failure.passing = true;
    return failure;
}

TokenReply failed(core::Code code, bool passing) {
    TokenReply reply;
    reply.failure.code = std::move(code);
    reply.failure.passing = passing;
    return reply;
}

TokenReply failed_key(const Failure& failure) {
    return failed("maskinporten.key_unusable",
                  failure.is(Errc::unavailable) || failure.is(Errc::timed_out));
}

}   // namespace

MaskinportenAdapter::MaskinportenAdapter(Settings settings, sdk::Host& host)
    : settings_(std::move(settings)), host_(host), metadata_flight_(host.clock) {}

sdk::Task<core::Result<void>> MaskinportenAdapter::start(sdk::Deadline) {
    co_return core::Result<void>();   // metadata and tokens are fetched when first asked for
}

sdk::Task<void> MaskinportenAdapter::stop(sdk::Deadline) {
    stopped_ = true;
    for (auto& [request, entry] : entries_) {
        co_await entry->flight.stop();
    }
    co_await metadata_flight_.stop();
}

sdk::Task<sdk::Health> MaskinportenAdapter::check_health(sdk::Deadline deadline) {
    const auto reply = co_await metadata(deadline);
    if (!reply.metadata) {
        if (reply.failure.is(Errc::conflict)) {
            co_return sdk::Health(sdk::Condition::down, "maskinporten.metadata_mismatch");
        }
        co_return sdk::Health(sdk::Condition::down, code_without_answer(reply.failure));
    }
    for (const auto& [request, entry] : entries_) {
        if (entry->failure) {
            co_return sdk::Health(sdk::Condition::degraded, entry->failure->code,
                                  entry->failure->params);
        }
    }
    co_return sdk::Health();
}

sdk::Task<sdk::TokenAnswer> MaskinportenAdapter::token(sdk::TokenRequest request,
                                                       sdk::Deadline deadline) {
    sdk::TokenAnswer answer;
    if (stopped_) {
        answer.failure = unavailable();
        co_return answer;
    }
    request = normalised(settings_, std::move(request));
    Entry& entry = entry_for(request);
    const auto now = host_.clock.steady();
    const bool may_fetch = !entry.failure || now >= entry.retry_at;
    if (may_fetch && (!entry.serves(now) || now >= entry.renew_at)) {
        auto fetching = fetch(request);
        if (entry.serves(now) && now < entry.wait_at) {
            co_await entry.flight.launch(std::move(fetching));
        } else {
            static_cast<void>(co_await entry.flight.join(deadline, std::move(fetching)));
        }
    }
    co_return answer_for(request);
}

/// What is known now. A renewal that failed does not take away what still serves.
sdk::TokenAnswer MaskinportenAdapter::answer_for(const sdk::TokenRequest& request) const {
    sdk::TokenAnswer answer;
    answer.failure = unavailable();
    const auto found =
        entries_.find(request);   // another's request may have pushed it out while we waited
    if (found == entries_.end()) {
        return answer;
    }
    const Entry& entry = *found->second;
    if (entry.serves(host_.clock.steady())) {
        answer.token = sdk::Token(entry.token, entry.expires_at);
    } else if (entry.failure) {
        answer.failure = *entry.failure;
    }
    return answer;
}

void MaskinportenAdapter::invalidate(const sdk::TokenRequest& request, const std::string& token) {
    const auto found = entries_.find(normalised(settings_, request));
    if (found != entries_.end() && found->second->token == token) {
        found->second->token.clear();
    }
}

MaskinportenAdapter::Entry& MaskinportenAdapter::entry_for(const sdk::TokenRequest& request) {
    const auto found = entries_.find(request);
    if (found != entries_.end()) {
        return *found->second;
    }
    make_room();
    return *entries_.emplace(request, std::make_unique<Entry>(host_.clock)).first->second;
}

/// Forgets what no longer serves, and when that is not enough, what does: a token can be fetched
/// again.
void MaskinportenAdapter::make_room() {
    const auto now = host_.clock.steady();
    for (const bool serving_too : {false, true}) {
        if (entries_.size() < shapes_max) {
            return;
        }
        std::erase_if(entries_, [&](const auto& item) {
            return item.second->flight.idle() && (serving_too || !item.second->serves(now));
        });
    }
}

/// The whole fetch, with the one repeat that a used, late or early grant allows. Its result is kept
/// even when all who asked have gone.
sdk::Task<TokenReply> MaskinportenAdapter::fetch(sdk::TokenRequest request) {
    const auto deadline = host_.clock.in(fetch_time_max);
    auto reply = co_await fetch_once(request, deadline);
    if (reply.repeat_with_new_grant) {
        report(reply);
        reply = co_await fetch_once(request, deadline);
    }
    report(reply);
    if (const auto found = entries_.find(request); found != entries_.end()) {
        keep(*found->second, reply);
    }
    co_return reply;
}

sdk::Task<TokenReply> MaskinportenAdapter::fetch_once(const sdk::TokenRequest& request,
                                                      sdk::Deadline deadline) {
    const auto known = co_await metadata(deadline);
    if (!known.metadata) {
        if (known.failure.is(Errc::conflict)) {
            co_return failed("maskinporten.metadata_mismatch", false);
        }
        co_return failed(code_without_answer(known.failure), true);
    }
    const auto assertion = co_await sign(*known.metadata, request);
    if (!assertion) {
        co_return failed_key(assertion.error());
    }
    auto call = token_request(*known.metadata, *assertion);
    const auto answer = co_await host_.http.send(std::move(call), deadline);
    auto reply = read_token(answer, request);
    if (reply.metadata_is_stale) {
        metadata_fresh_until_ = core::SteadyTime{};
    }
    co_return reply;
}

sdk::Task<core::Result<std::string>> MaskinportenAdapter::sign(const Metadata& metadata,
                                                               const sdk::TokenRequest& request) {
    std::vector<std::string> chain;
    if (settings_.kid.empty()) {
        auto certificates = co_await host_.keys.certificate_chain();
        if (!certificates) {
            co_return certificates.error();
        }
        if (certificates->empty()) {
            co_return Failure(Errc::invalid_argument,
                              "no kid is set and the key has no certificate");
        }
        chain = std::move(*certificates);
    }
    const auto header = grant_header(settings_, chain);
    const auto payload = grant_payload(settings_, metadata, request, host_.clock.now(),
                                       host_.ids.uuid().to_string());
    auto input = crypto::jws_signing_input(json::write(header), json::write(payload));
    const auto signature = co_await host_.keys.sign_rs256(input);
    if (!signature) {
        co_return signature.error();
    }
    co_return crypto::jws_compact(std::move(input), *signature);
}

void MaskinportenAdapter::keep(Entry& entry, const TokenReply& reply) {
    const auto now = host_.clock.steady();
    if (!reply.ok()) {
        entry.failure = reply.failure;
        const seconds pause = reply.failure.passing ? passing_pause : final_pause;
        entry.retry_at = now + std::max(pause, reply.failure.retry_after.value_or(seconds(0)));
        return;
    }
    const seconds margin = std::min(margin_max, reply.expires_in / 4);
    entry.token = reply.token;
    entry.expires_at = host_.clock.now() + reply.expires_in;
    entry.ends_at = now + reply.expires_in;
    entry.wait_at = entry.ends_at - margin;
    entry.renew_at = entry.wait_at - reply.expires_in / 5;
    entry.failure.reset();
}

void MaskinportenAdapter::report(const TokenReply& reply) {
    if (reply.ok()) {
        host_.metrics.count("sluse_tokens_total", core::Params{{"result", "fetched"}});
        host_.log.write(sdk::Severity::debug, "token.fetched",
                        core::Params{{"expires_in", std::to_string(reply.expires_in.count())}});
        return;
    }
    host_.metrics.count("sluse_tokens_total", core::Params{{"result", reply.failure.code.value}});
    core::Params fields{{"code", reply.failure.code.value}};
    if (!reply.trace.empty()) {
        fields.emplace_back("trace", reply.trace);
    }
    host_.log.write(reply.failure.passing ? sdk::Severity::warning : sdk::Severity::error,
                    "token.refused", fields);
}

sdk::Task<MaskinportenAdapter::MetadataReply>
MaskinportenAdapter::metadata(sdk::Deadline deadline) {
    MetadataReply reply;
    if (metadata_ && host_.clock.steady() < metadata_fresh_until_) {
        reply.metadata = metadata_;
        co_return reply;
    }
    auto reading = read_metadata_anew();
    auto fresh = co_await metadata_flight_.join(deadline, std::move(reading));
    if (fresh) {
        co_return std::move(*fresh);
    }
    reply.metadata = metadata_;
    reply.failure = fresh.error();
    co_return reply;
}

/// When it cannot be read, what was read last still holds; an issuer that is another one does not
/// pass.
sdk::Task<MaskinportenAdapter::MetadataReply> MaskinportenAdapter::read_metadata_anew() {
    MetadataReply reply;
    auto request = metadata_request(settings_);
    const auto answer =
        co_await host_.http.send(std::move(request), host_.clock.in(fetch_time_max / 2));
    auto read = answer ? read_metadata(settings_, *answer) : core::Result<Metadata>(answer.error());
    if (read) {
        metadata_ = std::move(*read);
        metadata_fresh_until_ = host_.clock.steady() + metadata_fresh_for;
        reply.metadata = metadata_;
        co_return reply;
    }
    host_.log.write(sdk::Severity::warning, "token.metadata_failed",
                    core::Params{{"reason", read.error().to_string()}});
    reply.failure = read.error();
    if (metadata_ && !read.error().is(Errc::conflict)) {
        metadata_fresh_until_ = host_.clock.steady() + passing_pause;
        reply.metadata = metadata_;
    }
    co_return reply;
}

std::span<const sdk::Capability> capabilities() {
    return {};   // it carries no messages
}

core::Result<std::unique_ptr<sdk::Adapter>> create(const sdk::ConnectionFacts& facts,
                                                   sdk::Host& host) {
    auto settings = read_settings(facts);
    if (!settings) {
        return settings.error();
    }
    return std::unique_ptr<sdk::Adapter>(
        std::make_unique<MaskinportenAdapter>(std::move(*settings), host));
}

}   // namespace gateway::maskinporten
