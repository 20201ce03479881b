#pragma once

// Whatever comes in Altinn's name, and an attempt's kept progress.

#include "adapters/altinn/altinn_answers.hpp"
#include "adapters/altinn/altinn_errors.hpp"
#include "adapters/altinn/altinn_steps.hpp"
#include "tests/fuzz/answer.hpp"

#include <set>

namespace fuzz::altinn_answers {

inline void promise_id(const std::string& id) {
    const auto uuid = gateway::core::parse_uuid(id);
    promise(uuid && uuid->to_string() == id, "an id of theirs is a UUID in lower case");
}

inline void receipts(const gateway::sdk::HttpResponse& response, bool details) {
    const gateway::core::Time accepted(std::chrono::seconds(1'768'478'400));
    gateway::altinn::Settings settings;
    settings.notice_details = details;
    const auto told = gateway::altinn::read_receipts(response, settings, accepted,
                                                     accepted + std::chrono::hours(3));
    if (!told) {
        return;
    }
    promise(!told->ask_again || told->ask_again->count() > 0, "there is a pause before asking");
    std::set<std::string> ids;
    for (const auto& receipt : told->items) {
        promise(!receipt.dedupe_id.empty() && ids.insert(receipt.dedupe_id).second,
                "the same news is told once");
        promise_shown(receipt.code, receipt.params);
        promise(receipt.upstream_text.size() <= 4096, "kept text is bounded");
    }
}

inline void steps(const std::string& text) {
    namespace altinn = gateway::altinn;
    for (const std::size_t documents : {std::size_t{0}, std::size_t{1}, std::size_t{2}}) {
        auto read = altinn::Steps::read(text, documents);
        if (!read) {
            continue;
        }
        const auto written = read->write();
        const auto again = altinn::Steps::read(written, documents);
        promise(again && again->write() == written, "progress is read back");
        const auto action = read->next();
        promise(action.index == 0 || action.index < documents, "an action is of a document");
        read->forget_lost();
        promise(read->ids().size() == documents, "each document has a place");
    }
}

inline void one_input(const std::uint8_t* data, std::size_t size) {
    namespace altinn = gateway::altinn;
    const auto response = answer_of(text_of(data, size));
    if (const auto made = altinn::read_initialised(response)) {
        promise_id(made->correspondence);
    }
    if (const auto id = altinn::read_attachment_id(response)) {
        promise_id(*id);
    }
    if (const auto ids = altinn::read_ids(response)) {
        for (const auto& id : *ids) {
            promise_id(id);
        }
    }
    altinn::read_attachment(response);
    receipts(response, false);
    receipts(response, true);
    const int number = altinn::problem_number(response);
    promise(number >= 0 && number <= 99'999, "a problem's number has five digits");
    if (response.status >= 400) {
        const auto outcome = altinn::outcome_of_refusal(response);
        promise(outcome.verdict == gateway::sdk::Verdict::rejected ||
                    outcome.verdict == gateway::sdk::Verdict::try_later,
                "a refusal is final or passes");
        promise_shown(outcome.code, outcome.params);
        promise(outcome.upstream_text.size() <= 4096, "kept text is bounded");
    }
    steps(response.body);
}

}   // namespace fuzz::altinn_answers
