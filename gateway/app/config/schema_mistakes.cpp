#include "gateway/app/config/schema_mistakes.hpp"

#include <set>

namespace gateway::app {
namespace {

constexpr std::size_t faults_max = 200;

std::string unescape(std::string token) {
    for (const auto& [from, to] : {std::pair{"~1", "/"}, std::pair{"~0", "~"}}) {
        for (auto at = token.find(from); at != std::string::npos; at = token.find(from, at + 1)) {
            token.replace(at, 2, to);
        }
    }
    return token;
}

std::string parent_of(const std::string& pointer) {
    return pointer.substr(0, pointer.rfind('/'));
}

/// What a person calls the value: its key; for an item of a list, the list's key.
std::string name_of(const std::string& pointer) {
    const std::string name = pointer.substr(pointer.rfind('/') + 1);
    const bool item = !name.empty() && name.find_first_not_of("0123456789") == std::string::npos;
    return item ? name_of(parent_of(pointer)) : unescape(name);
}

std::vector<std::string> names_in(const json::Value* schema) {
    std::vector<std::string> names;
    if (schema != nullptr) {
        for (const auto& [name, part] : (*schema)["properties"].members()) {
            names.push_back(name);
        }
    }
    return names;
}

std::vector<std::string> words_of(const json::Value& list) {
    std::vector<std::string> words;
    for (const json::Value& item : list.items()) {
        words.push_back(item.is_string() ? item.as_string() : json::write(item));
    }
    return words;
}

const char* kind_of(const json::Value& value) {
    return value.is_string()   ? "string"
           : value.is_bool()   ? "boolean"
           : value.is_int()    ? "integer"
           : value.is_number() ? "number"
           : value.is_array()  ? "array"
                               : "object";
}

std::string type_nb(const std::string& type) {
    return type == "string"    ? "tekst i anførselstegn"
           : type == "integer" ? "et helt tall"
           : type == "number"  ? "et tall"
           : type == "boolean" ? "true eller false"
           : type == "array"   ? "en liste: [..., ...]"
           : type == "object"  ? "en tabell"
                               : type;
}

std::string type_en(const std::string& type) {
    return type == "string"    ? "text in quotation marks"
           : type == "integer" ? "a whole number"
           : type == "number"  ? "a number"
           : type == "boolean" ? "true or false"
           : type == "array"   ? "a list: [..., ...]"
           : type == "object"  ? "a table"
                               : type;
}

std::string example_of(const std::string& name, const json::Value* part) {
    const std::string type = part == nullptr ? "" : (*part)["type"].as_string();
    if (type == "object") {
        return "[" + name + "]";
    }
    const std::string value = type == "array"                         ? "[\"...\"]"
                              : type == "integer" || type == "number" ? "0"
                              : type == "boolean"                     ? "false"
                                                                      : "\"...\"";
    return name + " = " + value;
}

Said remedy_of_pattern(const std::string& name, const std::string& pattern,
                       const json::Value* part) {
    if (pattern.starts_with("^(file:|env:")) {
        const bool hardware = pattern.find("pkcs11:") != std::string::npos;
        const std::string more = hardware ? ", \"pkcs11:token=...;object=...\"" : "";
        return {"skriv en henvisning: \"file:/sti\" eller \"env:NAVN\"" + more +
                    "; hemmeligheten selv skal aldri stå her",
                "write a reference: \"file:/path\" or \"env:NAME\"" + more +
                    "; the secret itself never stands here"};
    }
    if (pattern == "^[0-9]{9}$") {
        return {"skriv organisasjonsnummeret med ni siffer uten mellomrom",
                "write the organisation number, nine digits without spaces"};
    }
    if (pattern.starts_with("^(send:")) {
        return {"skriv for eksempel \"send:letter\", \"messages:read-all\", "
                "\"read:<datasett>:<formål>\" eller \"publish:<datasett>\"",
                "write for example \"send:letter\", \"messages:read-all\", "
                "\"read:<dataset>:<purpose>\" or \"publish:<dataset>\""};
    }
    if (pattern == "^https?://") {
        return {"skriv en adresse som begynner med https://",
                "write an address that begins with https://"};
    }
    const std::string about = part == nullptr ? "" : (*part)["description"].as_string();
    return {name + " skal ha formen " + pattern,
            name + " must have the form " + pattern + (about.empty() ? "" : " (" + about + ")")};
}

}   // namespace

core::Result<TeachingSchema> TeachingSchema::compile(std::string_view text) {
    auto schema = json::Schema::compile(text);
    if (!schema) {
        return schema.error();
    }
    json::ParseLimits limits;
    limits.depth_max = 64;
    auto value = json::parse_or_failure(text, limits);
    if (!value) {
        return value.error();
    }
    return TeachingSchema(std::move(*schema), std::move(*value));
}

std::vector<std::string> TeachingSchema::names() const {
    return names_in(&text_);
}

const json::Value* TeachingSchema::part_at(const std::string& pointer) const {
    const json::Value* part = &text_;
    std::size_t at = 0;
    while (part != nullptr) {
        if (const json::Value* reference = part->find("$ref")) {
            part = text_.at(reference->as_string().substr(1));
            continue;
        }
        if (at >= pointer.size()) {
            return part;
        }
        const std::size_t end = std::min(pointer.find('/', at + 1), pointer.size());
        const std::string token = unescape(pointer.substr(at + 1, end - at - 1));
        at = end;
        if (const json::Value* items = part->find("items")) {
            part = items;
        } else if (const json::Value* known = (*part)["properties"].find(token)) {
            part = known;
        } else {
            const json::Value* additional = part->find("additionalProperties");
            part = additional != nullptr && additional->is_object() ? additional : nullptr;
        }
    }
    return nullptr;
}

Mistake TeachingSchema::mistake_of(const json::SchemaFault& fault, const Document& document,
                                   const std::string& base,
                                   const std::vector<std::string>& more_names,
                                   const json::Value& value) const {
    const std::string pointer = base + fault.pointer;
    const std::string name = name_of(pointer);
    const std::string quoted = "\"" + name + "\"";
    const json::Value* part = part_at(fault.pointer);
    const Place at_value = document.value_place(pointer);
    const std::string& keyword = fault.keyword;
    if (keyword == "additionalProperties") {
        const std::string parent = parent_of(fault.pointer);
        std::vector<std::string> known = names_in(part_at(parent));
        if (parent.empty()) {
            known.insert(known.end(), more_names.begin(), more_names.end());
        }
        return {document.key_place(pointer),
                Said("ukjent nøkkel " + quoted, "unknown key " + quoted),
                did_you_mean(name, known)};
    }
    if (keyword == "required") {
        const std::string example = example_of(name, part);
        return {document.value_place(parent_of(pointer)),
                Said(quoted + " mangler", quoted + " is missing"),
                Said("legg til " + example, "add " + example)};
    }
    if (keyword == "dependencies") {
        return {document.value_place(parent_of(pointer)),
                Said(quoted + " mangler ved siden av det som står her",
                     quoted + " is missing beside what stands here"),
                Said("legg til " + example_of(name, part), "add " + example_of(name, part))};
    }
    if (keyword == "propertyNames") {
        return {
            document.key_place(pointer),
            Said("navnet " + quoted + " kan ikke brukes", "the name " + quoted + " cannot be used"),
            Said("bruk små bokstaver a-z, tall og bindestrek, med en bokstav først, høyst 63 tegn",
                 "use lower-case a-z, digits and hyphens, a letter first, at most 63 characters")};
    }
    if (keyword == "type") {
        const json::Value* given = value.at(fault.pointer);
        const std::string kind = given == nullptr ? "" : kind_of(*given);
        return {at_value,
                Said(quoted + " er av feil slag (" + type_nb(kind) + ")",
                     quoted + " is of the wrong kind (" + type_en(kind) + ")"),
                Said("skriv " + type_nb(fault.detail), "write " + type_en(fault.detail))};
    }
    if (keyword == "enum" && part != nullptr) {
        const json::Value* given = value.at(fault.pointer);
        const std::string word = given == nullptr ? "" : given->as_string();
        return {at_value, Said("ukjent valg for " + quoted, "unknown choice for " + quoted),
                did_you_mean(word, words_of((*part)["enum"]))};
    }
    if (keyword == "pattern") {
        return {at_value,
                Said("verdien av " + quoted + " har feil form",
                     "the value of " + quoted + " has the wrong form"),
                remedy_of_pattern(name, fault.detail, part)};
    }
    if (keyword == "minimum" || keyword == "exclusiveMinimum") {
        return {at_value, Said(quoted + " er for lite", quoted + " is too small"),
                Said("minst " + fault.detail, "at least " + fault.detail)};
    }
    if (keyword == "maximum" || keyword == "exclusiveMaximum") {
        return {at_value, Said(quoted + " er for stort", quoted + " is too large"),
                Said("høyst " + fault.detail, "at most " + fault.detail)};
    }
    if (keyword == "minLength" || keyword == "minItems" || keyword == "minProperties") {
        return {at_value, Said(quoted + " er for kort", quoted + " is too short"),
                Said("minst " + fault.detail, "at least " + fault.detail)};
    }
    if (keyword == "maxLength" || keyword == "maxItems" || keyword == "maxProperties") {
        return {at_value, Said(quoted + " er for langt", quoted + " is too long"),
                Said("høyst " + fault.detail, "at most " + fault.detail)};
    }
    if (keyword == "uniqueItems") {
        return {at_value,
                Said("noe står to ganger i " + quoted, "something stands twice in " + quoted),
                Said("fjern det ene", "remove one of them")};
    }
    return {at_value,
            Said(quoted + " følger ikke reglene (" + keyword + ")",
                 quoted + " does not follow the rules (" + keyword + ")"),
            {}};
}

void TeachingSchema::check(const Document& document, const std::string& base,
                           const json::Value& value, const std::vector<std::string>& more_names,
                           Mistakes& mistakes) const {
    const auto faults = schema_.check(value, faults_max);
    // A misspelt key is one mistake, not also a missing one.
    std::set<std::string> misspelt;
    for (const json::SchemaFault& fault : faults) {
        if (fault.keyword == "additionalProperties") {
            const std::string parent = parent_of(fault.pointer);
            const std::string meant = nearest(fault.detail, names_in(part_at(parent)));
            misspelt.insert(parent + json::pointer_token(meant));
        }
    }
    for (const json::SchemaFault& fault : faults) {
        if (fault.keyword != "required" || !misspelt.contains(fault.pointer)) {
            mistakes.push_back(mistake_of(fault, document, base, more_names, value));
        }
    }
}

}   // namespace gateway::app
