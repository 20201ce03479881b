#include "adapters/fiks_io/receiver_answers.hpp"

#include "gateway/runtime/crash_point.hpp"

#include <utility>

namespace gateway::fiks_io {

using sdk::Outcome;
using sdk::Settlement;
using sdk::Verdict;

namespace {

constexpr const char* infected = "inbox.infected";
constexpr const char* archive_errors =
    "https://ks-no.github.io/standarder/fiks-protokoll/fiks-arkiv/feil/";

/// For XML 1.0, which holds no control characters.
std::string escaped(const std::string& text) {
    std::string safe;
    for (const char c : text) {
        if (static_cast<unsigned char>(c) < ' ' && c != '\n' && c != '\t') {
            continue;
        }
        switch (c) {
        case '&': safe += "&amp;"; break;
        case '<': safe += "&lt;"; break;
        case '>': safe += "&gt;"; break;
        default: safe.push_back(c);
        }
    }
    return safe;
}

/// The last word of a type's name names the kind of error.
std::string last_word(const std::string& name) {
    return name.substr(name.rfind('.') + 1);
}

std::string error_xml(const MessageType& error, const std::string& id, const std::string& words) {
    const std::string root = last_word(error.name);
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<" + root + " xmlns=\"" + archive_errors +
           root + "/v1\" xmlns:f=\"" + archive_errors + "feilmelding/v1\"><f:feilId>" + id +
           "</f:feilId><f:feilmelding>" + escaped(words) + "</f:feilmelding></" + root + ">\n";
}

std::string error_json(const MessageType& asked, const std::string& id, const std::string& words) {
    json::Value body;
    if (asked.error_format == "melding") {
        body.set("melding", words);
    } else {
        body.set("errorId", id).set("feilmelding", words);
    }
    return json::write(body);
}

Reply of_stored(const MessageType& type, const sdk::InboundSettled& what, const Account& account) {
    Reply reply;
    if (what.quarantined && what.code.value == infected) {
        reply.type = type.invalid;
        reply.words = "Meldingen har skadelig innhold og er ikke tatt imot.";
        reply.alarm = true;
    } else if (owner_of(account, type) == AnswerOwner::transport) {
        reply.type =
            type.received;   // a person releases what lies in quarantine for our own faults
    }
    return reply;
}

Reply of_rejected(const MessageType& type, const sdk::InboundSettled& what) {
    Reply reply;
    reply.type = type.not_taken.empty() ? type.invalid : type.not_taken;
    reply.words = what.reason.empty() ? "Fagsystemet tok ikke imot meldingen." : what.reason;
    reply.alarm = true;
    return reply;
}

}   // namespace

Reply reply_to(const Memo& memo, const sdk::InboundSettled& what, const Account* account) {
    Reply reply;
    const MessageType* type = find(memo.type);
    if (type == nullptr || !type->opens() || account == nullptr) {
        return reply;   // nobody answers an answer, or in the name of an account we no longer have
    }
    if (!memo.error.empty()) {
        reply.type = memo.error;
        reply.words = "Meldingen kunne ikke leses og er ikke tatt imot.";
        return reply;
    }
    switch (what.settlement) {
    case Settlement::stored: return of_stored(*type, what, *account);
    case Settlement::acknowledged: reply.type = type->received; return reply;
    case Settlement::rejected: return of_rejected(*type, what);
    case Settlement::overdue: reply.alarm = true; return reply;
    }
    return reply;
}

Files error_files(const MessageType& asked, const MessageType& error, const std::string& id,
                  const std::string& words) {
    Files files;
    if (error.payload.empty()) {
        return files;
    }
    const bool xml = asked.error_format == "xml";
    files.emplace_back(error.payload.front(), xml ? "application/xml" : "application/json",
                       xml ? error_xml(error, id, words) : error_json(asked, id, words));
    return files;
}

sdk::Task<Outcome> SenderAnswers::settled(sdk::InboundSettled what, sdk::Deadline deadline) {
    const auto memo = Memo::read(what.memo);
    if (!memo) {
        co_return Outcome(Verdict::rejected, "service.internal");
    }
    const Account* account = settings_.find(memo->account);
    const auto reply = reply_to(*memo, what, account);
    if (reply.alarm) {
        const char* event = what.settlement == Settlement::overdue ? "fiks_io.answer_overdue"
                                                                   : "fiks_io.message_not_taken";
        host_.log.write(sdk::Severity::error, event,
                        {{"item", what.item.to_string()}, {"type", memo->type}});
        host_.metrics.count(
            "sluse_fiks_io_not_taken_total",
            {{"why", what.settlement == Settlement::overdue ? "overdue" : "refused"}});
    }
    if (reply.type.empty()) {
        co_return Outcome(Verdict::accepted);
    }
    Outgoing answer;
    answer.tenant = account->tenant;
    answer.from = account->account;
    answer.to = memo->sender;
    answer.type = reply.type;
    answer.client_id = what.item.to_string();
    answer.correlation = memo->correlation;
    answer.in_reply_to = memo->id;
    const MessageType* asked = find(memo->type);
    const MessageType* type = find(reply.type);
    if (!reply.words.empty() && asked != nullptr && type != nullptr) {
        answer.files = error_files(*asked, *type, answer.client_id, reply.words);
    }
    GATEWAY_CRASH_POINT("fiks_io.before_answer");
    auto outcome = co_await desk_.answer(std::move(answer), deadline);
    GATEWAY_CRASH_POINT("fiks_io.after_answer");
    host_.metrics.count("sluse_fiks_io_answers_total",
                        {{"outcome", outcome.verdict == Verdict::accepted ? "sent" : "failed"}});
    co_return outcome;
}

}   // namespace gateway::fiks_io
