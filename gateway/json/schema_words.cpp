#include "gateway/json/schema_words.hpp"

#include <algorithm>

namespace gateway::json {
namespace {

// Of a choice between thousands the first are enough to see what is meant.
constexpr std::size_t text_bytes_max = 1'000;
constexpr std::size_t words_max = 2'000;

}   // namespace

void SchemaWords::add_all(const Value& schema) {
    for (const Value& item : schema.items()) {
        add_all(item);
    }
    for (const auto& [keyword, value] : schema.members()) {
        if (keyword == "const" && !value.is_object()) {
            add(value);
        } else if (keyword == "enum" && value.is_array()) {
            for (const Value& word : value.items()) {
                add(word);
            }
        } else {
            add_all(value);   // a member may be called "const": its schema is an object
        }
    }
}

void SchemaWords::add(const Value& word) {
    if (words_.size() < words_max &&
        std::find(words_.begin(), words_.end(), word) == words_.end()) {
        words_.push_back(word);
    }
}

std::string SchemaWords::text_of(const valijson::adapters::FrozenValue& value) const {
    const auto place = std::find_if(words_.begin(), words_.end(), [&value](const Value& word) {
        return Comparable(word).equals(value);
    });
    if (place == words_.end()) {
        return {};
    }
    return place->is_string() ? place->as_string() : write_canonical(*place);
}

std::string SchemaWords::text_of(const valijson::constraints::ConstConstraint& constraint) const {
    return text_of(*constraint.getValue());
}

std::string SchemaWords::text_of(const valijson::constraints::EnumConstraint& constraint) const {
    std::string text;
    constraint.applyToValues([&](const valijson::adapters::FrozenValue& value) {
        if (text.size() > text_bytes_max) {
            text += ", ...";
            return false;
        }
        text += (text.empty() ? "" : ", ") + text_of(value);
        return true;
    });
    return text;
}

}   // namespace gateway::json
