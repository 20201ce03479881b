#pragma once

// Messages and answers of an archive, for tests.

#include "adapters/fiks_io/arkiv/arkiv.hpp"

#include <string>
#include <vector>

namespace tests::arkiv {

namespace json = gateway::json;
namespace core = gateway::core;
namespace fiks = gateway::fiks_io::arkiv;

json::Value parse(const std::string& text);
/// An example of the message type, by its name without ending.
json::Value example(const std::string& name);

/// The message's documents as the gateway hands them on: with sizes and hashes.
std::vector<core::DocumentRef> documents_of(const json::Value& message);

fiks::Origin origin();
/// Fails the test when the message is refused.
fiks::Outgoing made(const json::Value& message);
/// "pointer code", in the order found.
std::vector<std::string> problems(const json::Value& message);

/// The text of the first element of that name, prefix and all; "(none)" without one.
std::string text_in(const std::string& xml, const std::string& element);

/// An answer's payload: the root with its namespace, and what is inside.
std::string payload(const std::string& root, const std::string& space, const std::string& inside);

}   // namespace tests::arkiv
