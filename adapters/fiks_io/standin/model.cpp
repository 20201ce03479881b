#include "adapters/fiks_io/standin/model.hpp"

#include "adapters/common/standin/http_tools.hpp"
#include "gateway/core/ids.hpp"

#include <algorithm>

namespace gateway::fiks_io::standin {

using json::Value;

namespace {

constexpr std::string_view queue_prefix = "fiksio.konto.";

Value list_of(const std::vector<std::string>& texts) {
    Value out = Value::array();
    for (const std::string& text : texts) {
        out.push(text);
    }
    return out;
}

std::vector<std::string> texts_of(const Value& list) {
    std::vector<std::string> out;
    for (const Value& item : list.items()) {
        out.push_back(item.as_string());
    }
    return out;
}

const char* name_of(Part part) {
    switch (part) {
    case Part::archive: return "archive";
    case Part::echo: return "echo";
    default: return "nobody";
    }
}

Part part_of(const std::string& name) {
    return name == "archive" ? Part::archive : name == "echo" ? Part::echo : Part::nobody;
}

core::Time time_of(const Value& value) {
    return core::Time(core::Duration(value.as_int()));
}

std::int64_t number_of(core::Time time) {
    return std::chrono::duration_cast<core::Duration>(time.time_since_epoch()).count();
}

}   // namespace

Value Integration::to_json() const {
    Value out;
    out.set("id", id).set("organisation", organisation).set("password", password);
    return out;
}

Integration Integration::from_json(const Value& value) {
    Integration out;
    out.id = uuid_of(value["id"].as_string());
    out.organisation = value["organisation"].as_string();
    out.password = value["password"].as_string();
    return out;
}

bool Account::acted_for_by(const std::string& integration) const {
    return std::find(integrations.begin(), integrations.end(), integration) != integrations.end();
}

bool Account::takes_from(const std::string& account) const {
    return senders.empty() || std::find(senders.begin(), senders.end(), account) != senders.end();
}

Value Account::to_json() const {
    Value out;
    out.set("id", id).set("name", name).set("organisation", organisation);
    out.set("organisationName", organisation_name).set("municipality", municipality);
    out.set("integrations", list_of(integrations)).set("senders", list_of(senders));
    out.set("certificate", certificate_pem).set("part", name_of(part));
    return out;
}

std::optional<Account> Account::from_json(const Value& value) {
    Account out;
    out.id = uuid_of(value["id"].as_string());
    out.name = value["name"].as_string();
    out.organisation = value["organisation"].as_string();
    if (out.id.empty() || !core::is_organisation_number(out.organisation)) {
        return std::nullopt;
    }
    out.organisation_name = value["organisationName"].as_string();
    out.municipality = value["municipality"].as_string();
    out.integrations = texts_of(value["integrations"]);
    out.senders = texts_of(value["senders"]);
    out.certificate_pem = value["certificate"].as_string();
    out.part = part_of(value["part"].as_string());
    return out;
}

Value Sent::to_json() const {
    Value out;
    out.set("id", id).set("type", type).set("from", from).set("to", to);
    out.set("replyTo", reply_to).set("klientMeldingId", client_id);
    out.set("klientKorrelasjonsId", correlation).set("sha256", sha256).set("size", size);
    out.set("document", document).set("at", number_of(at));
    return out;
}

Sent Sent::from_json(const Value& value) {
    Sent out;
    out.id = value["id"].as_string();
    out.type = value["type"].as_string();
    out.from = value["from"].as_string();
    out.to = value["to"].as_string();
    out.reply_to = value["replyTo"].as_string();
    out.client_id = value["klientMeldingId"].as_string();
    out.correlation = value["klientKorrelasjonsId"].as_string();
    out.sha256 = value["sha256"].as_string();
    out.size = value["size"].as_int();
    out.document = value["document"].as_string();
    out.at = time_of(value["at"]);
    return out;
}

Value StoredDocument::to_json() const {
    Value out;
    out.set("id", id).set("account", account).set("size", size).set("until", number_of(until));
    return out;
}

StoredDocument StoredDocument::from_json(const Value& value) {
    StoredDocument out;
    out.id = value["id"].as_string();
    out.account = value["account"].as_string();
    out.size = value["size"].as_int();
    out.until = time_of(value["until"]);
    return out;
}

std::string uuid_of(std::string_view text) {
    const auto id = core::parse_uuid(gateway::standin::lower(text));
    return id ? id->to_string() : std::string();
}

std::string queue_of(const std::string& account) {
    return std::string(queue_prefix) + account;
}

std::string account_of_queue(std::string_view queue) {
    return queue.starts_with(queue_prefix) ? uuid_of(queue.substr(queue_prefix.size()))
                                           : std::string();
}

}   // namespace gateway::fiks_io::standin
