#include "adapters/svarinn/svarinn_receiver.hpp"

#include "adapters/svarinn/svarinn_message.hpp"
#include "gateway/crypto/digest.hpp"
#include "gateway/runtime/crash_point.hpp"
#include "gateway/sdk/exchange.hpp"
#include "gateway/sdk/poll_pace.hpp"

#include <algorithm>

namespace gateway::svarinn {

using sdk::Outcome;
using sdk::Verdict;
using std::chrono::seconds;

namespace {

constexpr seconds call_time_max{60};
constexpr std::chrono::hours download_time_max{2};
constexpr std::chrono::hours again_max{1};
constexpr std::uint64_t envelope_overhead = 1U << 20U;
constexpr std::size_t copy_bytes = 64U << 10U;
constexpr std::size_t settled_max = 10'000;
constexpr const char* waiting_prefix = "waiting/";

/// For the sender's eyes, in SvarUt's log of the shipment.
std::string words_for(const core::Code& code) {
    if (code.value == "svarinn.not_decryptable") {
        return "Filene kunne ikke dekrypteres med mottakersystemets nøkler.";
    }
    if (code.value == "svarinn.hash_differs") {
        return "En fil har en annen SHA-256 enn metadata oppgir.";
    }
    if (code.value == "svarinn.files_differ") {
        return "Filene stemmer ikke med metadata.";
    }
    return "Filene kunne ikke pakkes ut.";
}

/// Of an answer that is not what was asked for.
Outcome outcome_of_refusal(const sdk::HttpResponse& response) {
    if (auto passing = sdk::outcome_of_passing_status(response)) {
        return std::move(*passing);
    }
    if (response.status == 401 || response.status == 403) {
        Outcome outcome(Verdict::try_later, "svarinn.access_refused",
                        {{"code", std::to_string(response.status)}});
        outcome.target_at_fault = true;
        return outcome;
    }
    return Outcome(Verdict::rejected, "svarinn.refused",
                   {{"code", std::to_string(response.status)}});
}

}   // namespace

sdk::Task<void> MailboxPoller::run() {
    sdk::PollPace pace(settings_.poll_every);
    for (;;) {
        const bool good = co_await round();
        const auto pause = pace.after(good);
        if (!more_waits_) {
            co_await host_.clock.sleep_until(host_.clock.steady() + pause);
        }
    }
}

sdk::Task<bool> MailboxPoller::round() {
    receipted_ = 0;
    more_waits_ = false;
    const auto listing = co_await list();
    if (!listing) {
        co_return false;
    }
    host_.inbound.alive();
    for (const auto& item : listing->unreadable) {
        co_await set_aside_item(item);
    }
    co_await forget_the_others(*listing);
    bool good = true;
    for (const auto& listed : listing->items) {
        Open& open = open_[listed.id];
        if (open.again_at > host_.clock.steady()) {
            continue;
        }
        const auto taken = co_await take(listed, open);
        if (taken == Taken::failed) {
            ++open.failures;
            const auto pause = settings_.poll_every * (1 << std::min(open.failures - 1, 10));
            open.again_at = host_.clock.steady() + std::min<core::Duration>(pause, again_max);
            good = false;
        }
    }
    judge_length(listing->items.size() + listing->unreadable.size());
    co_return good;
}

/// What is not listed any more is over, however it ended; unless there was no room for it.
sdk::Task<void> MailboxPoller::forget_the_others(const Listing& listing) {
    std::set<std::string> ids;
    for (const auto& listed : listing.items) {
        ids.insert(listed.id);
    }
    std::erase_if(open_, [&](const auto& one) { return !ids.contains(one.first); });
    if (listing.items.size() + listing.unreadable.size() >= listed_at_once) {
        co_return;
    }
    const auto kept = co_await failures_.keep_only(std::move(ids));
    if (!kept) {
        log_state(kept.error());
    }
}

/// SvarInn lists no more than so many: what comes after them is seen when they are gone.
void MailboxPoller::judge_length(std::size_t listed) {
    if (listed < listed_at_once) {
        return;
    }
    more_waits_ = receipted_ > 0;
    if (!more_waits_) {
        trouble_.emplace(Verdict::try_later, "svarinn.list_full",
                         core::Params{{"count", std::to_string(listed)}});
        log("svarinn.list_full", trouble_->code);
    }
}

sdk::Task<std::optional<Listing>> MailboxPoller::list() {
    const auto response =
        co_await host_.http.send(list_request(settings_), host_.clock.in(call_time_max));
    Outcome outcome;
    if (!response) {
        outcome = sdk::outcome_of_failure(response.error(), sdk::Effect::none);
    } else if (response->status != 200) {
        outcome = outcome_of_refusal(*response);
    } else {
        auto listing = read_listing(response->body);
        if (listing) {
            trouble_.reset();
            co_return listing;
        }
        outcome = sdk::outcome_of_bad_answer(*response, sdk::Effect::none);
    }
    log("svarinn.list_failed", outcome.code);
    host_.metrics.count("sluse_svarinn_lists_failed_total", {});
    trouble_ = std::move(outcome);
    co_return std::nullopt;
}

sdk::Task<MailboxPoller::Taken> MailboxPoller::take(const Listed& listed, Open& open) {
    if (open.stored) {
        co_return co_await confirm(listed.id);
    }
    if (settings_.receipt_owner == sdk::ReceiptOwner::system) {
        const bool waits = co_await is_waited_for(listed.id);
        if (waits) {
            co_return Taken::done;
        }
    }
    GATEWAY_CRASH_POINT("svarinn.before_fetch");
    const auto sealed = co_await download(listed);
    if (!sealed) {
        co_return Taken::failed;
    }
    auto opening = co_await opener_.open(listed, *sealed);
    if (!opening.documents) {
        if (opening.passing) {
            log("svarinn.not_opened_now", opening.code);
            co_return Taken::failed;
        }
        co_await fail(listed, std::move(opening), *sealed);
        co_return Taken::failed;
    }
    GATEWAY_CRASH_POINT("svarinn.fetched");
    auto message = message_of(listed, std::move(*opening.documents), settings_, host_.clock.now());
    const auto kept = co_await host_.inbound.message(std::move(message));
    if (!kept) {
        host_.log.write(sdk::Severity::warning, "svarinn.message_not_stored",
                        {{"error", kept.error().to_string()}});
        co_return Taken::failed;
    }
    GATEWAY_CRASH_POINT("svarinn.stored");
    host_.metrics.count("sluse_svarinn_received_total", {});
    if (settings_.receipt_owner == sdk::ReceiptOwner::system) {
        co_await wait_for_systems(listed.id);
        co_return Taken::done;
    }
    open.stored = true;
    co_return co_await confirm(listed.id);
}

/// Known again after a restart: it stays in the list until the systems have settled it. Where this
/// cannot be written it is fetched once more, and is the same item.
sdk::Task<void> MailboxPoller::wait_for_systems(const std::string& id) {
    if (settled_.erase(id) > 0) {
        co_return;
    }
    const auto put = co_await host_.state.put(waiting_prefix + id, "1", 0);
    if (!put && !put.error().is(core::Errc::conflict)) {
        log_state(put.error());
    }
}

sdk::Task<bool> MailboxPoller::is_waited_for(const std::string& id) {
    const auto entry = co_await host_.state.get(waiting_prefix + id);
    co_return entry && entry->version != 0;
}

sdk::Task<std::unique_ptr<sdk::Spool>> MailboxPoller::download(const Listed& listed) {
    auto spool = co_await host_.spools.create(settings_.bytes_max + envelope_overhead);
    if (!spool) {
        host_.log.write(sdk::Severity::warning, "svarinn.message_not_stored",
                        {{"error", spool.error().to_string()}});
        co_return nullptr;
    }
    auto request = download_request(settings_, listed);
    request.answer_sink = spool->get();
    const auto response =
        co_await host_.http.send(std::move(request), host_.clock.in(download_time_max));
    if (!response || response->status != 200) {
        const auto outcome = response
                                 ? outcome_of_refusal(*response)
                                 : sdk::outcome_of_failure(response.error(), sdk::Effect::none);
        log("svarinn.fetch_failed", outcome.code);
        co_return nullptr;
    }
    const auto finished = co_await (*spool)->finish();
    if (!finished) {
        co_return nullptr;
    }
    host_.inbound.alive();
    co_return std::move(*spool);
}

sdk::Task<MailboxPoller::Taken> MailboxPoller::confirm(const std::string& id) {
    const auto outcome =
        co_await tell(received_request(settings_, id), host_.clock.in(call_time_max));
    GATEWAY_CRASH_POINT("svarinn.receipted");
    if (outcome.verdict == Verdict::accepted) {
        ++receipted_;
        co_return Taken::done;
    }
    log("svarinn.not_receipted", outcome.code);
    // Gone from the mailbox meanwhile: it is here, and nothing more can be told.
    co_return outcome.verdict == Verdict::rejected ? Taken::done : Taken::failed;
}

/// Counted before anybody is told: a try that is not written down is none.
sdk::Task<void> MailboxPoller::fail(const Listed& listed, Opening opening, sdk::Spool& sealed) {
    log("svarinn.not_opened", opening.code);
    host_.metrics.count("sluse_svarinn_not_opened_total", {{"code", opening.code.value}});
    auto before = co_await failures_.of(listed.id);
    if (!before) {
        log_state(before.error());
        co_return;
    }
    FailedTries tries = std::move(*before);
    ++tries.count;
    const auto counted = co_await failures_.keep(listed.id, tries);
    if (!counted) {
        log_state(counted.error());
        co_return;
    }
    GATEWAY_CRASH_POINT("svarinn.failure_counted");
    if (tries.count >= settings_.quarantine_after && tries.set_aside != opening.code.value) {
        const bool kept = co_await set_aside(listed, opening, sealed);
        if (!kept) {
            co_return;   // not sent on before a person can see it
        }
        tries.set_aside = opening.code.value;
    }
    const bool for_good = settings_.send_on_after > 0 && tries.count >= settings_.send_on_after;
    const std::string told = opening.code.value + (for_good ? "!" : "");
    if (tries.told != told) {
        ReceivingFailure failure(words_for(opening.code), for_good);
        const auto outcome = co_await tell(failed_request(settings_, listed.id, failure),
                                           host_.clock.in(call_time_max));
        GATEWAY_CRASH_POINT("svarinn.failure_told");
        if (outcome.verdict == Verdict::accepted) {
            tries.told = told;
            receipted_ += for_good ? 1 : 0;
        } else {
            log("svarinn.not_receipted", outcome.code);
        }
    }
    const auto noted = co_await failures_.keep(listed.id, std::move(tries));
    if (!noted) {
        log_state(noted.error());   // told or set aside once more, which changes nothing
    }
}

/// With its bytes as they came: a person with the right key can still open them.
sdk::Task<bool> MailboxPoller::set_aside(const Listed& listed, const Opening& opening,
                                         sdk::Spool& sealed) {
    auto sink =
        co_await host_.documents.create(settings_.tenant, settings_.bytes_max + envelope_overhead);
    if (!sink) {
        co_return false;
    }
    const auto source = sealed.open();
    std::string buffer(copy_bytes, '\0');
    for (;;) {
        const auto count = co_await source->read(buffer);
        if (!count) {
            co_return false;
        }
        if (*count == 0) {
            break;
        }
        const auto written = co_await (*sink)->write(std::span<const char>(buffer.data(), *count));
        if (!written) {
            co_return false;
        }
    }
    auto document = co_await (*sink)->commit();
    if (!document) {
        co_return false;
    }
    document->name = listed.id + ".cms";
    document->title = document->name;
    document->media_type = "application/pkcs7-mime";
    sdk::Oddity oddity;
    oddity.tenant = settings_.tenant;
    oddity.dedupe_id = listed.id + "/" + opening.code.value;
    oddity.code = opening.code;
    oddity.params = opening.params;
    oddity.media_type = "application/json";
    oddity.raw = json::write(listed.raw);
    oddity.documents.push_back(std::move(*document));
    const auto kept = co_await host_.inbound.quarantine(std::move(oddity));
    co_return kept.has_value();
}

sdk::Task<void> MailboxPoller::set_aside_item(const json::Value& item) {
    sdk::Oddity oddity;
    oddity.tenant = settings_.tenant;
    oddity.raw = json::write(item);
    oddity.dedupe_id = "item/" + crypto::sha256(oddity.raw).to_hex();
    oddity.code = "svarinn.item_unreadable";
    oddity.media_type = "application/json";
    const auto kept = co_await host_.inbound.quarantine(std::move(oddity));
    if (!kept) {
        host_.log.write(sdk::Severity::warning, "svarinn.message_not_stored",
                        {{"error", kept.error().to_string()}});
    }
}

/// A receipt that is repeated changes nothing.
sdk::Task<Outcome> MailboxPoller::tell(sdk::HttpRequest request, sdk::Deadline deadline) {
    const auto response = co_await host_.http.send(std::move(request), deadline);
    if (!response) {
        co_return sdk::outcome_of_failure(response.error(), sdk::Effect::none);
    }
    if (response->status >= 200 && response->status < 300) {
        co_return Outcome(Verdict::accepted);
    }
    co_return outcome_of_refusal(*response);
}

sdk::Task<Outcome> MailboxPoller::settle(sdk::InboundSettled what, sdk::Deadline deadline) {
    const std::string& id = what.dedupe_id;
    std::optional<sdk::HttpRequest> request;
    if (what.settlement == sdk::Settlement::acknowledged) {
        request.emplace(received_request(settings_, id));
    } else if (what.settlement == sdk::Settlement::rejected) {
        std::string words = "Mottakerens fagsystem tok ikke imot forsendelsen.";
        if (!what.reason.empty()) {
            words += " " + what.reason;
        }
        const ReceivingFailure failure(std::move(words), true);
        request.emplace(failed_request(settings_, id, failure));
    } else if (what.settlement == sdk::Settlement::overdue && settings_.overdue_is_sent_on) {
        const ReceivingFailure failure("Mottakerens fagsystem svarte ikke i tide.", true);
        request.emplace(failed_request(settings_, id, failure));
    }
    Outcome outcome(Verdict::accepted);
    if (request) {
        outcome = co_await tell(std::move(*request), deadline);
        GATEWAY_CRASH_POINT("svarinn.settled");
    }
    if (outcome.verdict != Verdict::accepted) {
        co_return outcome;
    }
    if (!request) {
        co_return outcome;   // left without a receipt it stays in the list, and is not fetched
                             // again
    }
    const auto entry = co_await host_.state.get(waiting_prefix + id);
    if (entry && entry->version != 0) {
        static_cast<void>(
            co_await host_.state.put(waiting_prefix + id, std::string(), entry->version));
    } else if (settled_.size() < settled_max) {
        settled_.insert(id);
    }
    co_return outcome;
}

void MailboxPoller::log_state(const core::Failure& failure) {
    host_.log.write(sdk::Severity::warning, "svarinn.state_not_stored",
                    {{"error", failure.to_string()}});
}

void MailboxPoller::log(const char* event, const core::Code& code) {
    host_.log.write(sdk::Severity::warning, event, {{"code", code.value}});
}

}   // namespace gateway::svarinn
