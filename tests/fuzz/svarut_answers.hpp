#pragma once

// Whatever comes in SvarUt's name: the id of a shipment, what was found by reference, a batch of
// statuses, events, and the platform's refusals.

#include "adapters/common/fiks/fiks_errors.hpp"
#include "adapters/svarut/svarut_answers.hpp"
#include "gateway/core/ids.hpp"
#include "tests/fuzz/answer.hpp"

#include <algorithm>

namespace fuzz::svarut_answers {

namespace svarut = gateway::svarut;
namespace fiks = gateway::fiks_platform;

inline constexpr const char* shipment = "d1c6d795-f1a0-4a36-bce1-a4d9f26696db";

inline void promise_id(const std::string& id) {
    const auto uuid = gateway::core::parse_uuid(id);
    promise(uuid && uuid->to_string() == id, "an id of theirs is a UUID in lower case");
}

inline void promise_receipt(const gateway::sdk::Receipt& receipt) {
    promise(!receipt.dedupe_id.empty() && receipt.dedupe_id.size() <= 200,
            "news can be told apart");
    promise_shown(receipt.code, receipt.params);
}

/// A status is over, or will be asked for again.
inline void status(const std::string& id, const svarut::Told& told) {
    promise_id(id);
    const svarut::Settings settings;
    const auto again = svarut::ask_again(settings, told.status, std::chrono::minutes(5));
    promise(!again || again->count() > 0, "there is a pause before asking");
    const auto stage = svarut::stage_of(told.status);
    promise(again.has_value() ==
                (stage == svarut::Stage::under_way || stage == svarut::Stage::delivered),
            "what is not over is asked for");
    if (const auto receipt = svarut::receipt_of(id, told)) {
        promise_receipt(*receipt);
    }
}

inline void refusal(const gateway::sdk::HttpResponse& response) {
    const auto error = fiks::read_error(response);
    promise(error.id.size() <= 64 && !has_control(error.id), "an error's id is bounded and plain");
    promise(!error.more.is_string(), "what is told in a text is read");
    const auto outcome = svarut::outcome_of_refusal(response);
    promise(outcome.verdict == gateway::sdk::Verdict::rejected, "a refusal is final");
    promise_shown(outcome.code, outcome.params);
    promise(outcome.upstream_text.size() <= 4096, "kept text is bounded");
    fiks::Access access;
    access.organisation = "991825827";
    if (const auto common = fiks::outcome_of_common_refusal(response, access, response.body)) {
        promise(common->verdict == gateway::sdk::Verdict::try_later ||
                    common->verdict == gateway::sdk::Verdict::rejected,
                "what is refused to everybody is final or passes");
        promise_shown(common->code, common->params);
        promise(common->upstream_text.size() <= 4096, "kept text is bounded");
    }
}

inline void one_input(const std::uint8_t* data, std::size_t size) {
    const auto response = answer_of(text_of(data, size));
    if (const auto id = svarut::read_id(response)) {
        promise_id(*id);
    }
    if (const auto found = svarut::read_found(response)) {
        promise(found->size() <= 100, "what is found is bounded");
        std::for_each(found->begin(), found->end(), promise_id);
    }
    if (const auto all = svarut::read_statuses(response)) {
        for (const auto& [id, told] : *all) {
            status(id, told);
        }
    }
    if (const auto events = svarut::read_events(response)) {
        promise(events->size() <= 1000, "events are bounded");
        for (const auto& event : *events) {
            promise_receipt(svarut::signing_receipt(shipment, event));
        }
    }
    if (response.status >= 400) {
        refusal(response);
    }
}

}   // namespace fuzz::svarut_answers
