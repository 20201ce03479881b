#include "adapters/fiks_io/receiver_memo.hpp"

#include "gateway/json/value.hpp"

#include <utility>

namespace gateway::fiks_io {

Memo::Memo(std::string to, const Envelope& envelope)
    : account(std::move(to)),
      sender(envelope.sender),
      id(envelope.id),
      type(envelope.type),
      correlation(envelope.correlation) {}

std::string Memo::write() const {
    json::Value value;
    value.set("account", account).set("sender", sender).set("id", id).set("type", type);
    if (!correlation.empty()) {
        value.set("correlation", correlation);
    }
    if (!error.empty()) {
        value.set("error", error);
    }
    return json::write(value);
}

std::optional<Memo> Memo::read(const std::string& text) {
    const auto value = json::parse(text);
    if (!value || !value->is_object()) {
        return std::nullopt;
    }
    Memo memo;
    memo.account = (*value)["account"].as_string();
    memo.sender = (*value)["sender"].as_string();
    memo.id = (*value)["id"].as_string();
    memo.type = (*value)["type"].as_string();
    memo.correlation = (*value)["correlation"].as_string();
    memo.error = (*value)["error"].as_string();
    const bool whole =
        !memo.account.empty() && !memo.sender.empty() && !memo.id.empty() && !memo.type.empty();
    return whole ? std::optional<Memo>(std::move(memo)) : std::nullopt;
}

}   // namespace gateway::fiks_io
