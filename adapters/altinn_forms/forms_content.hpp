#pragma once

// An instance and its files as form/v1. Pure.

#include "adapters/altinn_forms/forms_answers.hpp"
#include "gateway/core/delivery.hpp"
#include "gateway/sdk/inbound_message.hpp"

#include <optional>
#include <string>
#include <vector>

namespace gateway::altinn_forms {

/// A file that was fetched, beside what Altinn says of it.
struct Fetched {
    Element element;
    core::DocumentRef document;

    Fetched() = default;
    Fetched(Element what, core::DocumentRef where)
        : element(std::move(what)), document(std::move(where)) {}
};

/// The file's name, or one made of its data type where it has none; nothing but a name.
std::string file_name_of(const Element& element);
std::string media_type_of(const Element& element);
/// What the message refers to first: the answers, the receipt, then the attachments.
void put_in_order(std::vector<Fetched>& files);

/// `withheld` are files that were found infected: named, never fetched.
sdk::InboundMessage inbound_of(const Instance& instance, std::vector<Fetched> files,
                               const std::vector<Element>& withheld, const Settings& settings);
/// The instance that inbound_of() put into its memo.
std::optional<InstanceRef> instance_of_memo(const std::string& memo);

}   // namespace gateway::altinn_forms
