#include "adapters/fiks_io/standin/echo.hpp"

#include "adapters/common/standin/http_tools.hpp"
#include "adapters/common/standin/jose.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace gateway::fiks_io::standin {

namespace kit = gateway::standin;
using json::Value;

namespace {

constexpr std::size_t received_max = 5000;
constexpr std::int64_t repeat_max = 200'000;
constexpr std::array<std::string_view, 5> answer_parts{".mottatt", ".kvittering", ".feilet",
                                                       ".resultat", ".feilmelding."};
constexpr std::array<std::string_view, 3> query_parts{".hent", ".finn", ".sok"};

bool names_one(const std::string& type, std::span<const std::string_view> parts) {
    return std::any_of(parts.begin(), parts.end(), [&type](std::string_view part) {
        return type.find(part) != std::string::npos;
    });
}

std::vector<std::string> texts(const Value& list) {
    std::vector<std::string> out;
    for (const Value& item : list.items()) {
        out.push_back(item.as_string());
    }
    return out;
}

Value wrong(std::string words) {
    Value out;
    out.set("error", std::move(words));
    return out;
}

Packing packing_of(const Value& command) {
    Packing out;
    out.order.flavour =
        command["flavour"].as_string() == "dotnet" ? kit::Flavour::dotnet : kit::Flavour::java;
    out.order.digest = command["digest"].as_string() == "sha1" ? kit::SignatureDigest::sha1
                                                               : kit::SignatureDigest::sha256;
    out.order.other_namespace = command["olderNamespace"].as_bool();
    out.order.without_signature = command["unsigned"].as_bool();
    out.wrong_key = command["wrongKey"].as_bool();
    out.truncated = command["truncated"].as_bool();
    out.bare = command["bare"].as_bool();
    return out;
}

}   // namespace

std::vector<Echo::Answer> Echo::answers_to(const std::string& type) const {
    const auto told = told_.find(type);
    if (told != told_.end()) {
        return told->second;
    }
    if (names_one(type, answer_parts)) {
        return {};
    }
    if (names_one(type, query_parts)) {
        return {{type + ".resultat", {{"payload.json", "{}"}}}};
    }
    return {{type + ".mottatt", {}}, {type + ".kvittering", {}}};
}

sdk::Task<bool> Echo::handle(Opened message) {
    Value files = Value::array();
    for (const kit::PackageFile& file : message.files) {
        Value item;
        item.set("name", file.name).set("sha256", kit::sha256_hex(file.bytes));
        item.set("size", static_cast<std::int64_t>(file.bytes.size()));
        files.push(std::move(item));
    }
    Value seen;
    seen.set("id", message.id).set("type", message.type).set("from", message.from);
    seen.set("replyTo", message.reply_to).set("klientMeldingId", message.client_id);
    seen.set("klientKorrelasjonsId", message.correlation).set("fault", message.fault);
    seen.set("files", std::move(files)).set("envelope", message.envelope);
    received_.push_back(std::move(seen));
    if (received_.size() > received_max) {
        received_.pop_front();
    }
    if (world_.faults.take("echo_silent")) {
        co_return true;
    }
    if (world_.faults.take("echo_gives_back")) {
        co_return false;
    }
    std::vector<Answer> answers = answers_to(message.type);
    for (Answer& answer : answers) {
        if (const auto delay = world_.faults.take("receipt_delay")) {
            co_await world_.clock.sleep_until(
                world_.clock.steady() + std::chrono::milliseconds(delay->number("delay_ms", 0)));
        }
        const bool told =
            co_await party_.answer(message, std::move(answer.type), std::move(answer.files));
        if (!told) {
            co_return true;   // its sender has no certificate: nobody can be answered
        }
    }
    co_return true;
}

Value Echo::package(const Value& command) const {
    const std::string to = uuid_of(command["to"].as_string());
    const auto files = read_files(command["files"]);
    if (to.empty() || !files) {
        return wrong("to and files (name with text, base64 or size) are needed");
    }
    const auto body = party_.pack(to, *files, packing_of(command));
    if (!body) {
        return wrong("the receiver has no certificate in the catalogue");
    }
    Value out;
    out.set("base64", kit::base64(*body));
    return out;
}

sdk::Task<Value> Echo::send(Value command) {
    Parcel parcel;
    parcel.type = command["type"].as_string();
    parcel.from = command.has("from") ? uuid_of(command["from"].as_string()) : party_.account();
    parcel.to = uuid_of(command["to"].as_string());
    parcel.reply_to = command["inReplyTo"].as_string();
    const auto files = read_files(command["files"]);
    if (parcel.type.empty() || parcel.to.empty() || parcel.from.empty() || !files) {
        co_return wrong("type, to and files (name with text, base64 or size) are needed");
    }
    auto body = party_.pack(parcel.to, *files, packing_of(command));
    if (!body) {
        co_return wrong("the receiver has no certificate in the catalogue");
    }
    parcel.body = std::move(*body);
    std::string client_id = command["klientMeldingId"].as_string();
    if (client_id.empty()) {
        client_id = kit::random_uuid();
    }
    parcel.custom["klientMeldingId"] = client_id;
    const std::string& correlation = command["klientKorrelasjonsId"].as_string();
    if (!correlation.empty()) {
        parcel.custom[command["oldSpelling"].as_bool() ? "klientKorrelasjonId"
                                                       : "klientKorrelasjonsId"] = correlation;
    }
    for (const auto& [name, value] : command["headers"].members()) {
        parcel.custom[name] = value.as_string();
    }
    if (command["ttl"].is_number()) {
        parcel.ttl_ms = command["ttl"].as_int();
    }
    parcel.spoiled.dropped = texts(command["withoutHeaders"]);
    parcel.spoiled.numbers = texts(command["numberHeaders"]);
    parcel.spoiled.truths = texts(command["trueHeaders"]);
    parcel.spoiled.copies =
        static_cast<int>(std::clamp<std::int64_t>(command["copies"].as_int(1), 1, received_max));
    const std::int64_t repeat = command["repeat"].as_int(1);
    if (repeat > 1) {
        const std::size_t sent = co_await party_.send_many(
            parcel, static_cast<std::size_t>(std::min(repeat, repeat_max)));
        Value out;
        out.set("sent", static_cast<std::int64_t>(sent));
        co_return out;
    }
    const auto sent = co_await party_.send(std::move(parcel));
    if (!sent) {
        co_return wrong("the broker did not confirm");
    }
    Value out;
    out.set("meldingId", sent->id).set("klientMeldingId", client_id);
    out.set("document", sent->document).set("sha256", sent->sha256).set("size", sent->size);
    co_return out;
}

std::optional<std::string> Echo::set_answers(const Value& command) {
    const std::string& type = command["type"].as_string();
    if (type.empty() || !command["answers"].is_array()) {
        return "type is a message type, answers a list";
    }
    std::vector<Answer> answers;
    for (const Value& item : command["answers"].items()) {
        auto files = read_files(item["files"]);
        if (item["type"].as_string().empty() || !files) {
            return "an answer has a type and files";
        }
        answers.push_back({item["type"].as_string(), std::move(*files)});
    }
    told_[type] = std::move(answers);
    return std::nullopt;
}

Value Echo::audit() const {
    Value list = Value::array();
    for (const Value& seen : received_) {
        list.push(seen);
    }
    return list;
}

void Echo::clear() {
    told_.clear();
    received_.clear();
}

}   // namespace gateway::fiks_io::standin
