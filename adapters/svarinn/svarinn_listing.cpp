#include "adapters/svarinn/svarinn_listing.hpp"

#include "gateway/core/ids.hpp"

#include <algorithm>

namespace gateway::svarinn {

using json::Value;

namespace {

constexpr std::size_t values_max = 1'000'000;

/// The first of these members that is there and not null.
const Value& first(const Value& from, std::initializer_list<const char*> names) {
    static const Value none;
    for (const char* name : names) {
        const Value* found = from.find(name);
        if (found != nullptr && !found->is_null()) {
            return *found;
        }
    }
    return none;
}

std::string uuid_in(const Value& value) {
    std::string text = value.as_string();
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c; });
    const auto id = core::parse_uuid(text);
    return id ? id->to_string() : std::string();
}

Party party_in(const Value& given) {
    const Value& address = given["postadresse"].is_object() ? given["postadresse"] : given;
    Party party;
    const std::string& organisation = first(given, {"organisasjonsnummer", "orgnr"}).as_string();
    const std::string& person = first(given, {"fodselsnummer", "fnr"}).as_string();
    party.organisation = core::is_organisation_number(organisation) ? organisation : "";
    party.person = core::is_person_number(person) ? person : "";
    party.name = address["navn"].as_string();
    for (const auto& names : {std::initializer_list<const char*>{"adresselinje1", "adresse1"},
                              std::initializer_list<const char*>{"adresselinje2", "adresse2"},
                              std::initializer_list<const char*>{"adresselinje3", "adresse3"}}) {
        const std::string& line = first(address, names).as_string();
        if (!line.empty()) {
            party.lines.push_back(line);
        }
    }
    party.postal_code = first(address, {"postnummer", "postnr"}).as_string();
    party.city = address["poststed"].as_string();
    party.country = address["land"].as_string();
    return party;
}

bool is_hash(const std::string& text) {
    return text.size() == 64 && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return text;
}

std::optional<std::vector<ListedFile>> files_in(const Value& item) {
    const Value& given = first(item, {"filer", "filmetadata"});
    if (!given.is_array() || given.items().empty() || given.items().size() > files_max) {
        return std::nullopt;
    }
    std::vector<ListedFile> files;
    for (const auto& one : given.items()) {
        ListedFile file;
        file.name = one["filnavn"].as_string();
        file.media_type = first(one, {"mimeType", "mimetype"}).as_string();
        file.sha256 = lower(first(one, {"hash", "sha256hash"}).as_string());
        file.type = first(one, {"type", "dokumentType"}).as_string();
        const Value& size = first(one, {"storrelse", "size"});
        if (size.is_int() && size.as_int() >= 0) {
            file.size = static_cast<std::uint64_t>(size.as_int());
        }
        if (file.name.empty() || (!file.sha256.empty() && !is_hash(file.sha256))) {
            return std::nullopt;
        }
        files.push_back(std::move(file));
    }
    return files;
}

Value links_in(const Value& item) {
    Value out = Value::array();
    for (const auto& one : item["lenker"].items()) {
        const std::string& url = first(one, {"lenke", "urlLenke"}).as_string();
        const std::string& text = first(one, {"tekst", "urlTekst"}).as_string();
        if (url.empty()) {
            continue;
        }
        Value link;
        link.set("url", url).set("text", text.empty() ? url : text);
        if (!one["ledetekst"].as_string().empty()) {
            link.set("leadIn", one["ledetekst"]);
        }
        out.push(std::move(link));
    }
    return out;
}

/// A number that says something: v1 writes 0 and -1 for none.
void take_number(const Value& from, const char* theirs, Value& out, const char* ours) {
    if (from[theirs].as_int() > 0) {
        out.set(ours, from[theirs]);
    }
}

void take_text(const Value& from, const char* theirs, Value& out, const char* ours) {
    if (!from[theirs].as_string().empty()) {
        out.set(ours, from[theirs]);
    }
}

/// Times come as texts (v2) or milliseconds (v1).
std::optional<core::Time> time_in(const Value& value) {
    if (value.is_int() && value.as_int() > 0) {
        return core::Time(std::chrono::milliseconds(value.as_int()));
    }
    const auto read = core::parse_rfc3339(value.as_string());
    return read ? std::optional(*read) : std::nullopt;
}

void take_time(const Value& from, const char* theirs, Value& out, const char* ours) {
    if (const auto at = time_in(from[theirs])) {
        out.set(ours, core::to_rfc3339(*at));
    }
}

/// Noark numbers, flat (v1) or with folder and record in objects of their own (v2).
Value noark_in(const Value& given) {
    const Value& folder = given["mappeId"].is_object() ? given["mappeId"] : given;
    const Value& record = given["journalpostId"].is_object() ? given["journalpostId"] : given;
    Value out = Value::object();
    take_text(folder, "mappeId", out, "folderId");
    if (folder.has("systemId") && &folder != &given) {
        take_text(folder, "systemId", out, "folderSystemId");
    }
    take_text(folder, "mappeSystemId", out, "folderSystemId");
    take_number(folder, "saksaar", out, "caseYear");
    take_number(folder, "sakssekvensnummer", out, "caseSequence");
    take_text(record, "systemId", out, "recordSystemId");
    take_text(record, "registreringsId", out, "recordId");
    take_number(record, "journalpostnummer", out, "recordNumber");
    take_number(record, "journalaar", out, "journalYear");
    take_number(record, "journalsekvensnummer", out, "journalSequence");
    take_text(given, "journalposttype", out, "recordType");
    take_text(given, "journalstatus", out, "recordStatus");
    take_time(given, "journaldato", out, "journalDate");
    take_time(given, "dokumentetsDato", out, "documentDate");
    take_text(given, "tittel", out, "title");
    take_text(given, "saksbehandler", out, "caseWorker");
    Value extra = Value::array();
    const Value& more = first(given, {"virksomhetsspesifikkeMetadata", "ekstraMetadata"});
    for (const auto& one : more.items()) {
        Value entry;
        entry.set("key", one["key"].as_string()).set("value", one["value"].as_string());
        extra.push(std::move(entry));
    }
    if (!extra.items().empty()) {
        out.set("extra", std::move(extra));
    }
    return out.members().empty() ? Value() : out;
}

std::optional<Listed> item_in(const Value& item) {
    Listed listed;
    listed.id = uuid_in(item["id"]);
    auto files = files_in(item);
    if (listed.id.empty() || !files) {
        return std::nullopt;
    }
    listed.files = std::move(*files);
    listed.title = item["tittel"].as_string();
    listed.received_at = time_in(first(item, {"dato", "date"}));
    listed.level = item["sikkerhetsniva"].as_string() == "HOYESTE" ||
                           item["niva"].as_string() == "4" || item["niva"].as_int() == 4
                       ? 4
                       : 3;
    listed.confidential = item["taushetsbelagtPost"].as_bool();
    listed.sender = party_in(item["avsender"]);
    listed.recipient = party_in(item["mottaker"]);
    listed.reply_to = party_in(item["svarSendesTil"]);
    listed.answers = uuid_in(item["svarPaForsendelse"]);
    listed.category = first(item, {"type", "forsendelseType"}).as_string();
    listed.reference = item["eksternRef"].as_string();
    listed.system = item["avgivendeSystem"].as_string();
    listed.link = first(item, {"nedlastingslenke", "downloadUrl"}).as_string();
    listed.links = links_in(item);
    listed.for_import = noark_in(item["metadataForImport"]);
    listed.from_sender = noark_in(item["metadataFraAvleverendeSystem"]);
    listed.raw = item;
    return listed;
}

}   // namespace

std::optional<Listing> read_listing(std::string_view body) {
    json::ParseLimits limits;
    limits.bytes_max = list_bytes_max;
    limits.values_max = values_max;
    const auto list = json::parse(body, limits);
    if (!list || !list->is_array() || list->items().size() > listed_max) {
        return std::nullopt;
    }
    Listing listing;
    for (const auto& item : list->items()) {
        auto listed = item_in(item);
        if (listed) {
            listing.items.push_back(std::move(*listed));
        } else {
            listing.unreadable.push_back(item);
        }
    }
    return listing;
}

}   // namespace gateway::svarinn
