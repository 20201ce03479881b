#pragma once

// Receipts as operators write them: a business document in a JWS, signed with the operator's
// business certificate. Facts: wire notes 2.4.

#include "adapters/common/standin/operator_certificates.hpp"
#include "adapters/digital_post/standin/model.hpp"
#include "adapters/digital_post/standin/shapes.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::digital_post::standin {

/// One thread.
class ReceiptWriter {
public:
    ReceiptWriter(const gateway::standin::OperatorCertificates& operators, const Shapes& shapes)
        : operators_(operators), shapes_(shapes) {}

    /// What may be wrong with a receipt on purpose: "wrong_signature", "wrong_organisation",
    /// "untrusted", "unknown_conversation", "truncated", "extra_field", "wrong_key".
    static const std::vector<std::string>& ways_to_spoil();

    /// The members of a type's own; what is wrong with them instead. `wanted` holds "type" and, for
    /// some, "varslingskanal", "beskrivelse", "feiltype", "detaljer".
    std::optional<std::string> objection(const Message& message, const json::Value& wanted,
                                         core::Time at) const;
    /// A receipt for the message at that time, spoiled or not. Its number is the caller's to give.
    /// The wish has no objection.
    Receipt write(const Message& message, const json::Value& wanted, core::Time at,
                  const std::string& spoiled) const;

private:
    const gateway::standin::OperatorCertificates& operators_;
    const Shapes& shapes_;
};

}   // namespace gateway::digital_post::standin
