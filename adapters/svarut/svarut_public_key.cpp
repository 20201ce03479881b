#include "adapters/svarut/svarut_public_key.hpp"

#include "adapters/svarut/svarut_exchange.hpp"
#include "gateway/crypto/certificate.hpp"
#include "gateway/sdk/exchange.hpp"
#include "gateway/seal/certificate_details.hpp"

#include <algorithm>

namespace gateway::svarut {

using sdk::Outcome;
using sdk::Verdict;

namespace {

constexpr std::chrono::hours fresh_for{1};
constexpr std::chrono::hours good_for{24};

}   // namespace

sdk::Task<PublicKey::Answer> PublicKey::get(sdk::Deadline deadline) {
    if (!settings_.public_key.empty()) {
        co_return judge(settings_.public_key);
    }
    const auto now = host_.clock.steady();
    Answer answer;
    if (!known_.empty() && now < fresh_until_) {
        answer.certificate = known_;
        co_return answer;
    }
    const auto response =
        co_await host_.http.send(key_request(settings_.access.base_url), deadline);
    if (!response) {
        answer.outcome = sdk::outcome_of_failure(response.error(), sdk::Effect::none);
    } else if (response->status != 200) {
        auto passing = sdk::outcome_of_passing_status(*response);
        answer.outcome =
            passing ? std::move(*passing) : Outcome(Verdict::try_later, "svarut.no_public_key");
    } else {
        answer = judge(response->body);
        if (answer.certificate) {
            known_ = *answer.certificate;
            fresh_until_ = now + fresh_for;
            good_until_ = now + good_for;
        }
        co_return answer;
    }
    if (!known_.empty() && now < good_until_) {
        host_.log.write(sdk::Severity::warning, "svarut.public_key_not_fetched",
                        {{"code", answer.outcome.code.value}});
        answer.certificate = known_;
    }
    co_return answer;
}

/// Its time is not looked at: KS does not, and one that ran out yesterday still is SvarUt's.
PublicKey::Answer PublicKey::judge(const std::string& pem) {
    Answer answer;
    const auto all = crypto::certificates_from_pem(pem);
    const auto details =
        all && all->size() == 1
            ? seal::read_certificate(all->front())
            : seal::Judged<seal::CertificateDetails>(seal::Finding("seal.certificate_malformed"));
    if (!details || details->rsa_bits == 0) {
        answer.outcome = Outcome(Verdict::try_later, "svarut.no_public_key");
        return answer;
    }
    const auto& believed = settings_.key_digests;
    if (!believed.empty() &&
        std::find(believed.begin(), believed.end(), details->sha256.to_hex()) == believed.end()) {
        answer.outcome = Outcome(Verdict::try_later, "svarut.public_key_changed",
                                 {{"sha256", details->sha256.to_hex()}});
        return answer;
    }
    answer.certificate = details->der;
    return answer;
}

}   // namespace gateway::svarut
