#include "gateway/scan/clamd_answer.hpp"

namespace gateway::scan {

using ports::Scanned;
using ports::ScanVerdict;

ScanVerdict read_answer(std::string_view answer) {
    constexpr std::string_view begin = "stream: ";
    constexpr std::string_view found = " FOUND";
    constexpr std::size_t name_bytes_max = 200;
    while (!answer.empty() && (answer.back() == '\0' || answer.back() == '\n')) {
        answer.remove_suffix(1);
    }
    if (answer == "stream: OK") {
        return ScanVerdict(Scanned::clean);
    }
    if (answer.starts_with(begin) && answer.ends_with(found)) {
        answer.remove_prefix(begin.size());
        answer.remove_suffix(found.size());
        return ScanVerdict(Scanned::infected, std::string(answer.substr(0, name_bytes_max)));
    }
    if (answer.find("size limit exceeded") != std::string_view::npos) {
        return ScanVerdict(Scanned::too_large);
    }
    return ScanVerdict(Scanned::down);
}

}   // namespace gateway::scan
