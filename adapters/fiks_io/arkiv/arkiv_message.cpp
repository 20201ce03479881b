#include "adapters/fiks_io/arkiv/arkiv_intents.hpp"
#include "adapters/fiks_io/arkiv/arkiv_messages.hpp"
#include "gateway/core/failure.hpp"

namespace gateway::fiks_io::arkiv {
namespace {

std::string xml_of(const json::Value& message, Documents documents, const Origin& origin) {
    switch (*intent_of(message)) {
    case Intent::create:
    case Intent::by_id:
    case Intent::by_external_key:
    case Intent::search_or_create: return create_xml(message, documents, origin);
    case Intent::update:
    case Intent::close: return update_xml(message, origin);
    case Intent::new_version: return new_version_xml(message, documents);
    case Intent::follow_up: return follow_up_xml(message, origin);
    case Intent::take_back: return take_back_xml(message);
    case Intent::search: return search_xml(message, origin);
    case Intent::fetch_case: return fetch_case_xml(message, origin);
    case Intent::fetch_record: return fetch_record_xml(message, origin);
    case Intent::fetch_file: return fetch_file_xml(message, origin);
    }
    return {};
}

}   // namespace

core::Result<Outgoing> message_of(const json::Value& message, Documents documents,
                                  const Origin& origin) {
    if (const auto problems = check(message, documents); !problems.empty()) {
        return core::Failure(core::Errc::invalid_argument, problems.front().code.value);
    }
    if (message["documents"].items().size() != documents.size()) {
        return core::Failure(core::Errc::invalid_argument, "the message has other documents");
    }
    if (origin.system.empty() || origin.message_id.empty()) {
        return core::Failure(core::Errc::invalid_argument, "no system or message id");
    }
    const IntentFacts& facts = facts_of(*intent_of(message));
    Outgoing made;
    made.message_type = std::string(protocol) + "." + std::string(facts.message_type);
    made.payload_name = std::string(facts.payload_name);
    made.payload = xml_of(message, documents, origin);
    for (std::size_t i = 0; i < documents.size(); ++i) {
        made.documents.emplace_back(i, documents[i].name);
    }
    return made;
}

}   // namespace gateway::fiks_io::arkiv
