#include "adapters/digital_post/dpi_trust.hpp"

#include "gateway/crypto/jwk.hpp"
#include "gateway/sdk/exchange.hpp"
#include "gateway/seal/trust_expiry.hpp"
#include "gateway/seal/trust_file.hpp"

#include <algorithm>
#include <stdexcept>

namespace gateway::digital_post {
namespace {

/// Of all lists and questions together, while somebody waits.
constexpr std::chrono::seconds renewal_time_max{20};

std::vector<std::string> behind_leaf(const std::vector<std::string>& chain) {
    return std::vector<std::string>(chain.begin() + 1, chain.end());
}

seal::Judged<seal::TrustedChain> judge(const seal::TrustStore& store, const std::string& leaf,
                                       const std::vector<std::string>& along, seal::Purpose purpose,
                                       core::Time now) {
    auto chain = store.judge(leaf, along, now);
    if (!chain) {
        return chain;
    }
    const auto unfit = seal::judge_purpose(chain->leaf.details, purpose);
    if (!unfit.empty()) {
        return unfit.front();
    }
    return chain;
}

seal::Judged<Signer> judge_own_chain(const seal::TrustStore& store,
                                     const std::vector<std::string>& chain,
                                     const std::string& organisation, core::Time now) {
    if (chain.empty()) {
        return seal::Finding("seal.certificate_malformed");
    }
    const auto leaf = seal::read_business_certificate(chain.front());
    if (!leaf) {
        return leaf.error();
    }
    if (auto other = seal::judge_owner(*leaf, organisation)) {
        return std::move(*other);
    }
    if (const auto ending = seal::expiry_warning(leaf->details.not_after, now);
        ending && ending->threshold == 0) {
        return ending->finding;
    }
    Signer signer;
    signer.not_after = leaf->details.not_after;
    const auto trusted = store.judge(chain.front(), behind_leaf(chain), now);
    signer.chain = trusted ? trusted->certificates : chain;
    return signer;
}

sdk::HttpRequest request_for(const seal::RevocationFetch& fetch) {
    sdk::HttpRequest request(fetch.body.empty() ? "GET" : "POST", fetch.url);
    if (!fetch.body.empty()) {
        request.headers.emplace_back("Content-Type", "application/ocsp-request");
        request.body = fetch.body;
    }
    request.answer_bytes_max = fetch.answer_bytes_max;
    return request;
}

}   // namespace

void throw_exception_from_error(const Doubt& doubt, const boost::source_location&) {
    throw std::logic_error("not believed: " + doubt.finding.code.value);
}

core::Result<Trust> Trust::make(const Settings& settings, sdk::Host& host) {
    auto file = seal::read_trust_file(settings.trust, settings.environment);
    if (!file) {
        return core::Failure(file.error().code, "trust_file: " + file.error().detail);
    }
    auto store = seal::TrustStore::make(std::move(file->policy));
    if (!store) {
        return core::Failure(store.error().code, "trust_file: " + store.error().detail);
    }
    seal::RevocationPolicy policy;
    policy.current = settings.revocation;
    return Trust(std::move(*store), file->crl_urls, policy, host);
}

Trust::Trust(seal::TrustStore store, const std::vector<std::string>& lists,
             const seal::RevocationPolicy& policy, sdk::Host& host)
    : store_(std::move(store)),
      revocations_(policy),
      asks_for_revocations_(policy.current != seal::Rule::ignore),
      host_(&host) {
    revocations_.watch_lists(lists, store_.authorities());
}

sdk::Task<std::optional<Doubt>> Trust::judge_recipient(const std::string& certificate,
                                                       sdk::Deadline deadline) {
    seal::Judged<seal::TrustedChain> chain{seal::Finding()};
    const auto now = host_->clock.now();
    std::function<void()> piece = [&] {
        chain = judge(store_, certificate, {}, seal::Purpose::receiving, now);
    };
    co_await host_->work.run(std::move(piece));
    if (!chain) {
        co_return Doubt(chain.error());
    }
    co_return co_await revoked(*chain, deadline);
}

sdk::Task<boost::system::result<std::string, Doubt>>
Trust::judge_signer(const SignedMessage& message, sdk::Deadline deadline) {
    seal::Judged<seal::TrustedChain> chain{seal::Finding("seal.signature_wrong")};
    const auto now = host_->clock.now();
    std::function<void()> piece = [&] {
        const auto& leaf = message.certificates.front();
        const auto holds =
            crypto::verify_rs256_with_certificate(leaf, message.signing_input, message.signature);
        if (holds && *holds) {
            chain =
                judge(store_, leaf, behind_leaf(message.certificates), seal::Purpose::signing, now);
        }
    };
    co_await host_->work.run(std::move(piece));
    if (!chain) {
        co_return Doubt(chain.error());
    }
    auto doubt = co_await revoked(*chain, deadline);
    if (doubt) {
        co_return std::move(*doubt);
    }
    co_return chain->leaf.organisation_number;
}

sdk::Task<seal::Judged<Signer>> Trust::judge_own(const std::vector<std::string>& chain,
                                                 const std::string& organisation) {
    seal::Judged<Signer> judged{seal::Finding()};
    const auto now = host_->clock.now();
    std::function<void()> piece = [&] {
        judged = judge_own_chain(store_, chain, organisation, now);
    };
    co_await host_->work.run(std::move(piece));
    co_return judged;
}

/// Known to be revoked is final; nothing known is passing, where the configuration minds at all.
sdk::Task<std::optional<Doubt>> Trust::revoked(const seal::TrustedChain& chain,
                                               sdk::Deadline deadline) {
    if (!asks_for_revocations_) {
        co_return std::nullopt;
    }
    revocations_.watch(chain, host_->clock.now());
    co_await renew(deadline);
    const auto judged = revocations_.judge(chain, host_->clock.now());
    if (judged) {
        co_return std::nullopt;
    }
    const bool known = judged.error().code.value == "seal.certificate_revoked";
    co_return Doubt(judged.error(), !known);
}

/// Fetches what is due: seldom, and nothing when all is fresh.
sdk::Task<void> Trust::renew(sdk::Deadline deadline) {
    const auto until = sdk::Deadline(std::min(deadline.at, host_->clock.in(renewal_time_max).at));
    for (const auto& fetch : revocations_.due(host_->clock.now())) {
        auto request = request_for(fetch);
        const auto answer = co_await host_->http.send(std::move(request), until);
        const auto now = host_->clock.now();
        core::Code fault;
        if (!answer || answer->status != 200) {
            revocations_.failed(fetch, now);
            fault = answer ? core::Code("upstream.refused") : sdk::code_of_failure(answer.error());
        } else if (const auto refused = revocations_.keep(fetch, answer->body, now)) {
            fault = refused->code;
        }
        if (!fault.empty()) {
            host_->log.write(sdk::Severity::warning, "digital_post.revocation_not_fetched",
                             {{"code", fault.value}});
            host_->metrics.count("sluse_digital_post_revocation_failures_total", {});
        }
    }
}

}   // namespace gateway::digital_post
