#pragma once

// prefill/v1 as an app takes it: a new form for somebody, with what is known filled in. Pure.
// Facts: Altinn/app-lib-dotnet, the app's own document (POST instances/create); altinn-storage,
// InstancesController.cs (who made an instance is the token's organisation number).

#include "adapters/altinn_forms/forms_answers.hpp"
#include "gateway/core/delivery.hpp"

#include <optional>
#include <string>
#include <vector>

namespace gateway::altinn_forms {

struct Prefill {
    std::string app;
    std::string person;         // 11 digits, or
    std::string organisation;   // 9
    std::string due;            // empty: none
    json::Value values;         // object of texts

    Prefill() = default;
    /// "Person:<11>" or "Organisation:<9>", as a list is narrowed to.
    std::string owner() const;
};

/// Nothing when content or settings are not what was checked at accept.
std::optional<Prefill> read_prefill(const core::Delivery& delivery);
/// The body of POST instances/create.
std::string body_of(const Prefill& prefill);
/// The new instance; nothing when the answer does not say which it is.
std::optional<InstanceRef> read_made(const sdk::HttpResponse& response, const Settings& settings,
                                     const Prefill& prefill);
/// Instances in a list that the service owner made; nothing when it is not a list, or goes on.
std::optional<std::vector<InstanceRef>> read_made_by_us(const sdk::HttpResponse& response,
                                                        const Settings& settings,
                                                        const Prefill& prefill);

/// What an attempt did that may have had an effect: kept as its progress.
struct PrefillProgress {
    std::optional<core::Time> asked;   // when the app was asked and did not answer

    PrefillProgress() = default;
    static PrefillProgress read(const std::string& json);
    std::string write() const;
};

}   // namespace gateway::altinn_forms
