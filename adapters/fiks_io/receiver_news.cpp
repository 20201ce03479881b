#include "adapters/fiks_io/receiver_news.hpp"

#include "adapters/fiks_io/arkiv/arkiv.hpp"

#include <utility>

namespace gateway::fiks_io {

namespace {

constexpr std::size_t words_max = 4096;   // kept of an answer's own text

sdk::ReceiptKind kind_of(Meaning meaning) {
    switch (meaning) {
    case Meaning::received: return sdk::ReceiptKind::delivered;
    case Meaning::done: return sdk::ReceiptKind::read;
    case Meaning::refused: return sdk::ReceiptKind::refused;
    case Meaning::undelivered: return sdk::ReceiptKind::failed;
    }
    return sdk::ReceiptKind::other;
}

const char* code_of(const MessageType& type) {
    switch (*type.means) {
    case Meaning::received: return "fiks_io.received";
    case Meaning::done: return "fiks_io.done";
    case Meaning::refused: return "fiks_io.answered_with_error";
    case Meaning::undelivered: break;
    }
    if (type.name == timed_out_type) {
        return "fiks_io.not_fetched_in_time";
    }
    return type.name == server_error_type ? "fiks_io.receiver_failed"
                                          : "fiks_io.answered_with_error";
}

/// The last answer is overdue after this, by the message whose first answer this is.
std::optional<std::chrono::seconds> next_due(const MessageType& answer) {
    if (answer.means != Meaning::received) {
        return std::nullopt;
    }
    for (const auto& type : all_types()) {
        if (type.received != answer.name) {
            continue;
        }
        for (const auto& other : type.answers) {
            const auto* last = find(other);
            if (last != nullptr && last->means == Meaning::done) {
                return type.done_within;
            }
        }
    }
    return std::nullopt;
}

/// The archive's own words decide: a kvittering can carry a failure.
void judge_archive(const Arrived& answer, sdk::Receipt& receipt) {
    auto said = arkiv::answer_of(answer.type->name, answer.payload);
    using arkiv::Standing;
    switch (said.standing) {
    case Standing::under_way: receipt.kind = sdk::ReceiptKind::delivered; break;
    case Standing::done: receipt.kind = sdk::ReceiptKind::read; break;
    case Standing::partly:
    case Standing::failed: receipt.kind = sdk::ReceiptKind::refused; break;
    case Standing::unreadable: receipt.kind = sdk::ReceiptKind::other; break;
    }
    if (!said.code.empty()) {
        receipt.code = said.code;
        receipt.params = said.params;
    }
    receipt.result = std::move(said.content);
    receipt.keys = std::move(said.keys);
}

std::string text_of(const std::string& bytes) {
    return sdk::peer_text(std::string_view(bytes).substr(0, words_max));
}

json::Value documents_of(const OpenedPackage& package) {
    json::Value documents = json::Value::array();
    for (const auto& file : package.files) {
        json::Value one;
        one.set("name", file.name).set("sha256", file.sha256.to_hex());
        one.set("size", static_cast<std::int64_t>(file.size));
        documents.push(std::move(one));
    }
    return documents;
}

json::Value from_of(const Arrived& arrived) {
    json::Value from;
    from.set("account", arrived.envelope.sender);
    if (!arrived.organisation.empty()) {
        from.set("organisation", arrived.organisation);
    }
    if (!arrived.organisation_name.empty()) {
        from.set("name", arrived.organisation_name);
    }
    return from;
}

json::Value content_of(const Arrived& arrived) {
    const Envelope& envelope = arrived.envelope;
    json::Value to;
    to.set("account", arrived.account->account);
    json::Value content;
    content.set("type", "protocol").set("version", 1);
    content.set("protocol", arrived.type->protocol);
    content.set("messageType", envelope.type);
    content.set("messageId", envelope.id);
    content.set("from", from_of(arrived));
    content.set("to", std::move(to));
    if (!envelope.correlation.empty()) {
        content.set("correlation", envelope.correlation);
    }
    if (!envelope.answers.empty()) {
        json::Value reply;
        reply.set("messageId", envelope.answers);
        content.set("replyTo", std::move(reply));
    }
    if (!envelope.headers.empty()) {
        json::Value headers = json::Value::object();
        for (const auto& [name, value] : envelope.headers) {
            headers.set(name, value);
        }
        content.set("headers", std::move(headers));
    }
    if (arrived.package) {
        content.set("documents", documents_of(*arrived.package));
        content.set("signature", arrived.package->signature.to_json());
    }
    return content;
}

/// Who may cause the answer, and until when.
void set_owner(const Arrived& arrived, sdk::InboundMessage& message) {
    const MessageType& type = *arrived.type;
    if (!type.opens()) {
        return;   // nobody answers an answer
    }
    message.memo = Memo(arrived.account->account, arrived.envelope).write();
    if (owner_of(*arrived.account, type) == AnswerOwner::system) {
        message.receipt_owner = sdk::ReceiptOwner::system;
        message.answer_by = arrived.at + type.first_within;
    } else {
        message.tell_when_stored = true;
    }
}

}   // namespace

bool is_told_by_payload(const MessageType& answer) {
    return answer.means == Meaning::refused || arkiv::has_xml_payload(answer.name);
}

sdk::Receipt receipt_of(const Arrived& answer, bool unreadable) {
    const MessageType& type = *answer.type;
    sdk::Receipt receipt;
    // The same news, however often it is sent: one answer of a type to one message.
    receipt.dedupe_id = type.name + "/" + answer.envelope.answers;
    receipt.kind = kind_of(*type.means);
    receipt.at = answer.at;
    receipt.code = code_of(type);
    receipt.params = {{"type", type.name}};
    if (unreadable && type.means == Meaning::done) {
        receipt.kind = sdk::ReceiptKind::other;
        receipt.code = "fiks_io.answer_unreadable";
    } else if (arkiv::is_answer(type.name)) {
        judge_archive(answer, receipt);
    }
    if (type.means == Meaning::refused) {
        receipt.upstream_text = text_of(answer.payload);
    }
    if (receipt.kind == sdk::ReceiptKind::delivered) {
        receipt.next_due = next_due(type);
    }
    return receipt;
}

bool is_for_inbox(const Arrived& answer) {
    if (!answer.package || answer.package->files.empty()) {
        return false;
    }
    if (arkiv::is_answer(answer.type->name)) {
        return arkiv::answer_of(answer.type->name, answer.payload).for_inbox;
    }
    return true;
}

sdk::InboundMessage message_of(const Arrived& arrived) {
    sdk::InboundMessage message;
    message.tenant = arrived.account->tenant;
    message.type = "protocol/v1";
    message.dedupe_id = arrived.envelope.dedupe_id(arrived.account->account);
    message.order_key = arrived.envelope.sender + "/" + arrived.account->account;
    message.facts.account = arrived.account->account;
    message.facts.message_type = arrived.envelope.type;
    message.facts.sender = arrived.organisation;
    message.from = from_of(arrived);
    message.content = content_of(arrived);
    if (arkiv::is_answer(arrived.type->name)) {
        auto said = arkiv::answer_of(arrived.type->name, arrived.payload);
        if (said.for_inbox && said.content.is_object()) {
            message.type = "archiveanswer/v1";
            message.content = std::move(said.content);
        }
    }
    if (arrived.package) {
        message.documents = arrived.package->files;
    }
    if (!arrived.envelope.correlation.empty()) {
        message.keys.emplace("reference", arrived.envelope.correlation);
    }
    message.received_at = arrived.at;
    set_owner(arrived, message);
    return message;
}

}   // namespace gateway::fiks_io
