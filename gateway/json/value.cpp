#include "gateway/json/value.hpp"

#include "gateway/core/assert.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

namespace gateway::json {
namespace {

constexpr std::uint64_t int_max = std::numeric_limits<std::int64_t>::max();

/// A reference token with ~1 and ~0 resolved; none when an escape is broken.
std::optional<std::string> unescape(std::string_view token) {
    std::string name;
    for (std::size_t i = 0; i < token.size(); ++i) {
        if (token[i] != '~') {
            name.push_back(token[i]);
            continue;
        }
        ++i;
        if (i == token.size() || (token[i] != '0' && token[i] != '1')) {
            return std::nullopt;
        }
        name.push_back(token[i] == '0' ? '~' : '/');
    }
    return name;
}

std::optional<std::size_t> array_index(std::string_view token) {
    if (token.empty() || (token.size() > 1 && token.front() == '0')) {
        return std::nullopt;
    }
    std::size_t index = 0;
    const char* const end = token.data() + token.size();
    const auto read = std::from_chars(token.data(), end, index);
    if (read.ec != std::errc{} || read.ptr != end) {
        return std::nullopt;
    }
    return index;
}

}   // namespace

Value::Value(std::uint64_t value) {
    if (value <= int_max) {
        data_ = static_cast<std::int64_t>(value);
    } else {
        data_ = static_cast<double>(value);
    }
}

bool Value::as_bool(bool otherwise) const {
    const auto* value = std::get_if<bool>(&data_);
    return value != nullptr ? *value : otherwise;
}

std::int64_t Value::as_int(std::int64_t otherwise) const {
    const auto* value = std::get_if<std::int64_t>(&data_);
    return value != nullptr ? *value : otherwise;
}

double Value::as_double(double otherwise) const {
    if (const auto* whole = std::get_if<std::int64_t>(&data_)) {
        return static_cast<double>(*whole);
    }
    const auto* value = std::get_if<double>(&data_);
    return value != nullptr ? *value : otherwise;
}

const std::string& Value::as_string() const {
    static const std::string empty;
    const auto* value = std::get_if<std::string>(&data_);
    return value != nullptr ? *value : empty;
}

const Array& Value::items() const {
    static const Array empty;
    const auto* value = std::get_if<Array>(&data_);
    return value != nullptr ? *value : empty;
}

const Object& Value::members() const {
    static const Object empty;
    const auto* value = std::get_if<Object>(&data_);
    return value != nullptr ? *value : empty;
}

const Value* Value::find(std::string_view name) const {
    const auto* members = std::get_if<Object>(&data_);
    if (members == nullptr) {
        return nullptr;
    }
    for (const auto& [member_name, value] : *members) {
        // Most names differ in length or in their last byte.
        if (member_name.size() == name.size() &&
            (name.empty() || (member_name.back() == name.back() && member_name == name))) {
            return &value;
        }
    }
    return nullptr;
}

Value* Value::find(std::string_view name) {
    return const_cast<Value*>(std::as_const(*this).find(name));
}

const Value& Value::operator[](std::string_view name) const {
    static const Value null;
    const Value* value = find(name);
    return value != nullptr ? *value : null;
}

Value& Value::set(std::string_view name, Value value) {
    if (is_null()) {
        data_ = Object{};
    }
    GATEWAY_ASSERT(is_object());
    if (Value* existing = find(name)) {
        *existing = std::move(value);
    } else {
        std::get<Object>(data_).emplace_back(std::string(name), std::move(value));
    }
    return *this;
}

bool Value::remove(std::string_view name) {
    auto* object = std::get_if<Object>(&data_);
    if (object == nullptr) {
        return false;
    }
    const auto place = std::find_if(object->begin(), object->end(),
                                    [name](const Member& member) { return member.first == name; });
    if (place == object->end()) {
        return false;
    }
    object->erase(place);
    return true;
}

Value& Value::push(Value value) {
    mutable_items().push_back(std::move(value));
    return *this;
}

Array& Value::mutable_items() {
    if (is_null()) {
        data_ = Array{};
    }
    GATEWAY_ASSERT(is_array());
    return std::get<Array>(data_);
}

const Value* Value::at(std::string_view pointer) const {
    const Value* here = this;
    while (!pointer.empty() && here != nullptr) {
        if (pointer.front() != '/') {
            return nullptr;
        }
        pointer.remove_prefix(1);
        const std::string_view token = pointer.substr(0, pointer.find('/'));
        pointer.remove_prefix(token.size());
        if (here->is_array()) {
            const auto index = array_index(token);
            const bool there = index && *index < here->items().size();
            here = there ? &here->items()[*index] : nullptr;
        } else {
            const auto name = unescape(token);
            here = name ? here->find(*name) : nullptr;
        }
    }
    return here;
}

std::string pointer_token(std::string_view name) {
    std::string token = "/";
    for (const char c : name) {
        if (c == '~') {
            token += "~0";
        } else if (c == '/') {
            token += "~1";
        } else {
            token.push_back(c);
        }
    }
    return token;
}

}   // namespace gateway::json
