#include "adapters/fiks_io/standin/dead_letters.hpp"

namespace gateway::fiks_io::standin {

namespace {

constexpr const char* timed_out = "no.ks.fiks.kvittering.tidsavbrudd";
constexpr const char* server_error = "no.ks.fiks.kvittering.serverfeil.v1";
constexpr std::string_view platform = "no.ks.fiks.kvittering.";

}   // namespace

sdk::Task<bool> DeadLetters::handle(Taken dead) {
    const std::string reason = dead.header("x-first-death-reason");
    const std::string type = dead.header("type");
    const std::string sender = dead.header("avsender-id");
    ++counts_[reason];
    // Rejected without being given back: dropped, and nobody is told. Nor about a notice.
    if ((reason != "expired" && reason != "delivery_limit") || type.starts_with(platform) ||
        book_.account(sender) == nullptr) {
        co_return true;
    }
    Parcel notice;
    notice.type = reason == "expired" ? timed_out : server_error;
    notice.from = account_of_queue(dead.header("x-first-death-queue"));
    notice.to = sender;
    notice.reply_to = dead.header("melding-id");
    notice.reply_to_type = type;
    const auto sent = co_await post_.send(std::move(notice));
    co_return sent.has_value();
}

json::Value DeadLetters::audit() const {
    json::Value out = json::Value::object();
    for (const auto& [reason, count] : counts_) {
        out.set(reason, count);
    }
    return out;
}

}   // namespace gateway::fiks_io::standin
