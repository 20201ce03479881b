#pragma once

// Whatever comes in Broker's name, and an attempt's kept progress.

#include "adapters/altinn_broker/broker_answers.hpp"
#include "adapters/altinn_broker/broker_errors.hpp"
#include "adapters/altinn_broker/broker_steps.hpp"
#include "gateway/core/ids.hpp"
#include "tests/fuzz/answer.hpp"

#include <set>

namespace fuzz::broker_answers {

inline void promise_id(const std::string& id) {
    const auto uuid = gateway::core::parse_uuid(id);
    promise(uuid && uuid->to_string() == id, "an id of theirs is a UUID in lower case");
}

inline void receipts(const gateway::altinn_broker::Overview& overview) {
    const gateway::core::Time accepted(std::chrono::seconds(1'768'478'400));
    const auto told = gateway::altinn_broker::receipts_of(
        overview, accepted, accepted + std::chrono::hours(3), std::chrono::hours(24));
    promise(!told.ask_again || told.ask_again->count() > 0, "there is a pause before asking");
    for (const auto& receipt : told.items) {
        promise(!receipt.dedupe_id.empty(), "news can be told apart");
        promise_shown(receipt.code, receipt.params);
        promise(receipt.upstream_text.size() <= 4096, "kept text is bounded");
    }
}

inline void steps(const std::string& text) {
    namespace broker = gateway::altinn_broker;
    auto read = broker::Steps::read(text);
    if (!read) {
        return;
    }
    const auto again = broker::Steps::read(read->write());
    promise(again && again->write() == read->write(), "progress is read back");
    static_cast<void>(read->next());
}

inline void one_input(const std::uint8_t* data, std::size_t size) {
    namespace broker = gateway::altinn_broker;
    const auto response = answer_of(text_of(data, size));
    if (const auto id = broker::read_transfer_id(response)) {
        promise_id(*id);
    }
    if (const auto ids = broker::read_ids(response)) {
        for (const auto& id : *ids) {
            promise_id(id);
        }
    }
    if (const auto overview = broker::read_overview(response)) {
        promise_id(overview->id);
        promise(overview->sender.empty() || overview->sender.size() == 9,
                "an organisation has nine digits");
        promise(overview->checksum.empty() || overview->checksum.size() == 32,
                "a checksum has 32 digits");
        receipts(*overview);
    }
    static_cast<void>(broker::read_offset(response));
    static_cast<void>(broker::read_size_limit(response));
    static_cast<void>(broker::read_range_start(response));
    const int number = broker::problem_number(response);
    promise(number >= 0 && number <= 99'999, "a problem's number has five digits");
    if (response.status >= 400) {
        const auto outcome = broker::outcome_of_refusal(response);
        promise(outcome.verdict == gateway::sdk::Verdict::rejected ||
                    outcome.verdict == gateway::sdk::Verdict::try_later,
                "a refusal is final or passes");
        promise_shown(outcome.code, outcome.params);
        promise(outcome.upstream_text.size() <= 4096, "kept text is bounded");
    }
    steps(response.body);
}

}   // namespace fuzz::broker_answers
