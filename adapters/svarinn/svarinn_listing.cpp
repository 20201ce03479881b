#include "adapters/svarinn/svarinn_listing.hpp"

#include "gateway/core/ids.hpp"
#include "gateway/json/utf8.hpp"

#include <algorithm>
#include <cctype>

namespace gateway::svarinn {

using json::Value;

namespace {

constexpr std::size_t values_max = 1'000'000;
constexpr const char* unknown_media_type = "application/octet-stream";
// What transfer/v1 has room for, in characters.
constexpr std::size_t title_max = 1000;
constexpr std::size_t text_max = 255;
constexpr std::size_t name_max = 100;
constexpr std::size_t postal_code_max = 20;
constexpr std::size_t links_max = 50;
constexpr std::size_t extra_max = 20;
constexpr std::size_t extra_value_max = 500;
constexpr std::int64_t year_min = 1000;
constexpr std::int64_t number_max = 9'007'199'254'740'991;       // JSON's whole numbers
constexpr std::int64_t milliseconds_max = 253'402'300'799'999;   // the last of year 9999

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

/// Words for people, cut between characters where they are longer than our schema has room for: the
/// whole of them is kept with the item as it came.
std::string words_in(const Value& value, std::size_t length_max) {
    std::string text = value.as_string();
    std::size_t count = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool begins = (static_cast<unsigned char>(text[at]) & 0xC0U) != 0x80U;
        if (begins && ++count > length_max) {
            text.resize(at);
            break;
        }
    }
    return text;
}

/// A name or number that half of would be another one: whole, or not at all.
std::string name_in(const Value& value, std::size_t length_max) {
    const std::string& text = value.as_string();
    return json::utf8_length(text) <= length_max ? text : std::string();
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
    party.name = words_in(address["navn"], text_max);
    for (const auto& names : {std::initializer_list<const char*>{"adresselinje1", "adresse1"},
                              std::initializer_list<const char*>{"adresselinje2", "adresse2"},
                              std::initializer_list<const char*>{"adresselinje3", "adresse3"}}) {
        std::string line = words_in(first(address, names), text_max);
        if (!line.empty()) {
            party.lines.push_back(std::move(line));
        }
    }
    party.postal_code = name_in(first(address, {"postnummer", "postnr"}), postal_code_max);
    party.city = words_in(address["poststed"], name_max);
    party.country = words_in(address["land"], name_max);
    return party;
}

/// type/subtype, without parameters.
bool is_media_type(std::string_view text) {
    const auto is_token = [](std::string_view part) {
        return !part.empty() && part.size() <= 127 &&
               std::isalnum(static_cast<unsigned char>(part.front())) != 0 &&
               std::all_of(part.begin(), part.end(), [](char c) {
                   return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
                          std::string_view("!#$&^_.+-").find(c) != std::string_view::npos;
               });
    };
    const std::size_t slash = text.find('/');
    return slash != std::string_view::npos && is_token(text.substr(0, slash)) &&
           is_token(text.substr(slash + 1));
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
        file.name = name_in(one["filnavn"], text_max);
        file.media_type = first(one, {"mimeType", "mimetype"}).as_string();
        if (!is_media_type(file.media_type)) {
            file.media_type = unknown_media_type;
        }
        file.sha256 = lower(first(one, {"hash", "sha256hash"}).as_string());
        file.type = name_in(first(one, {"type", "dokumentType"}), name_max);
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
        const std::string url = name_in(first(one, {"lenke", "urlLenke"}), title_max);
        const std::string text = words_in(first(one, {"tekst", "urlTekst"}), title_max);
        if (url.empty() || out.items().size() >= links_max) {
            continue;
        }
        Value link;
        link.set("url", url).set("text", text.empty() ? url : text);
        if (!one["ledetekst"].as_string().empty()) {
            link.set("leadIn", words_in(one["ledetekst"], title_max));
        }
        out.push(std::move(link));
    }
    return out;
}

/// A number that says something: v1 writes 0 and -1 for none.
void take_number(const Value& from, const char* theirs, Value& out, const char* ours) {
    const std::int64_t number = from[theirs].as_int();
    if (number > 0 && number <= number_max) {
        out.set(ours, number);
    }
}

void take_year(const Value& from, const char* theirs, Value& out, const char* ours) {
    if (from[theirs].as_int() >= year_min) {
        take_number(from, theirs, out, ours);
    }
}

void take_text(const Value& from, const char* theirs, Value& out, const char* ours) {
    std::string text = name_in(from[theirs], name_max);
    if (!text.empty()) {
        out.set(ours, std::move(text));
    }
}

void take_words(const Value& from, const char* theirs, Value& out, const char* ours,
                std::size_t length_max) {
    std::string words = words_in(from[theirs], length_max);
    if (!words.empty()) {
        out.set(ours, std::move(words));
    }
}

/// Times come as texts (v2) or milliseconds (v1).
std::optional<core::Time> time_in(const Value& value) {
    if (value.is_int() && value.as_int() > 0 && value.as_int() <= milliseconds_max) {
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
    take_year(folder, "saksaar", out, "caseYear");
    take_number(folder, "sakssekvensnummer", out, "caseSequence");
    take_text(record, "systemId", out, "recordSystemId");
    take_text(record, "registreringsId", out, "recordId");
    take_number(record, "journalpostnummer", out, "recordNumber");
    take_year(record, "journalaar", out, "journalYear");
    take_number(record, "journalsekvensnummer", out, "journalSequence");
    take_text(given, "journalposttype", out, "recordType");
    take_text(given, "journalstatus", out, "recordStatus");
    take_time(given, "journaldato", out, "journalDate");
    take_time(given, "dokumentetsDato", out, "documentDate");
    take_words(given, "tittel", out, "title", title_max);
    take_words(given, "saksbehandler", out, "caseWorker", name_max);
    Value extra = Value::array();
    const Value& more = first(given, {"virksomhetsspesifikkeMetadata", "ekstraMetadata"});
    for (const auto& one : more.items()) {
        Value entry;
        take_text(one, "key", entry, "key");
        take_words(one, "value", entry, "value", extra_value_max);
        if (entry.has("key") && entry.has("value") && extra.items().size() < extra_max) {
            extra.push(std::move(entry));
        }
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
    listed.title = words_in(item["tittel"], title_max);
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
    listed.category = name_in(first(item, {"type", "forsendelseType"}), name_max);
    listed.reference = name_in(item["eksternRef"], text_max);
    listed.system = words_in(item["avgivendeSystem"], text_max);
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
