#pragma once

// What the service answers with: overviews and details in the shapes of the derived document.

#include "adapters/altinn/standin/book.hpp"

namespace gateway::altinn::standin {

json::Value attachment_view(const Book& book, const Attachment& attachment, bool details);
json::Value correspondence_view(Book& book, const Correspondence& correspondence);
json::Value correspondence_details(Book& book, const Correspondence& correspondence);
/// For an auditor: identity, key, recipient, status, and each file's digest.
json::Value audit_view(Book& book, const Correspondence& correspondence);

}   // namespace gateway::altinn::standin
