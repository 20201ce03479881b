#include "adapters/altinn/standin/letters.hpp"

#include "adapters/altinn/standin/attachments.hpp"
#include "adapters/altinn/standin/form.hpp"
#include "adapters/altinn/standin/views.hpp"
#include "adapters/common/standin/http_tools.hpp"
#include "gateway/core/ids.hpp"

#include <algorithm>

namespace gateway::altinn::standin {

namespace kit = gateway::standin;
using json::Value;

namespace {

constexpr std::size_t found_max = 1000;

struct Search {
    std::string resource;
    std::string role;
    std::string status;
    std::string senders_reference;
    std::string key;
    std::optional<core::Time> from;
    std::optional<core::Time> to;
};

std::optional<core::Time> read_time(const http::Request& request, const char* name,
                                    FieldFaults& faults) {
    const auto text = request.query_value(name);
    if (!text) {
        return std::nullopt;
    }
    auto time = core::parse_rfc3339(*text);
    if (!time) {
        faults.emplace_back(name, std::string(name) + " is a point in time");
        return std::nullopt;
    }
    return *time;
}

FieldFaults read_search(const http::Request& request, Search& search) {
    FieldFaults faults;
    search.resource = request.query_value("resourceId").value_or("");
    if (search.resource.empty()) {
        faults.emplace_back("resourceId", "resourceId is required");
    }
    search.role = request.query_value("role").value_or("");
    const std::string role = kit::lower(search.role);
    if (role != "sender" && role != "recipient" && role != "recipientandsender") {
        faults.emplace_back("role", "role is Recipient, Sender or RecipientAndSender");
    }
    search.role = role;
    search.status = request.query_value("status").value_or("");
    if (!search.status.empty() && status_rank(search.status) < 0) {
        faults.emplace_back("status", "status is unknown");
    }
    search.senders_reference = request.query_value("sendersReference").value_or("");
    const auto key = request.query_value("idempotentKey");
    const auto uuid = core::parse_uuid(key.value_or(""));
    if (key && !uuid) {
        faults.emplace_back("idempotentKey", "idempotentKey is a GUID");
    }
    search.key = uuid ? uuid->to_string() : "";
    search.from = read_time(request, "from", faults);
    search.to = read_time(request, "to", faults);
    return faults;
}

bool fits(const Search& search, const Correspondence& letter, const Caller& caller) {
    const bool sent =
        letter.owner == caller.organisation && search.role != "recipient" && caller.writes();
    const bool got = letter.recipient == caller.party && search.role != "sender" &&
                     caller.reads() && letter.available_to_recipient();
    return (sent || got) && (!search.from || letter.requested_publish > *search.from) &&
           (!search.to || letter.requested_publish < *search.to) &&
           (search.status.empty() || letter.status().status == search.status) &&
           (search.senders_reference.empty() ||
            get(letter.content, "sendersReference").as_string() == search.senders_reference);
}

http::Response id_response(const Correspondence& letter) {
    return kit::json_response(200, Value(letter.id));
}

}   // namespace

http::Response Letters::search(const http::Request& request, const Caller& caller) {
    Search search;
    const FieldFaults faults = read_search(request, search);
    if (!faults.empty()) {
        return to_response(faults);
    }
    if (search.from && search.to && *search.from > *search.to) {
        return to_response(Refusal(1027));
    }
    const Value* resource = platform_.settings.resource(search.resource);
    const bool owner =
        resource != nullptr && (*resource)["owner"].as_string() == caller.organisation;
    if (resource == nullptr || (search.role == "sender" && !owner)) {
        return to_response(Refusal(4001));
    }
    const std::string& name = (*resource)["id"].as_string();
    std::vector<const Correspondence*> found;
    const auto consider = [&](const Correspondence& letter) {
        if (letter.resource == name && fits(search, letter, caller)) {
            found.push_back(&letter);
        }
    };
    if (!search.key.empty()) {
        const Correspondence* letter =
            platform_.book.correspondence(platform_.book.by_key(search.key));
        if (letter != nullptr) {
            consider(*letter);
        }
    } else {
        for (const auto& [id, letter] : platform_.book.correspondences()) {
            consider(letter);
        }
    }
    std::sort(found.begin(), found.end(), [](const Correspondence* a, const Correspondence* b) {
        return a->requested_publish > b->requested_publish;
    });
    if (found.size() > found_max) {
        found.resize(found_max);
    }
    Value ids = Value::array();
    for (const Correspondence* letter : found) {
        ids.push(letter->id);
    }
    Value out;
    out.set("ids", std::move(ids));
    return kit::json_response(200, out);
}

Letters::Side Letters::side_of(const Caller& caller, const Correspondence& letter) const {
    if (letter.owner == caller.organisation && caller.writes()) {
        return Side::sender;
    }
    return letter.recipient == caller.party && caller.reads() ? Side::recipient : Side::none;
}

void Letters::fetched(Correspondence& letter) {
    core::Time last{};
    for (const StatusEvent& event : letter.history) {
        if (event.status == "Fetched") {
            last = event.at;
        }
    }
    if (platform_.book.now() - last >= platform_.book.pace().fetch_debounce) {
        platform_.book.set_status(letter, "Fetched");
    }
}

http::Response Letters::overview(const Caller& caller, const std::string& id, bool details) {
    Correspondence* letter = platform_.book.correspondence(kit::lower(id));
    if (letter == nullptr) {
        return to_response(Refusal(1001));
    }
    const Side side = side_of(caller, *letter);
    if (side == Side::none) {
        return to_response(Refusal(4001));
    }
    if (side == Side::recipient) {
        if (!letter->available_to_recipient()) {
            return to_response(Refusal(1001));
        }
        fetched(*letter);
    }
    return kit::json_response(200, details ? correspondence_details(platform_.book, *letter)
                                           : correspondence_view(platform_.book, *letter));
}

Correspondence* Letters::received(const Caller& caller, const std::string& id, Refusal& wrong) {
    Correspondence* letter = platform_.book.correspondence(kit::lower(id));
    if (letter == nullptr) {
        wrong = Refusal(1001);
        return nullptr;
    }
    if (letter->recipient != caller.party || !caller.reads()) {
        wrong = Refusal(4001);
        return nullptr;
    }
    if (!letter->available_to_recipient()) {
        wrong = Refusal(1001);
        return nullptr;
    }
    return letter;
}

http::Response Letters::content(const Caller& caller, const std::string& id) {
    Refusal wrong;
    Correspondence* letter = received(caller, id, wrong);
    if (letter == nullptr) {
        return to_response(wrong);
    }
    fetched(*letter);
    if (!letter->has("Read")) {
        platform_.book.set_status(*letter, "Read");
        platform_.book.emit("correspondencereceiverread", letter->id);
    }
    return kit::text_response(200, get(get(letter->content, "content"), "messageBody").as_string());
}

http::Response Letters::read(Correspondence& letter) {
    if (!letter.has("Fetched")) {
        return to_response(Refusal(1024));
    }
    if (letter.has("Read")) {
        return to_response(Refusal(1040));
    }
    platform_.book.set_status(letter, "Read");
    platform_.book.emit("correspondencereceiverread", letter.id);
    return id_response(letter);
}

http::Response Letters::confirmed(Correspondence& letter) {
    if (!letter.has("Fetched")) {
        return to_response(Refusal(1025));
    }
    if (letter.has("Confirmed")) {
        return to_response(Refusal(1041));
    }
    platform_.book.set_status(letter, "Confirmed");
    platform_.book.emit("correspondencereceiverconfirmed", letter.id);
    return id_response(letter);
}

http::Response Letters::purged(Correspondence& letter) {
    if (letter.transmission) {
        return to_response(Refusal(1043));
    }
    if (letter.confirmation_needed() && !letter.has("Confirmed")) {
        return to_response(Refusal(1026));
    }
    platform_.book.set_status(letter, "PurgedByRecipient");
    platform_.book.emit("correspondencepurged", letter.id);
    return id_response(letter);
}

http::Response Letters::mark_as_read(const Caller& caller, const std::string& id) {
    Refusal wrong;
    Correspondence* letter = received(caller, id, wrong);
    return letter != nullptr ? read(*letter) : to_response(wrong);
}

http::Response Letters::confirm(const Caller& caller, const std::string& id) {
    Refusal wrong;
    Correspondence* letter = received(caller, id, wrong);
    return letter != nullptr ? confirmed(*letter) : to_response(wrong);
}

http::Response Letters::purge(const Caller& caller, const std::string& id) {
    Correspondence* letter = platform_.book.correspondence(kit::lower(id));
    if (letter == nullptr) {
        return to_response(Refusal(1001));
    }
    const Side side = side_of(caller, *letter);
    if (side == Side::none) {
        return to_response(Refusal(4001));
    }
    if (letter->purged()) {
        return to_response(Refusal(1014));
    }
    if (side == Side::recipient) {
        return letter->available_to_recipient() ? purged(*letter) : to_response(Refusal(1001));
    }
    if (letter->published) {
        return to_response(Refusal(1013));
    }
    if (letter->transmission) {
        return to_response(Refusal(1043));
    }
    letter->publish_due.reset();
    platform_.book.set_status(*letter, "PurgedByAltinn", "Purged by sender");
    platform_.book.emit("correspondencepurged", letter->id);
    return id_response(*letter);
}

http::Response Letters::download(const Caller& caller, const std::string& id,
                                 const std::string& attachment) {
    Refusal wrong;
    Correspondence* letter = received(caller, id, wrong);
    if (letter == nullptr) {
        return to_response(wrong);
    }
    const std::string wanted = kit::lower(attachment);
    const auto& ids = letter->attachments;
    const Attachment* file = platform_.book.attachment(wanted);
    if (file == nullptr || std::find(ids.begin(), ids.end(), wanted) == ids.end()) {
        return to_response(Refusal(2001));
    }
    platform_.book.set_status(*letter, "AttachmentsDownloaded");
    return file_response(*file);
}

http::Response Letters::act(const std::string& id, const std::string& what) {
    Correspondence* letter = platform_.book.correspondence(kit::lower(id));
    if (letter == nullptr || !letter->available_to_recipient()) {
        return to_response(Refusal(1001));
    }
    if (what == "fetch") {
        fetched(*letter);
        return id_response(*letter);
    }
    if (what == "read") {
        fetched(*letter);
        return read(*letter);
    }
    if (what == "confirm") {
        fetched(*letter);
        return confirmed(*letter);
    }
    if (what == "download") {
        platform_.book.set_status(*letter, "AttachmentsDownloaded");
        return id_response(*letter);
    }
    if (what == "purge") {
        return purged(*letter);
    }
    return plain_problem(400, "act is fetch, read, confirm, download or purge");
}

}   // namespace gateway::altinn::standin
