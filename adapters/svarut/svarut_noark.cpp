#include "adapters/svarut/svarut_noark.hpp"

namespace gateway::svarut {
namespace {

struct Name {
    const char* ours;
    const char* theirs;
    bool from_sender_only = false;
};

constexpr Name names[] = {
    {"folderId", "mappeId"},
    {"folderSystemId", "mappeSystemId"},
    {"caseYear", "saksaar"},
    {"caseSequence", "sakssekvensnummer"},
    {"recordSystemId", "systemId"},
    {"recordId", "registreringsId"},
    {"recordNumber", "journalpostnummer"},
    {"journalYear", "journalaar"},
    {"journalSequence", "journalsekvensnummer"},
    {"recordType", "journalposttype"},
    {"recordStatus", "journalstatus"},
    {"journalDate", "journaldato", true},
    {"documentDate", "dokumentetsDato"},
    {"title", "tittel"},
    {"caseWorker", "saksbehandler", true},
};

/// A date without its time of day is one of theirs at midnight.
json::Value value_of(const Name& name, const json::Value& given) {
    const bool date = std::string_view(name.ours).ends_with("Date");
    return date && given.as_string().size() == 10 ? json::Value(given.as_string() + "T00:00:00Z")
                                                  : given;
}

}   // namespace

json::Value noark_of(const json::Value& archive, NoarkPart part) {
    json::Value out = json::Value::object();
    for (const auto& name : names) {
        const json::Value* given = archive.find(name.ours);
        if (given != nullptr && (part == NoarkPart::from_sender || !name.from_sender_only)) {
            out.set(name.theirs, value_of(name, *given));
        }
    }
    const auto& extra = archive["extra"].items();
    if (part == NoarkPart::from_sender && !extra.empty()) {
        json::Value list = json::Value::array();
        for (const auto& one : extra) {
            list.push(one);
        }
        out.set("ekstraMetadata", std::move(list));
    }
    return out;
}

}   // namespace gateway::svarut
