#pragma once

// The flattened names of the multipart call, as ASP.NET binds them:
// "Correspondence.Content.Attachments[0].FileName", "correspondence.propertyList[saksnummer]",
// "Recipients[0]" or a repeated "Recipients".

#include "adapters/common/standin/http_tools.hpp"

namespace gateway::altinn::standin {

/// Member by name, compared without case: the service reads JSON so. Null when absent.
const json::Value& get(const json::Value& object, std::string_view name);

/// The fields as the JSON body of the other call. Lists end at the first index that is missing;
/// empty texts are null.
json::Value unflatten(const gateway::standin::Fields& fields);

}   // namespace gateway::altinn::standin
