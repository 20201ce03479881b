#include "adapters/fiks_io/arkiv/arkiv.hpp"
#include "adapters/fiks_io/arkiv/arkiv_reader.hpp"

#include <algorithm>
#include <array>

namespace gateway::fiks_io::arkiv {
namespace {

using json::Value;
using seal::XmlElement;

enum class Form {
    under_way,
    nothing,   // a receipt without payload
    created,
    new_file,
    found,
    fetched_case,
    fetched_record,
    fetched_file,   // the payload is the file
    error,
};

struct AnswerType {
    std::string_view name;   // after the protocol's
    Form form;
    std::string_view root = {};     // local name
    std::string_view detail = {};   // of a search: how much is told; of an error: its code
};

constexpr std::array<AnswerType, 19> types{{
    {"arkivering.arkivmelding.opprett.mottatt", Form::under_way},
    {"arkivering.arkivmelding.opprett.kvittering", Form::created, "arkivmeldingKvittering"},
    {"arkivering.arkivmelding.oppdater.mottatt", Form::under_way},
    {"arkivering.arkivmelding.oppdater.kvittering", Form::nothing},
    {"arkivering.dokumentobjekt.opprett.mottatt", Form::under_way},
    {"arkivering.dokumentobjekt.opprett.kvittering", Form::new_file,
     "dokumentobjektOpprettKvittering"},
    {"arkivering.avskrivning.opprett.mottatt", Form::under_way},
    {"arkivering.avskrivning.opprett.kvittering", Form::nothing},
    {"arkivering.avskrivning.slett.mottatt", Form::under_way},
    {"arkivering.avskrivning.slett.kvittering", Form::nothing},
    {"innsyn.sok.resultat.utvidet", Form::found, "sokeresultat", "full"},
    {"innsyn.sok.resultat.minimum", Form::found, "sokeresultatMinimum", "minimum"},
    {"innsyn.sok.resultat.noekler", Form::found, "sokeresultatNoekler", "keys"},
    {"innsyn.mappe.hent.resultat", Form::fetched_case, "mappeHentResultat"},
    {"innsyn.registrering.hent.resultat", Form::fetched_record, "registreringHentResultat"},
    {"innsyn.dokumentfil.hent.resultat", Form::fetched_file},
    {"feilmelding.ugyldigforespoersel", Form::error, "ugyldigforespoersel",
     "archive.invalid_request"},
    {"feilmelding.serverfeil", Form::error, "serverfeil", "archive.server_error"},
    {"feilmelding.ikkefunnet", Form::error, "ikkefunnet", "archive.not_found"},
}};

const AnswerType* find_type(std::string_view message_type) {
    // The specification itself misspells the protocol where it lists what may answer.
    for (const std::string_view start : {protocol, std::string_view("no.ks.fik.arkiv.v1")}) {
        if (message_type.substr(0, start.size()) == start &&
            message_type.substr(start.size()).starts_with('.')) {
            const std::string_view rest = message_type.substr(start.size() + 1);
            const auto* const found =
                std::find_if(types.begin(), types.end(),
                             [&](const AnswerType& one) { return one.name == rest; });
            return found == types.end() ? nullptr : found;
        }
    }
    return nullptr;
}

bool has_xml(Form form) {
    return form != Form::under_way && form != Form::nothing && form != Form::fetched_file;
}

Answer unreadable(std::string_view reason) {
    Answer answer;
    answer.code = "archive.answer_unreadable";
    answer.params.emplace_back("reason", std::string(reason));
    return answer;
}

/// An archive's error ids go into events: what is longer or holds more than an id does is left out.
std::string safe_id(const Value& error) {
    constexpr std::size_t id_max = 64;
    const auto& id = error["id"].as_string();
    const bool is_plain = std::all_of(id.begin(), id.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_' || c == '.';
    });
    // Eleven digits could be somebody's number.
    const auto digits =
        std::count_if(id.begin(), id.end(), [](char c) { return c >= '0' && c <= '9'; });
    const bool could_be_person = id.size() == 11 && digits == 11;
    return is_plain && !id.empty() && id.size() <= id_max && !could_be_person ? id : "-";
}

Value error_of(const XmlElement& element) {
    Value error = Value::object();
    if (const auto id = child_of(element, "feilId"); id && !text_of(*id).empty()) {
        error.set("id", text_of(*id));
    }
    const auto text = child_of(element, "feilmelding");
    error.set("text", text ? text_of(*text) : std::string());
    return error;
}

void fail(Answer& answer, Standing standing, const char* code, const Value& error) {
    answer.standing = standing;
    answer.code = code;
    answer.params = {{"id", safe_id(error)}};
}

std::string pair_of(const Value& number) {
    return number.has("year") && number.has("sequence")
               ? std::to_string(number["year"].as_int()) + "/" +
                     std::to_string(number["sequence"].as_int())
               : std::string();
}

void set_key(Answer& answer, const char* name, const std::string& value) {
    if (!value.empty() && !answer.keys.contains(name)) {
        answer.keys.emplace(name, value);
    }
}

/// From the record first: it is what most look for.
void set_keys(Answer& answer) {
    for (const char* name : {"record", "registration"}) {
        const Value& record = answer.content[name];
        set_key(answer, "journal", pair_of(record["journal"]));
        set_key(answer, "case", pair_of(record["case"]));
        set_key(answer, "archive", record["systemId"].as_string());
    }
    for (const char* name : {"case", "folder"}) {
        const Value& folder = answer.content[name];
        set_key(answer, "case", pair_of(folder));
        set_key(answer, "case", folder["folderId"].as_string());
        set_key(answer, "archive", folder["systemId"].as_string());
    }
    set_key(answer, "archive", answer.content["file"]["systemId"].as_string());
}

/// A receipt says of case and record apart whether they were made.
void read_created(Answer& answer, const XmlElement& root) {
    const auto take = [&](const char* xml, const char* name, auto read) {
        const auto found = child_of(root, xml);
        if (found) {
            answer.content.set(name, read(*found));
        }
        return found.has_value();
    };
    const auto folder = [](const XmlElement& one) { return read_element(one, Kind::folder); };
    const auto record = [](const XmlElement& one) { return read_element(one, Kind::record); };
    const bool has_case = take("mappeKvittering", "case", folder);
    const bool has_record = take("registreringKvittering", "record", record);
    const bool case_failed = take("mappeFeilet", "caseError", error_of);
    const bool record_failed = take("registreringFeilet", "recordError", error_of);
    if (record_failed) {
        fail(answer, has_case ? Standing::partly : Standing::failed,
             has_case ? "archive.record_refused" : "archive.refused",
             answer.content["recordError"]);
    } else if (case_failed) {
        fail(answer, has_record ? Standing::partly : Standing::failed,
             has_record ? "archive.case_refused" : "archive.refused", answer.content["caseError"]);
    } else if (has_case || has_record) {
        answer.standing = Standing::done;
    } else {
        answer = unreadable("empty");
    }
}

/// What a list of results or a fetched thing calls its kind.
bool take_thing(Value& into, const XmlElement& thing) {
    struct Name {
        std::string_view xml;
        std::string_view json;
        Kind kind;
    };
    constexpr std::array<Name, 6> names{{
        {"mappe", "folder", Kind::folder},
        {"saksmappe", "case", Kind::folder},
        {"registrering", "registration", Kind::record},
        {"journalpost", "record", Kind::record},
        {"journalpostMedSaksmappe", "record", Kind::record},
        {"dokumentbeskrivelse", "document", Kind::document},
    }};
    for (const auto& name : names) {
        if (name.xml == thing.name()) {
            into.set(name.json, read_element(thing, name.kind));
            return true;
        }
    }
    return false;
}

void read_found(Answer& answer, const XmlElement& root, std::string_view detail) {
    Value search = Value::object();
    for (const char* name : {"take", "skip", "count"}) {
        const auto number = child_of(root, name);
        if (number) {
            const auto read = json::parse(text_of(*number));
            if (read && read->is_int()) {
                search.set(name, *read);
            }
        }
    }
    search.set("result", detail).set("found", Value::array());
    const auto list = child_of(root, "resultatListe");
    if (!list) {
        answer = unreadable("empty");
        return;
    }
    for (const auto& result : list->children()) {
        Value one = Value::object();
        const auto things = result.children();
        if (things.size() != 1 || !take_thing(one, things.front())) {
            answer = unreadable("unknown_result");   // never a shorter list than the archive's
            return;
        }
        search.find("found")->push(std::move(one));
    }
    answer.content.set("search", std::move(search));
    answer.standing = Standing::done;
    answer.for_inbox = true;
}

void read_fetched(Answer& answer, const XmlElement& root) {
    for (const auto& thing : root.children()) {
        if (take_thing(answer.content, thing)) {
            answer.standing = Standing::done;
            answer.for_inbox = true;
        }
    }
    if (answer.standing != Standing::done) {
        answer = unreadable("empty");
    }
}

void read_payload(Answer& answer, const AnswerType& type, const XmlElement& root) {
    switch (type.form) {
    case Form::created: read_created(answer, root); break;
    case Form::new_file:
        answer.content.set("file", read_element(root, Kind::version));
        answer.standing = Standing::done;
        break;
    case Form::found: read_found(answer, root, type.detail); break;
    case Form::fetched_case:
    case Form::fetched_record: read_fetched(answer, root); break;
    case Form::error:
        answer.content.set("error", error_of(root));
        fail(answer, Standing::failed, type.detail.data(), answer.content["error"]);
        break;
    case Form::under_way:
    case Form::nothing:
    case Form::fetched_file: break;
    }
}

const char* outcome_of(Standing standing) {
    switch (standing) {
    case Standing::under_way: return "underWay";
    case Standing::partly: return "partial";
    case Standing::failed: return "failed";
    default: return "done";
    }
}

std::size_t depth_of(const Value& value) {
    std::size_t deepest = 0;
    for (const auto& [name, inner] : value.members()) {
        deepest = std::max(deepest, depth_of(inner));
    }
    for (const auto& inner : value.items()) {
        deepest = std::max(deepest, depth_of(inner));
    }
    return deepest + 1;
}

/// Content is stored as JSON of at most 1 MiB and read again with bounds; real answers are ten
/// deep.
bool can_be_kept(const Value& content) {
    constexpr std::size_t bytes_max = 900U << 10U;
    constexpr std::size_t content_depth_max = 24;
    return depth_of(content) <= content_depth_max && json::write(content).size() <= bytes_max;
}

Value beginning(const AnswerType& type) {
    Value content = Value::object();
    content.set("type", "archiveanswer")
        .set("version", 1)
        .set("messageType", std::string(protocol) + "." + std::string(type.name));
    return content;
}

Answer finished(Answer answer, const AnswerType& type) {
    if (answer.standing != Standing::unreadable && !can_be_kept(answer.content)) {
        if (!answer.for_inbox) {
            return unreadable("content");
        }
        answer.content = beginning(type);
        answer.payload_is_document = true;
    }
    if (answer.standing == Standing::unreadable) {
        answer.content = Value();
        return answer;
    }
    answer.content.set("outcome", outcome_of(answer.standing));
    if (answer.payload_is_document) {
        answer.content.set("inDocument", true);
    }
    set_keys(answer);
    return answer;
}

/// An error says that it failed by its type alone: nobody needs its words to believe it.
Answer failed_without_words(Answer answer, const AnswerType& type) {
    Value error = Value::object();
    error.set("text", "");
    answer.content.set("error", error);
    fail(answer, Standing::failed, type.detail.data(), error);
    return finished(std::move(answer), type);
}

}   // namespace

bool is_answer(std::string_view message_type) {
    return find_type(message_type) != nullptr;
}

bool has_xml_payload(std::string_view answer_type) {
    const AnswerType* const type = find_type(answer_type);
    return type != nullptr && has_xml(type->form);
}

Answer answer_of(std::string_view message_type, std::string_view payload) {
    const AnswerType* const type = find_type(message_type);
    if (type == nullptr) {
        return unreadable("message_type");
    }
    Answer answer;
    answer.content = beginning(*type);
    if (!has_xml(type->form)) {
        answer.standing = type->form == Form::under_way ? Standing::under_way : Standing::done;
        answer.for_inbox = answer.payload_is_document = type->form == Form::fetched_file;
        return finished(std::move(answer), *type);
    }
    const auto document = seal::XmlDocument::parse(payload);
    // An error is one whatever its root is called.
    const bool is_readable =
        document && (type->form == Form::error || document->root().name() == type->root);
    if (is_readable) {
        read_payload(answer, *type, document->root());
        return finished(std::move(answer), *type);
    }
    if (type->form == Form::error) {
        return failed_without_words(std::move(answer), *type);
    }
    if (document) {
        return unreadable("root");
    }
    const auto& params = document.error().params;
    return unreadable(params.empty() ? "not_xml" : params.front().second);
}

}   // namespace gateway::fiks_io::arkiv
