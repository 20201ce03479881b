#pragma once

#include "adapters/altinn_broker/standin/book.hpp"
#include "adapters/common/standin/faults.hpp"
#include "gateway/http/message.hpp"

namespace gateway::altinn_broker::standin {

/// The file, or the one range of it that was asked for. The fault `cut_download` {"after_bytes"}
/// ends the answer there.
http::Response download(Book& book, gateway::standin::Faults& faults, const http::Request& request,
                        const Transfer& transfer);

}   // namespace gateway::altinn_broker::standin
