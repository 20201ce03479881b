#include "gateway/json/schema.hpp"

#include "gateway/json/schema_checker.hpp"

#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>

#include <algorithm>
#include <set>
#include <stdexcept>

namespace gateway::json {
namespace {

// Schemas are ours or an adapter's: large, deep, but not without bound.
constexpr ParseLimits schema_limits{.bytes_max = 4U << 20U, .depth_max = 64, .values_max = 200'000};

// Each value that a schema holds to compare with has an allocator of its own: of malloc, not a pool
// of 64 KiB, of which an installation has some seventy.
using Read = valijson::adapters::RapidJsonCrt;
using Document = valijson::adapters::AdapterTraits<
    valijson::adapters::GenericRapidJsonAdapter<Read>>::DocumentType;

long depth_of(const SchemaFault& fault) {
    return std::count(fault.pointer.begin(), fault.pointer.end(), '/');
}

/// Deepest first, one for each place.
std::vector<SchemaFault> most_useful(std::vector<SchemaFault> faults, std::size_t faults_max) {
    std::stable_sort(faults.begin(), faults.end(), [](const SchemaFault& a, const SchemaFault& b) {
        return depth_of(a) > depth_of(b);
    });
    std::set<std::string> said;
    std::vector<SchemaFault> chosen;
    for (SchemaFault& fault : faults) {
        if (chosen.size() < faults_max && said.insert(fault.pointer).second) {
            chosen.push_back(std::move(fault));
        }
    }
    return chosen;
}

}   // namespace

struct Schema::Impl {
    valijson::Schema schema;
    SchemaPatterns patterns;
    SchemaWords words;
};

Schema::Schema(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Schema::Schema(Schema&&) noexcept = default;
Schema& Schema::operator=(Schema&&) noexcept = default;
Schema::~Schema() = default;

core::Result<Schema> Schema::compile(std::string_view text) {
    const auto value = parse_or_failure(text, schema_limits);
    if (!value) {
        return core::Failure(core::Errc::malformed, "schema: " + value.error().detail);
    }
    auto impl = std::make_unique<Impl>();
    try {
        impl->patterns.add_all(*value);
        impl->words.add_all(*value);
        Document document;
        document.Parse<rapidjson::kParseIterativeFlag>(text.data(), text.size());
        valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
        parser.populateSchema(valijson::adapters::GenericRapidJsonAdapter<Read>(document),
                              impl->schema);
    } catch (const std::exception& error) {
        return core::Failure(core::Errc::malformed, std::string("schema: ") + error.what());
    }
    return Schema(std::move(impl));
}

std::vector<SchemaFault> Schema::check(const Value& value, std::size_t faults_max) const {
    SchemaWalk walk{impl_->patterns, impl_->words, faults_max};
    std::vector<SchemaFault> faults;
    const SchemaPlace root;
    SchemaChecker checker(walk, value, root, &faults);
    checker.check(*impl_->schema.root());
    return most_useful(std::move(faults), faults_max);
}

}   // namespace gateway::json
