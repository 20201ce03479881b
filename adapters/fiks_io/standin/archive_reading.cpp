#include "adapters/common/standin/containers/xml.hpp"
#include "adapters/common/standin/jose.hpp"
#include "adapters/fiks_io/standin/archive_xml.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

namespace gateway::fiks_io::standin {

namespace kit = gateway::standin;
using kit::PackageFile;
using kit::XmlDocument;
using kit::XmlNode;

namespace {

const std::string base = "https://ks-no.github.io/standarder/fiks-protokoll/fiks-arkiv/";
constexpr const char* type_space = "http://www.w3.org/2001/XMLSchema-instance";
constexpr std::array<std::string_view, 5> record_types{"I", "U", "N", "X", "S"};

/// The only child of that name, in whatever namespace.
XmlNode* kid(const XmlNode* node, std::string_view name) {
    if (node == nullptr) {
        return nullptr;
    }
    for (XmlNode* each : kit::children(node)) {
        if (kit::name_of(each) == name) {
            return each;
        }
    }
    return nullptr;
}

std::string text(const XmlNode* node, std::string_view name) {
    const XmlNode* found = kid(node, name);
    return found == nullptr ? std::string() : kit::text_of(found);
}

/// xsi:type without its prefix.
std::string type_of(const XmlNode* node) {
    const std::string type = kit::attribute_in(node, "type", type_space);
    return type.substr(type.find(':') + 1);
}

std::string outside_id(const XmlNode* node) {
    const XmlNode* key = kid(node, "referanseEksternNoekkel");
    return key == nullptr ? std::string() : text(key, "fagsystem") + " " + text(key, "noekkel");
}

/// Whichever of its ids a reference holds.
std::string reference(const XmlNode* node) {
    if (node == nullptr) {
        return {};
    }
    for (const char* name : {"systemID", "mappeID", "registreringsID"}) {
        if (std::string id = text(node, name); !id.empty()) {
            return id;
        }
    }
    if (const XmlNode* number = kid(node, "saksnummer")) {
        return text(number, "saksaar") + "/" + text(number, "sakssekvensnummer");
    }
    if (const XmlNode* number = kid(node, "journalnummer")) {
        return text(number, "journalaar") + "/" + text(number, "journalsekvensnummer");
    }
    return outside_id(node);
}

std::optional<std::int64_t> number(const std::string& digits) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc() || end != digits.data() + digits.size()) {
        return std::nullopt;
    }
    return value;
}

/// A dokumentobjekt against the files of the package.
std::variant<RecordFile, Objection> read_file(const XmlNode* object, const Opened& message) {
    const std::string name = text(object, "referanseDokumentfil");
    const auto file = std::find_if(message.files.begin(), message.files.end(),
                                   [&name](const PackageFile& one) { return one.name == name; });
    if (name.empty() || file == message.files.end()) {
        return Objection{"referanseDokumentfil viser til en fil som ikke er i pakken"};
    }
    RecordFile out;
    out.name = text(object, "filnavn");
    out.sha256 = kit::sha256_hex(file->bytes);
    if (out.name.empty()) {
        return Objection{"dokumentobjekt mangler filnavn"};
    }
    const std::string sum = text(object, "sjekksum");
    if (!sum.empty() && text(object, "sjekksumAlgoritme") != "SHA-256") {
        return Objection{"sjekksumAlgoritme er ikke SHA-256"};
    }
    std::string low = sum;
    std::transform(low.begin(), low.end(), low.begin(),
                   [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c; });
    if (!sum.empty() && low != out.sha256) {
        return Objection{"sjekksum stemmer ikke med filen"};
    }
    const std::string size = text(object, "filstoerrelse");
    if (!size.empty() && number(size) != static_cast<std::int64_t>(file->bytes.size())) {
        return Objection{"filstoerrelse stemmer ikke med filen"};
    }
    return out;
}

std::optional<Objection> read_folder(const XmlNode* node, Order& order) {
    const std::string type = type_of(node);
    if (!type.empty() && type != "mappe" && type != "saksmappe") {
        return Objection{"mappe har en ukjent type"};
    }
    Case folder;
    folder.title = text(node, "tittel");
    folder.outside_id = outside_id(node);
    if (folder.title.empty()) {
        return Objection{"mappe mangler tittel"};
    }
    order.folder = std::move(folder);
    return std::nullopt;
}

std::optional<Objection> read_record(const XmlNode* node, const Opened& message, Order& order) {
    const std::string type = type_of(node);
    Record record;
    record.title = text(node, "tittel");
    record.outside_id = outside_id(node);
    if (record.title.empty()) {
        return Objection{"registrering mangler tittel"};
    }
    if (type == "journalpost") {
        record.type = text(kid(node, "journalposttype"), "kode");
        if (std::find(record_types.begin(), record_types.end(), record.type) ==
            record_types.end()) {
            return Objection{"journalposttype er ikke I, U, N, X eller S"};
        }
    } else if (!type.empty() && type != "registrering" && type != "arkivnotat") {
        return Objection{"registrering har en ukjent type"};
    }
    order.parent = reference(kid(node, "referanseForelderMappe"));
    bool main = false;
    for (const XmlNode* document : kit::children(node)) {
        if (kit::name_of(document) != "dokumentbeskrivelse") {
            continue;
        }
        if (text(document, "tittel").empty() ||
            text(kid(document, "tilknyttetRegistreringSom"), "kode").empty()) {
            return Objection{"dokumentbeskrivelse mangler tittel eller tilknyttetRegistreringSom"};
        }
        main = main || text(kid(document, "tilknyttetRegistreringSom"), "kode") == "H";
        for (const XmlNode* object : kit::children(document)) {
            if (kit::name_of(object) != "dokumentobjekt") {
                continue;
            }
            auto file = read_file(object, message);
            if (auto* objection = std::get_if<Objection>(&file)) {
                return std::move(*objection);
            }
            record.files.push_back(std::get<RecordFile>(file));
        }
    }
    if (!record.files.empty() && !main) {
        return Objection{"registrering har ikke noe hoveddokument (H)"};
    }
    order.record = std::move(record);
    return std::nullopt;
}

XmlDocument document_of(const Opened& message) {
    const PackageFile* payload = message.payload(".xml");
    return payload == nullptr ? XmlDocument() : kit::parse_xml(payload->bytes);
}

}   // namespace

std::variant<Order, Objection> read_order(const Opened& message) {
    const XmlDocument document = document_of(message);
    const XmlNode* root = document ? kit::root_of(document) : nullptr;
    if (root == nullptr ||
        !kit::is_element(root, "arkivmelding", base + "arkivmelding/opprett/v1")) {
        return Objection{"Nyttelasten er ikke en arkivmelding"};
    }
    Order order;
    order.system = text(root, "system");
    const auto count = number(text(root, "antallFiler"));
    if (order.system.empty() || !count) {
        return Objection{"arkivmelding mangler system eller antallFiler"};
    }
    const XmlNode* folder = kid(root, "mappe");
    const XmlNode* record = kid(root, "registrering");
    if (folder == nullptr && record == nullptr) {
        return Objection{"arkivmelding har verken mappe eller registrering"};
    }
    if (folder != nullptr) {
        if (auto objection = read_folder(folder, order)) {
            return std::move(*objection);
        }
    }
    if (record != nullptr) {
        if (auto objection = read_record(record, message, order)) {
            return std::move(*objection);
        }
    }
    const std::size_t files = message.files.size() - 1;   // without the XML
    const std::size_t named = order.record ? order.record->files.size() : 0;
    if (*count != static_cast<std::int64_t>(files) || named != files) {
        return Objection{"antallFiler, filene i pakken og dokumentobjektene stemmer ikke overens"};
    }
    return order;
}

std::variant<Query, Objection> read_query(const Opened& message, std::string_view root_name) {
    const XmlDocument document = document_of(message);
    const XmlNode* root = document ? kit::root_of(document) : nullptr;
    if (root == nullptr || kit::name_of(root) != root_name) {
        return Objection{"Nyttelasten er ikke en " + std::string(root_name)};
    }
    Query query;
    query.system = text(root, "system");
    if (query.system.empty()) {
        return Objection{"system mangler"};
    }
    for (const char* name :
         {"referanseTilMappe", "referanseTilRegistrering", "dokumentfilNoekkel"}) {
        if (const XmlNode* node = kid(root, name)) {
            query.reference = reference(node);
        }
    }
    if (root_name != "sok") {
        return query;
    }
    const XmlNode* definition = kid(root, "sokdefinisjon");
    query.take = number(text(root, "take")).value_or(-1);
    query.skip = number(text(root, "skip")).value_or(-1);
    query.response_type = text(definition, "responstype");
    if (definition == nullptr || query.take < 0 || query.skip < 0) {
        return Objection{"sok mangler take, skip eller sokdefinisjon"};
    }
    const std::string type = type_of(definition);
    query.for_cases = type.starts_with("mappe") || type.starts_with("saksmappe");
    for (const XmlNode* each : kit::children(definition)) {
        if (kit::name_of(each) == "soketekst") {
            query.values.push_back(kit::text_of(each));
        }
        const XmlNode* values = kid(each, "sokVerdier");
        if (kit::name_of(each) != "parametere" || values == nullptr) {
            continue;
        }
        for (const XmlNode* group : kit::children(values)) {
            if (kit::name_of(group) == "eksternNoekkel") {
                query.values.push_back(text(group, "fagsystem") + " " + text(group, "noekkel"));
                continue;
            }
            for (const XmlNode* value : kit::children(group)) {
                query.values.push_back(kit::text_of(value));
            }
        }
    }
    return query;
}

std::variant<Change, Objection> read_change(const Opened& message, std::string_view root_name) {
    const XmlDocument document = document_of(message);
    const XmlNode* root = document ? kit::root_of(document) : nullptr;
    if (root == nullptr || kit::name_of(root) != root_name) {
        return Objection{"Nyttelasten er ikke en " + std::string(root_name)};
    }
    Change change;
    if (root_name == "arkivmeldingOppdatering") {
        const auto kids = kit::children(root);
        const XmlNode* inner = kids.empty() ? nullptr : kids.front();
        for (const char* name :
             {"referanseTilMappe", "referanseTilRegistrering", "referanseTilDokumentbeskrivelse"}) {
            if (const XmlNode* node = kid(inner, name)) {
                change.target = reference(node);
            }
        }
        change.title = text(inner, "tittel");
    } else if (root_name == "dokumentobjektOpprett") {
        change.target = reference(kid(root, "referanseTilDokumentbeskrivelse"));
        auto file = read_file(kid(root, "dokumentobjekt"), message);
        if (auto* objection = std::get_if<Objection>(&file)) {
            return std::move(*objection);
        }
        change.file = std::get<RecordFile>(file);
    } else {
        change.target = reference(kid(root, "referanseTilJournalpost"));
        if (text(root, "korrespondansepartID").empty()) {
            return Objection{"korrespondansepartID mangler"};
        }
    }
    if (change.target.empty()) {
        return Objection{"Meldingen sier ikke hva den gjelder"};
    }
    return change;
}

}   // namespace gateway::fiks_io::standin
