#include "gateway/app/config/document.hpp"

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include <cmath>

namespace gateway::app {
namespace {

class Converter {
public:
    Converter(const std::string& file, Mistakes& mistakes) : file_(file), mistakes_(mistakes) {}

    Document convert(const toml::table& root) {
        remember({}, root);
        Document document(file_, of_table(root, {}));
        for (const auto& place : places_) {
            if (place.is_key) {
                document.remember_key(place.pointer, place.line, place.column);
            } else {
                document.remember_value(place.pointer, place.line, place.column);
            }
        }
        return document;
    }

private:
    struct Noted {
        std::string pointer;
        unsigned line;
        unsigned column;
        bool is_key;
    };

    void remember(const std::string& pointer, const toml::node& node) {
        const auto& begin = node.source().begin;
        places_.push_back({pointer, begin.line, begin.column, false});
    }

    json::Value of_table(const toml::table& table, const std::string& pointer) {
        json::Value object = json::Value::object();
        for (const auto& [key, node] : table) {
            const std::string below = pointer + json::pointer_token(key.str());
            const auto& begin = key.source().begin;
            places_.push_back({below, begin.line, begin.column, true});
            remember(below, node);
            object.set(key.str(), of_node(node, below));
        }
        return object;
    }

    json::Value of_array(const toml::array& array, const std::string& pointer) {
        json::Value list = json::Value::array();
        std::size_t index = 0;
        for (const toml::node& node : array) {
            const std::string below = pointer + "/" + std::to_string(index++);
            remember(below, node);
            list.push(of_node(node, below));
        }
        return list;
    }

    json::Value of_node(const toml::node& node, const std::string& pointer) {
        if (const auto* table = node.as_table()) {
            return of_table(*table, pointer);
        }
        if (const auto* array = node.as_array()) {
            return of_array(*array, pointer);
        }
        if (const auto* text = node.as_string()) {
            return json::Value(text->get());
        }
        if (const auto* number = node.as_integer()) {
            return json::Value(std::int64_t{number->get()});
        }
        if (const auto* flag = node.as_boolean()) {
            return json::Value(flag->get());
        }
        if (const auto* real = node.as_floating_point(); real && std::isfinite(real->get())) {
            return json::Value(real->get());
        }
        const auto& begin = node.source().begin;
        mistakes_.emplace_back(Place(file_, begin.line, begin.column),
                               Said("en dato eller et tall uten verdi brukes ikke her",
                                    "a date, or a number without a value, is not used here"),
                               Said("skriv tekst i anførselstegn, eller et tall",
                                    "write text in quotation marks, or a number"));
        return {};
    }

    const std::string& file_;
    Mistakes& mistakes_;
    std::vector<Noted> places_;
};

}   // namespace

void Document::remember_value(const std::string& pointer, unsigned line, unsigned column) {
    if (line != 0) {
        values_[pointer] = {line, column};
    }
}

void Document::remember_key(const std::string& pointer, unsigned line, unsigned column) {
    if (line != 0) {
        keys_[pointer] = {line, column};
    }
}

Place Document::find(const Positions& positions, std::string pointer) const {
    while (true) {
        if (const auto found = positions.find(pointer); found != positions.end()) {
            return Place(file_, found->second.first, found->second.second);
        }
        if (const auto found = values_.find(pointer); found != values_.end()) {
            return Place(file_, found->second.first, found->second.second);
        }
        if (pointer.empty()) {
            return Place(file_, 1, 1);
        }
        pointer.erase(pointer.rfind('/'));
    }
}

std::optional<Document> read_toml(const std::string& file, std::string_view text,
                                  Mistakes& mistakes) {
    const toml::parse_result parsed = toml::parse(text, file);
    if (!parsed) {
        const auto& error = parsed.error();
        const auto& begin = error.source().begin;
        const std::string words(error.description());
        mistakes.emplace_back(Place(file, begin.line, begin.column),
                              Said("dette er ikke TOML: " + words, "this is not TOML: " + words),
                              Said("rett denne linjen først; resten av filen er ikke lest",
                                   "mend this line first; the rest of the file was not read"));
        return std::nullopt;
    }
    const std::size_t before = mistakes.size();
    Document document = Converter(file, mistakes).convert(parsed.table());
    if (mistakes.size() != before) {
        return std::nullopt;
    }
    return document;
}

}   // namespace gateway::app
