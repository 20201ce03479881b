#include "adapters/fiks_io/fiks_sender.hpp"

namespace gateway::fiks_io {

using sdk::Outcome;
using sdk::Verdict;

namespace {

constexpr std::size_t checked_bytes_max = 1U << 20U;

}   // namespace

const Account* MessageSender::account_of(const core::Delivery& delivery,
                                         const RouteSettings& route) const {
    if (route.account.empty()) {
        return settings_.only_account_of(delivery.tenant);
    }
    const Account* named = settings_.find(route.account);
    return named != nullptr && named->tenant == delivery.tenant ? named : nullptr;
}

sdk::Task<std::optional<Outcome>> MessageSender::check_files(const Prepared& prepared) {
    if (!has_payload_schema(*prepared.type)) {
        co_return std::nullopt;
    }
    for (const auto& file : prepared.message.files) {
        if (!file.document || !prepared.type->takes_file(file.name)) {
            continue;
        }
        const core::Sha256 sha256 = file.document->sha256;
        auto source = co_await host_.documents.open(prepared.message.tenant, sha256);
        if (!source) {
            co_return std::nullopt;   // the package says it better
        }
        const auto text = co_await sdk::read_all(**source, checked_bytes_max);
        const auto payload = text ? json::parse(*text) : json::parse("");
        std::string rule = "json";
        if (payload) {
            const auto problems = check_payload(*prepared.type, *payload, {});
            if (problems.empty()) {
                continue;
            }
            rule = problems.front().params.front().second;
        }
        co_return Outcome(Verdict::rejected, "fiks_io.payload_invalid", {{"rule", rule}});
    }
    co_return std::nullopt;
}

sdk::Task<Outcome> MessageSender::send(const core::Delivery& delivery, sdk::Progress& progress,
                                       sdk::Deadline deadline) {
    auto prepared = prepare(delivery);
    if (!prepared) {
        // Content and settings were checked at accept: another shape now is a fault of ours.
        co_return Outcome(Verdict::rejected, "service.internal");
    }
    const Account* account = account_of(delivery, prepared->route);
    if (account == nullptr) {
        co_return Outcome(Verdict::rejected, "fiks_io.account_not_ours");
    }
    if (prepared->message.to.empty()) {
        co_return Outcome(Verdict::rejected, "fiks_io.receiver_not_named");
    }
    prepared->message.from = account->account;
    auto unfit = co_await check_files(*prepared);
    if (unfit) {
        co_return std::move(*unfit);
    }
    seal::Findings warnings;
    auto outcome = co_await answering_.send(prepared->message, deadline, &warnings);
    if (outcome.verdict != Verdict::accepted) {
        co_return outcome;
    }
    for (const auto& warning : warnings) {
        progress.note(warning.code, warning.params);
    }
    if (prepared->type->maturity == Maturity::paused) {
        progress.note("fiks_io.protocol_paused", {{"protocol", prepared->type->protocol}});
    }
    outcome.receipt_due = first_answer_within(*prepared);
    outcome.delivered_already =
        prepared->type->means.has_value() || prepared->type->answers.empty();
    co_return outcome;
}

}   // namespace gateway::fiks_io
