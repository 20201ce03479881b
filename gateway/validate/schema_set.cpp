#include "gateway/validate/schema_set.hpp"

#include "gateway/json/schema.hpp"
#include "gateway/json/schema_problem.hpp"
#include "message_schemas.hpp"

#include <array>
#include <map>
#include <utility>

namespace gateway::validate {
namespace {

class EmbeddedSchemas final : public ports::SchemaSet {
public:
    void add(std::string type, json::Schema schema) {
        schemas_.emplace(std::move(type), std::move(schema));
    }

    bool knows(std::string_view type) const override {
        return schemas_.find(type) != schemas_.end();
    }

    std::vector<core::Problem> check(std::string_view type,
                                     const json::Value& message) const override {
        std::vector<core::Problem> problems;
        for (const auto& fault : schemas_.find(type)->second.check(message)) {
            problems.push_back(json::problem_of(fault));
        }
        return problems;
    }

private:
    std::map<std::string, json::Schema, std::less<>> schemas_;
};

}   // namespace

core::Result<std::unique_ptr<ports::SchemaSet>> make_schema_set() {
    auto set = std::make_unique<EmbeddedSchemas>();
    const std::array<std::pair<const char*, std::string_view>, 5> embedded_schemas{{
        {"archive/v1", embedded::archive_v1},
        {"letter/v1", embedded::letter_v1},
        {"prefill/v1", embedded::prefill_v1},
        {"protocol/v1", embedded::protocol_v1},
        {"transfer/v1", embedded::transfer_v1},
    }};
    for (const auto& [type, text] : embedded_schemas) {
        auto schema = json::Schema::compile(text);
        if (!schema) {
            return schema.error();
        }
        set->add(type, std::move(*schema));
    }
    return std::unique_ptr<ports::SchemaSet>(std::move(set));
}

}   // namespace gateway::validate
