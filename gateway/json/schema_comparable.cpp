#include "gateway/json/schema_comparable.hpp"

namespace gateway::json {
namespace {

rapidjson::Value to_rapidjson(const Value& value, rapidjson::Document::AllocatorType& memory) {
    if (value.is_bool()) {
        return rapidjson::Value(value.as_bool());
    }
    if (value.is_int()) {
        return rapidjson::Value(value.as_int());
    }
    if (value.is_number()) {
        return rapidjson::Value(value.as_double());
    }
    if (value.is_string()) {
        const std::string& text = value.as_string();
        return rapidjson::Value(
            rapidjson::StringRef(text.data(), static_cast<rapidjson::SizeType>(text.size())));
    }
    if (value.is_array()) {
        rapidjson::Value array(rapidjson::kArrayType);
        for (const Value& item : value.items()) {
            array.PushBack(to_rapidjson(item, memory), memory);
        }
        return array;
    }
    if (value.is_object()) {
        rapidjson::Value object(rapidjson::kObjectType);
        for (const auto& [name, member] : value.members()) {
            rapidjson::Value key(
                rapidjson::StringRef(name.data(), static_cast<rapidjson::SizeType>(name.size())));
            object.AddMember(key, to_rapidjson(member, memory), memory);
        }
        return object;
    }
    return {};
}

}   // namespace

Comparable::Comparable(const Value& value) : value_(to_rapidjson(value, memory_)) {}

bool Comparable::equals(const valijson::adapters::FrozenValue& expected) const {
    return expected.equalTo(valijson::adapters::RapidJsonAdapter(value_), true);
}

}   // namespace gateway::json
