#include "gateway/seal/finding.hpp"

#include <stdexcept>

namespace gateway::seal {

void throw_exception_from_error(const Finding& finding, const boost::source_location&) {
    throw std::runtime_error(finding.code.value);
}

}   // namespace gateway::seal
