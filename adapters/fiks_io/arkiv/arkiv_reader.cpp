#include "adapters/fiks_io/arkiv/arkiv_reader.hpp"

#include "adapters/fiks_io/arkiv/arkiv_time.hpp"

#include <charconv>
#include <cmath>
#include <functional>
#include <map>
#include <string>

namespace gateway::fiks_io::arkiv {
namespace {

using json::Value;
using seal::XmlElement;

std::string_view trimmed(std::string_view text) {
    constexpr const char* blanks = " \t\r\n";
    const auto first = text.find_first_not_of(blanks);
    return first == std::string_view::npos
               ? std::string_view()
               : text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

const Term* find_term(Kind kind, std::string_view name) {
    for (const auto& term : terms()) {
        if (term.in == kind && term.xml == name) {
            return &term;
        }
    }
    return nullptr;
}

/// Sorted by name: an object of thousands of names would be slow to fill in the order they come.
using Gathered = std::map<std::string, Value, std::less<>>;

/// A name that comes again is a list.
void gather(Gathered& all, const XmlElement& element);

Value object_of(Gathered all) {
    json::Object members;
    for (auto& [name, value] : all) {
        members.emplace_back(name, std::move(value));
    }
    return members;
}

/// Any element as JSON: its text, or its elements by name.
Value any_of(const XmlElement& element) {
    const auto children = element.children();
    if (children.empty()) {
        return text_of(element);
    }
    Gathered all;
    for (const auto& child : children) {
        gather(all, child);
    }
    return object_of(std::move(all));
}

void gather(Gathered& all, const XmlElement& element) {
    Value made = any_of(element);
    const auto [known, is_new] = all.try_emplace(std::string(element.name()), Value());
    if (is_new) {
        known->second = std::move(made);
        return;
    }
    if (!known->second.is_array()) {
        Value list = Value::array();
        list.push(std::move(known->second));
        known->second = std::move(list);
    }
    known->second.push(std::move(made));
}

template <class T>
std::optional<T> number_of(const std::string& text) {
    T value{};
    const char* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, value);
    return read.ec == std::errc() && read.ptr == end ? std::optional(value) : std::nullopt;
}

/// Null when it is not what the shape says.
Value leaf_of(const XmlElement& element, Shape shape) {
    const std::string text = text_of(element);
    switch (shape) {
    case Shape::integer: {
        const auto read = number_of<std::int64_t>(text);
        return read ? Value(*read) : Value();
    }
    case Shape::number: {
        const auto read = number_of<double>(text);
        return read && std::isfinite(*read) ? Value(*read) : Value();
    }
    case Shape::flag:
        if (text == "true" || text == "1") {
            return true;
        }
        return text == "false" || text == "0" ? Value(false) : Value();
    case Shape::date: {
        const auto read = archive_date(text);
        return read ? Value(*read) : Value();
    }
    case Shape::time: {
        const auto read = archive_time(text);
        return read ? Value(core::to_rfc3339(*read)) : Value();
    }
    case Shape::existed:
        if (text == "Eksisterende") {
            return true;
        }
        return text == "Opprettet" ? Value(false) : Value();
    case Shape::identifier: {
        const auto inner = child_of(element, "identifikator");
        const std::string found = inner ? text_of(*inner) : text;
        return found.empty() ? Value() : Value(found);
    }
    default: return text.empty() ? Value() : Value(text);
    }
}

/// The object that a path's first half names, made when it is not there, and its last half.
std::pair<Value*, std::string_view> place_of(Value& object, std::string_view path) {
    const auto dot = path.find('.');
    if (dot == std::string_view::npos) {
        return {&object, path};
    }
    const std::string_view outer = path.substr(0, dot);
    if (!object.has(outer)) {
        object.set(outer, Value::object());
    }
    return {object.find(outer), path.substr(dot + 1)};
}

void append(Value& object, std::string_view path, Value item) {
    const auto [place, name] = place_of(object, path);
    if (!place->has(name)) {
        place->set(name, Value::array());
    }
    place->find(name)->push(std::move(item));
}

void read_into(Value& object, Gathered& rest, const XmlElement& element, Kind kind);

/// Sets a member that is not there yet.
bool set_once(Value& object, std::string_view path, Value value) {
    if (value.is_null()) {
        return false;
    }
    const auto [place, name] = place_of(object, path);
    if (place->has(name)) {
        return false;
    }
    place->set(name, std::move(value));
    return true;
}

bool set_code(Value& object, std::string_view path, const XmlElement& element) {
    const auto code = child_of(element, "kode");
    const std::string value = code ? text_of(*code) : text_of(element);
    if (value.empty() || !set_once(object, path, value)) {
        return false;
    }
    if (const auto meaning = child_of(element, "beskrivelse");
        meaning && !text_of(*meaning).empty()) {
        set_once(object, std::string(path) + "Text", text_of(*meaning));
    }
    return true;
}

bool take(Value& object, Gathered& rest, const Term& term, const XmlElement& element) {
    switch (term.shape) {
    case Shape::code: return set_code(object, term.json, element);
    case Shape::texts:
        if (text_of(element).empty()) {
            return false;
        }
        append(object, term.json, text_of(element));
        return true;
    case Shape::object: return set_once(object, term.json, read_element(element, term.of));
    case Shape::objects: append(object, term.json, read_element(element, term.of)); return true;
    case Shape::merge: read_into(object, rest, element, term.of); return true;
    case Shape::any: return set_once(object, term.json, any_of(element));
    default: return set_once(object, term.json, leaf_of(element, term.shape));
    }
}

void read_into(Value& object, Gathered& rest, const XmlElement& element, Kind kind) {
    for (const auto& child : element.children()) {
        const Term* const term = find_term(kind, child.name());
        const bool is_empty = child.children().empty() && text_of(child).empty();
        if (!is_empty && (term == nullptr || !take(object, rest, *term, child))) {
            gather(rest, child);
        }
    }
}

}   // namespace

json::Value read_element(const XmlElement& element, Kind kind) {
    Value object = Value::object();
    Gathered rest;
    read_into(object, rest, element, kind);
    if (!rest.empty()) {
        object.set("more", object_of(std::move(rest)));
    }
    return object;
}

std::optional<XmlElement> child_of(const XmlElement& element, std::string_view name) {
    for (const auto& child : element.children()) {
        if (child.name() == name) {
            return child;
        }
    }
    return std::nullopt;
}

std::string text_of(const XmlElement& element) {
    const auto text = element.text();
    return text ? std::string(trimmed(*text)) : std::string();
}

}   // namespace gateway::fiks_io::arkiv
