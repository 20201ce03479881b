#pragma once

// What is known of revoked certificates, and how fresh it is. It fetches nothing: due() says what
// to fetch, the caller does so over its own HttpClient whenever it suits, keep() and failed() take
// what came of it. So a judgement never waits, and what is about to grow old is renewed beforehand.
//
//     for (auto& fetch : cache.due(now)) { ... send ...; cache.keep(fetch, body, now); }
//
// One per connection, on its strand.

#include "gateway/seal/crl.hpp"
#include "gateway/seal/ocsp.hpp"
#include "gateway/seal/trust.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::seal {

struct RevocationPolicy {
    /// What nothing current is known about: require refuses it (hard fail), warn lets it pass with
    /// a remark (soft fail), ignore lets it pass. What is known to be revoked is always refused.
    Rule current = Rule::require;
    std::chrono::seconds refresh_every = std::chrono::minutes(15);   // Digdir's own
    std::chrono::seconds grace{0};   // how long past its end an answer is current still
    std::chrono::seconds retry_first = std::chrono::minutes(1);     // doubled up to refresh_every
    std::chrono::seconds answer_within = std::chrono::minutes(2);   // then a fetch is due again
};

/// Something to fetch: GET of a list when `body` is empty, else POST of an OCSP question as
/// application/ocsp-request.
struct RevocationFetch {
    std::string url;
    std::string body;
    core::Sha256 certificate;   // the question is about
    std::size_t answer_bytes_max = 0;
};

class RevocationCache {
public:
    explicit RevocationCache(RevocationPolicy policy = RevocationPolicy());

    /// Lists to have at hand before any certificate asks, each of one of these authorities (DER).
    void watch_lists(const std::vector<std::string>& urls,
                     const std::vector<std::string>& authorities);
    /// Where the status of the chain's certificates is told, the root left out. Only a chain that
    /// is trusted may say where we call. At most 100 lists and 2000 questions are kept, the longest
    /// unused go first.
    void watch(const TrustedChain& chain, core::Time now);

    /// What to fetch now; each is under way until keep(), failed() or `answer_within`.
    std::vector<RevocationFetch> due(core::Time now);
    /// Takes an answer, or says why it is not taken: what was known stays. An older answer than the
    /// one at hand changes nothing.
    std::optional<Finding> keep(const RevocationFetch& fetch, std::string_view bytes,
                                core::Time now);
    void failed(const RevocationFetch& fetch, core::Time now);

    /// `seal.certificate_revoked` {at, reason}; by policy refused or remarked on:
    /// `seal.revocation_unknown` (nothing is known), `seal.revocation_stale` {since}.
    Judged<Findings> judge(const TrustedChain& chain, core::Time now) const;

private:
    struct Timing {
        core::Time due_at{};
        core::Time used_at{};
        int failures = 0;   // in a row
    };
    struct Authority {
        std::string der;
        std::string subject_der;
        std::string public_key_der;
    };
    struct List {
        Timing timing;
        std::optional<RevocationList> known;
        Authority signer;   // of what is known
    };
    struct Question {
        Timing timing;
        CertificateDetails about;
        Authority issuer;
        std::optional<OcspAnswer> known;
    };
    struct Evidence {
        std::optional<Revocation> revocation;
        core::Time this_update{};
        core::Time next_update{};
    };

    static Authority authority_of(const std::string& der);
    void remember(const Authority& authority);
    void watch_list(const std::string& url, core::Time now);
    void watch_question(const CertificateDetails& details, const Authority& issuer, core::Time now);
    std::optional<Finding> keep_list(List& list, std::string_view bytes, core::Time now);
    std::optional<Finding> keep_answer(Question& question, std::string_view bytes,
                                       core::Time now) const;
    void succeeded(Timing& timing, core::Time next_update, core::Time now) const;
    void failed(Timing& timing, core::Time now) const;
    bool is_current(core::Time next_update, core::Time now) const;
    bool asks_instead_of_list(const Question& question, core::Time now) const;
    std::optional<Evidence> from_lists(const CertificateDetails& details,
                                       const Authority& issuer) const;
    std::optional<Evidence> from_answers(const CertificateDetails& details) const;
    std::optional<Finding> judge_one(const CertificateDetails& details, const Authority& issuer,
                                     core::Time now, Findings& remarks) const;

    RevocationPolicy policy_;
    std::map<std::string, List> lists_;            // by URL
    std::map<core::Sha256, Question> questions_;   // by fingerprint of the certificate
    std::vector<Authority> authorities_;
};

}   // namespace gateway::seal
