#include "adapters/fiks_io/arkiv/arkiv_messages.hpp"
#include "adapters/fiks_io/arkiv/arkiv_rules.hpp"
#include "gateway/seal/zip_names.hpp"

#include <algorithm>
#include <set>

namespace gateway::fiks_io::arkiv {
namespace {

using json::Value;

constexpr std::size_t name_bytes_max = 255;

}   // namespace

void check_files(const Value& message, Documents documents, std::string_view payload_name,
                 Problems& problems) {
    std::set<std::string> seen{seal::folded_name(payload_name)};
    for (std::size_t i = 0; i < documents.size(); ++i) {
        const std::string pointer = "/documents/" + std::to_string(i) + "/name";
        const auto& name = documents[i].name;
        const bool is_plain = seal::check_entry_name(name, name_bytes_max).has_value() &&
                              name.find('/') == std::string::npos;
        if (!is_plain) {
            problems.emplace_back(pointer, "archive.file_name_invalid");
        } else if (!seen.insert(seal::folded_name(name)).second) {
            problems.emplace_back(pointer, "archive.file_name_duplicate");
        }
    }
    const auto& stated = message["documents"].items();
    const auto mains = std::count_if(stated.begin(), stated.end(), [](const Value& one) {
        return one["role"].as_string() == "main";
    });
    if (mains > 1) {
        problems.emplace_back("/documents", "archive.main_documents",
                              core::Params{{"count", std::to_string(mains)}});
    }
}

}   // namespace gateway::fiks_io::arkiv
