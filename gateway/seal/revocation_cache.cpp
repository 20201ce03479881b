#include "gateway/seal/revocation_cache.hpp"

#include <algorithm>
#include <utility>

namespace gateway::seal {
namespace {

constexpr std::size_t lists_max = 100;
constexpr std::size_t questions_max = 2000;
constexpr std::size_t authorities_max = 100;

/// Makes room for one more: the longest unused goes.
template <class Sources>
void make_room(Sources& sources, std::size_t most) {
    if (sources.size() >= most) {
        sources.erase(
            std::min_element(sources.begin(), sources.end(), [](const auto& a, const auto& b) {
                return a.second.timing.used_at < b.second.timing.used_at;
            }));
    }
}

/// What an authority's signature says; an unreadable certificate in a trusted chain cannot be.
std::vector<CertificateDetails> details_of(const TrustedChain& chain) {
    std::vector<CertificateDetails> all;
    for (const auto& der : chain.certificates) {
        if (auto details = read_certificate(der)) {
            all.push_back(std::move(*details));
        }
    }
    return all;
}

}   // namespace

RevocationCache::RevocationCache(RevocationPolicy policy) : policy_(policy) {}

RevocationCache::Authority RevocationCache::authority_of(const std::string& der) {
    auto details = read_certificate(der);
    return details
               ? Authority{der, std::move(details->subject_der), std::move(details->public_key_der)}
               : Authority{};
}

void RevocationCache::remember(const Authority& authority) {
    const bool known = std::any_of(authorities_.begin(), authorities_.end(),
                                   [&](const Authority& one) { return one.der == authority.der; });
    if (!known && !authority.der.empty() && authorities_.size() < authorities_max) {
        authorities_.push_back(authority);
    }
}

void RevocationCache::watch_list(const std::string& url, core::Time now) {
    auto found = lists_.find(url);
    if (found == lists_.end()) {
        make_room(lists_, lists_max);
        found = lists_.emplace(url, List{}).first;
    }
    found->second.timing.used_at = now;
}

void RevocationCache::watch_question(const CertificateDetails& details, const Authority& issuer,
                                     core::Time now) {
    auto found = questions_.find(details.sha256);
    if (found == questions_.end()) {
        make_room(questions_, questions_max);
        Question question;
        question.about = details;
        question.issuer = issuer;
        found = questions_.emplace(details.sha256, std::move(question)).first;
    }
    found->second.timing.used_at = now;
}

void RevocationCache::watch_lists(const std::vector<std::string>& urls,
                                  const std::vector<std::string>& authorities) {
    for (const auto& der : authorities) {
        remember(authority_of(der));
    }
    for (const auto& url : urls) {
        watch_list(url, core::Time{});
    }
}

void RevocationCache::watch(const TrustedChain& chain, core::Time now) {
    const auto certificates = details_of(chain);
    for (std::size_t i = 0; i + 1 < certificates.size(); ++i) {
        const Authority issuer{certificates[i + 1].der, certificates[i + 1].subject_der,
                               certificates[i + 1].public_key_der};
        remember(issuer);
        for (const auto& url : certificates[i].crl_urls) {
            watch_list(url, now);
        }
        if (!certificates[i].ocsp_urls.empty()) {
            watch_question(certificates[i], issuer, now);
        }
    }
}

bool RevocationCache::is_current(core::Time next_update, core::Time now) const {
    return now <= next_update + policy_.grace;
}

/// Lists answer for many at once and tell nobody whom we deal with; OCSP is for certificates
/// without one, and for when theirs cannot be had.
bool RevocationCache::asks_instead_of_list(const Question& question, core::Time now) const {
    if (question.about.crl_urls.empty()) {
        return true;
    }
    const auto evidence = from_lists(question.about, question.issuer);
    if (evidence && is_current(evidence->next_update, now)) {
        return false;
    }
    return std::any_of(question.about.crl_urls.begin(), question.about.crl_urls.end(),
                       [&](const std::string& url) {
                           const auto list = lists_.find(url);
                           return list == lists_.end() || list->second.timing.failures > 0;
                       });
}

std::vector<RevocationFetch> RevocationCache::due(core::Time now) {
    std::vector<RevocationFetch> fetches;
    for (auto& [url, list] : lists_) {
        if (list.timing.due_at <= now) {
            list.timing.due_at = now + policy_.answer_within;
            fetches.push_back({url, {}, {}, crl_bytes_max});
        }
    }
    for (auto& [fingerprint, question] : questions_) {
        if (question.timing.due_at <= now && asks_instead_of_list(question, now)) {
            question.timing.due_at = now + policy_.answer_within;
            fetches.push_back({question.about.ocsp_urls.front(),
                               ocsp_request(question.about.der, question.issuer.der), fingerprint,
                               ocsp_bytes_max});
        }
    }
    return fetches;
}

void RevocationCache::succeeded(Timing& timing, core::Time next_update, core::Time now) const {
    timing.failures = 0;
    timing.due_at = std::max<core::Time>(
        std::min<core::Time>(now + policy_.refresh_every, next_update), now + policy_.retry_first);
}

void RevocationCache::failed(Timing& timing, core::Time now) const {
    constexpr int doublings_max = 10;
    timing.failures = std::min(timing.failures + 1, doublings_max);
    const auto wait = policy_.retry_first * (1 << (timing.failures - 1));
    timing.due_at = now + std::min<std::chrono::seconds>(wait, policy_.refresh_every);
}

void RevocationCache::failed(const RevocationFetch& fetch, core::Time now) {
    if (const auto list = lists_.find(fetch.url); fetch.body.empty() && list != lists_.end()) {
        failed(list->second.timing, now);
    }
    const auto question = questions_.find(fetch.certificate);
    if (!fetch.body.empty() && question != questions_.end()) {
        failed(question->second.timing, now);
    }
}

std::optional<Finding> RevocationCache::keep_list(List& list, std::string_view bytes,
                                                  core::Time now) {
    const std::string issuer = crl_issuer(bytes);
    Finding refusal("seal.revocation_answer_refused",
                    {{"reason", issuer.empty() ? "malformed" : "issuer"}});
    for (const auto& authority : authorities_) {
        if (issuer.empty() || authority.subject_der != issuer) {
            continue;
        }
        auto read = RevocationList::read(bytes, authority.der, now);
        if (!read) {
            refusal = read.error();
            continue;
        }
        if (!list.known || read->this_update() >= list.known->this_update()) {
            list.known = std::move(*read);
            list.signer = authority;
        }
        succeeded(list.timing, list.known->next_update(), now);
        return std::nullopt;
    }
    failed(list.timing, now);
    return refusal;
}

std::optional<Finding> RevocationCache::keep_answer(Question& question, std::string_view bytes,
                                                    core::Time now) const {
    auto read = read_ocsp_answer(bytes, question.about.der, question.issuer.der, now);
    if (!read) {
        failed(question.timing, now);
        return read.error();
    }
    if (!question.known || read->this_update >= question.known->this_update) {
        question.known = std::move(*read);
    }
    succeeded(question.timing, question.known->next_update, now);
    return std::nullopt;
}

std::optional<Finding> RevocationCache::keep(const RevocationFetch& fetch, std::string_view bytes,
                                             core::Time now) {
    if (fetch.body.empty()) {
        const auto list = lists_.find(fetch.url);
        return list == lists_.end() ? std::nullopt : keep_list(list->second, bytes, now);
    }
    const auto question = questions_.find(fetch.certificate);
    return question == questions_.end() ? std::nullopt : keep_answer(question->second, bytes, now);
}

/// From the lists the certificate names; from any of its issuer when it names none.
std::optional<RevocationCache::Evidence>
RevocationCache::from_lists(const CertificateDetails& details, const Authority& issuer) const {
    const auto& urls = details.crl_urls;
    std::optional<Evidence> newest;
    for (const auto& [url, list] : lists_) {
        const bool named = urls.empty() || std::find(urls.begin(), urls.end(), url) != urls.end();
        if (!named || !list.known || list.signer.subject_der != issuer.subject_der ||
            list.signer.public_key_der != issuer.public_key_der ||
            !list.known->covers(details.authority, urls)) {
            continue;
        }
        if (!newest || list.known->this_update() > newest->this_update) {
            newest = Evidence{list.known->find(details.serial_der), list.known->this_update(),
                              list.known->next_update()};
        }
    }
    return newest;
}

std::optional<RevocationCache::Evidence>
RevocationCache::from_answers(const CertificateDetails& details) const {
    const auto found = questions_.find(details.sha256);
    if (found == questions_.end() || !found->second.known || !found->second.known->known) {
        return std::nullopt;
    }
    const OcspAnswer& answer = *found->second.known;
    return Evidence{answer.revocation, answer.this_update, answer.next_update};
}

std::optional<Finding> RevocationCache::judge_one(const CertificateDetails& details,
                                                  const Authority& issuer, core::Time now,
                                                  Findings& remarks) const {
    auto evidence = from_lists(details, issuer);
    const auto answer = from_answers(details);
    if (answer && (!evidence || answer->this_update > evidence->this_update)) {
        evidence = answer;
    }
    // removeFromCRL ends a hold; it stands in delta lists, and in the full one for a short while.
    if (evidence && evidence->revocation && evidence->revocation->reason != "removeFromCRL") {
        return Finding("seal.certificate_revoked",
                       {{"at", core::to_rfc3339(evidence->revocation->at)},
                        {"reason", evidence->revocation->reason}});
    }
    if (policy_.current == Rule::ignore || (evidence && is_current(evidence->next_update, now))) {
        return std::nullopt;
    }
    const Finding finding = evidence ? Finding("seal.revocation_stale",
                                               {{"since", core::to_rfc3339(evidence->next_update)}})
                                     : Finding("seal.revocation_unknown");
    if (policy_.current == Rule::require) {
        return finding;
    }
    remarks.push_back(finding);
    return std::nullopt;
}

Judged<Findings> RevocationCache::judge(const TrustedChain& chain, core::Time now) const {
    const auto certificates = details_of(chain);
    Findings remarks;
    for (std::size_t i = 0; i + 1 < certificates.size(); ++i) {
        const Authority issuer{certificates[i + 1].der, certificates[i + 1].subject_der,
                               certificates[i + 1].public_key_der};
        if (const auto refused = judge_one(certificates[i], issuer, now, remarks)) {
            return *refused;
        }
    }
    return remarks;
}

}   // namespace gateway::seal
