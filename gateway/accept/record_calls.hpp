#pragma once

// What the calls about records read of a request and write of an answer, apart from the steps
// behind ports::Records.

#include "gateway/accept/api.hpp"
#include "gateway/ports/records.hpp"

#include <optional>

namespace gateway::accept {

/// Purpose, Case and Actor; a refusal when one of them is too long or no text.
std::optional<ports::Refusal> read_asker(const Call& call, ports::RecordAsker& asker);

/// The body of a look-up of persons or organisations.
std::optional<ports::Refusal> read_look_up(const json::Value& body, ports::RecordLookUp& question);
/// `dataset` and `fields` of a look-up without a body.
std::optional<ports::Refusal> read_query(const http::Request& request,
                                         ports::RecordLookUp& question);

/// `after` and `limit` of a page. Other parameters are refused without their names, for nobody
/// knows what stands there.
std::optional<ports::Refusal> read_page(const http::Request& request, std::size_t limit_max,
                                        std::uint64_t& after, std::size_t& limit);

/// A record without a failure as text: the same in all languages.
std::string found_text(const ports::FoundRecord& record);
json::Value found_record(const ports::FoundRecord& record, texts::Language language);

/// A refusal, with when to come again.
http::Response refused(const ports::LookUpAnswer& answer, const CallContext& context);

}   // namespace gateway::accept
