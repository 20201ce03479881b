// What has become of a shipment: ShipmentSender's questions once SvarUt has it.

#include "adapters/svarut/svarut_sender.hpp"

#include <algorithm>

namespace gateway::svarut {

using fiks_platform::Client;

namespace {

constexpr std::chrono::hours gone_after{1};   // a replica at SvarUt's side may lag behind
constexpr std::size_t deleted_max = 100'000;

}   // namespace

sdk::Task<core::Result<sdk::Receipts>> ShipmentSender::poll(const core::Delivery& delivery,
                                                            sdk::Deadline deadline) {
    // Who is asked about has no content any more: its way's settings tell the account.
    const auto with = json::parse(delivery.settings);
    const auto route = read_route(with ? *with : json::Value::object());
    const std::string account = account_of(settings_, route, delivery.tenant);
    const std::string& id = delivery.upstream_reference;
    auto answer = co_await statuses_.ask(account, id, deadline);
    if (answer.failed) {
        co_return core::Failure(core::Errc::unavailable, answer.failed->code.value,
                                answer.failed->upstream_text);
    }
    const auto now = host_.clock.now();
    const auto age = now - delivery.accepted_at;
    sdk::Receipts receipts;
    if (!answer.told) {
        if (age < gone_after) {
            receipts.ask_again = settings_.poll_every;
            co_return receipts;
        }
        receipts.items.emplace_back();
        receipts.items.back().dedupe_id = id + ":gone";
        receipts.items.back().at = now;
        receipts.items.back().code = "svarut.gone";
        co_return receipts;
    }
    auto receipt = receipt_of(id, *answer.told);
    const std::string& status = answer.told->status;
    if (receipt && stage_of(status) == Stage::failed) {
        const auto told = co_await events(id, About::events, deadline);
        if (told && !told->empty()) {
            const auto last = std::max_element(   // of several at once, the last one told
                told->rbegin(), told->rend(),
                [](const Event& one, const Event& other) { return one.at < other.at; });
            receipt->upstream_text = sdk::peer_text(last->words);   // why, in their words
        }
    }
    if (receipt) {
        receipts.items.push_back(std::move(*receipt));
    }
    receipts.ask_again = ask_again(settings_, status, age);
    if (route.sign.is_object()) {
        const auto told = co_await events(id, About::signing_events, deadline);
        for (const auto& event : told.value_or(std::vector<Event>())) {
            if (!event.status.empty()) {
                receipts.items.push_back(signing_receipt(id, event));
            }
        }
    }
    const bool deleted = co_await delete_documents(id, status, receipts, deadline);
    if (!deleted && !receipts.ask_again) {
        receipts.ask_again = settings_.poll_every;
    }
    co_return receipts;
}

sdk::Task<std::optional<std::vector<Event>>>
ShipmentSender::events(const std::string& id, About what, sdk::Deadline deadline) {
    Client::Build making = [&] {
        return plain(about_request(settings_.access.base_url, id, what));
    };
    const auto reply = co_await client_.call(std::move(making), sdk::Effect::none, deadline);
    if (!reply.response) {
        co_return std::nullopt;
    }
    co_return read_events(*reply.response);
}

sdk::Task<bool> ShipmentSender::delete_documents(const std::string& id, const std::string& status,
                                                 sdk::Receipts& receipts, sdk::Deadline deadline) {
    const bool everything = settings_.deletion == Deletion::all;
    const bool read_or_printed = status == "LEST" || status == "PRINTET";
    const bool due = settings_.deletion == Deletion::originals
                         ? read_or_printed || stage_of(status) == Stage::delivered
                         : everything && read_or_printed;
    if (!due || deleted_.contains(id)) {
        co_return true;
    }
    Client::Build making = [&] {
        return plain(delete_request(settings_.access.base_url, id, settings_.deletion));
    };
    const auto reply = co_await client_.call(std::move(making), sdk::Effect::none, deadline);
    const int answered = reply.response ? reply.response->status : 0;
    if (answered != 204 && answered != 200 && answered != 404) {   // 404: gone before
        host_.log.write(sdk::Severity::warning, "svarut.documents_not_deleted",
                        {{"status", std::to_string(answered)}});
        const bool for_good = answered >= 400 && answered < 500;
        co_return for_good;
    }
    if (deleted_.size() >= deleted_max) {
        deleted_.clear();
    }
    deleted_.insert(id);
    sdk::Receipt receipt;
    receipt.dedupe_id = id + ":documents";
    receipt.at = host_.clock.now();
    receipt.code = "svarut.documents_deleted";
    receipts.items.push_back(std::move(receipt));
    co_return true;
}

}   // namespace gateway::svarut
