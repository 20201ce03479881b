#pragma once

// Any JSON against the letter's schema: what is found lies where it is said to.

#include "gateway/json/schema.hpp"
#include "gateway/json/utf8.hpp"
#include "message_schemas.hpp"
#include "tests/fuzz/promise.hpp"

namespace fuzz::json_schema {

inline void one_input(const std::uint8_t* data, std::size_t size) {
    namespace json = gateway::json;
    static const json::Schema letter =
        *json::Schema::compile(gateway::validate::embedded::letter_v1);
    const auto value = json::parse(text_of(data, size));
    if (!value) {
        return;
    }
    constexpr std::size_t faults_max = 50;
    const auto faults = letter.check(*value, faults_max);
    promise(faults.size() <= faults_max, "faults are bounded");
    for (const auto& fault : faults) {
        // What is missing is said where it would stand.
        const bool missing = fault.keyword == "required" || fault.keyword == "dependencies";
        const auto place =
            missing ? fault.pointer.substr(0, fault.pointer.rfind('/')) : fault.pointer;
        promise(value->at(place) != nullptr, "a fault's pointer finds its value");
        promise(!fault.keyword.empty(), "a fault has a keyword");
        promise(json::utf8_fault(fault.detail) == std::string::npos, "a detail is UTF-8");
    }
    const auto again = json::parse(json::write(*value));
    promise(again && letter.check(*again, faults_max).size() == faults.size(),
            "the same content has the same faults");
}

}   // namespace fuzz::json_schema
